"""Class pairs: histograms of the separation of every pair of classes, by layer, before and after training."""

from app.panels.panel import Panel

PANEL = Panel(
    name="pairs",
    number=1,
    title="Class pairs",
    help="Histograms of the separation of every pair of classes, by layer, before and after training.",
)
