"""Layers: where each layer puts every point."""

from app.panels.panel import Panel

PANEL = Panel(
    name="layers",
    title="Layers",
    probe="mapping",
    shape="tall",
    width=2.4,
    height=1.3,
    help="One plot a layer, input first: where it puts every training point. A layer of two units is shown as it is, "
    "one of three can be turned by dragging, a wider one by its main plane (the two main components, with the share of "
    "variance they keep). The probe is a linear classifier's accuracy on test points at that layer. Click a point to "
    "follow it through every layer.",
)
