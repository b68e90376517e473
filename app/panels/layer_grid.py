"""Layers over time: effect sizes of every layer at every stage of training."""

from app.panels.panel import Panel

PANEL = Panel(
    name="layer_grid",
    number=2,
    title="Layers over time",
    help="Effect sizes of every layer at every stage of training.",
)
