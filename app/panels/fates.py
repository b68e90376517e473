"""Fates: the decision boundaries of up to 64 networks side by side, on one clock."""

from app.panels.panel import Panel

PANEL = Panel(
    name="fates",
    number=4,
    title="Fates",
    help="The decision boundaries of up to 64 networks side by side, on one clock.",
)
