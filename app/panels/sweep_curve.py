"""Accuracy against the setting that is varied, over seeds."""

from app.panels.panel import Panel

PANEL = Panel(
    name="sweep_curve",
    title="Accuracy",
    help="Every network is a dot, a full one once it is done. The line is the mean over seeds, the bar behind it goes "
    "from the lowest to the highest; each value of a second setting has a line of its own. A click on a dot opens that "
    "network in the Lab, which trains it again and shows every layer.",
)
