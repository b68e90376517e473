"""Transitions: from which class to which the attack leads."""

from app.panels.panel import Panel

PANEL = Panel(
    name="attack_transitions",
    title="Transitions",
    shape="square",
    help="Each row is the class that the network gives a point before the attack, each column the one after: how many "
    "points went from here to there. On the diagonal are those that withstood.",
)
