"""Decision boundary: the plane as the network sees it."""

from app.panels.panel import Panel

PANEL = Panel(
    name="boundary",
    title="Decision boundary",
    short="Boundary",
    probe="boundary",
    shape="square",
    width=1.3,
    height=1.3,
    help="Every place of the plane in the colour of the class the network gives it, paler where it is less sure; the "
    "line is where two classes are equally likely. Far from any training point the colours fade: there the network's "
    "confidence says little.",
)
