"""Stress: accuracy under noise on the test points, and under attack."""

from app.panels.panel import Panel

PANEL = Panel(
    name="sweep_stress",
    number=3,
    title="Stress",
    help="Accuracy under noise on the test points, and under attack.",
)
