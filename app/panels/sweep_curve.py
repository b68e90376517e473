"""Accuracy: test accuracy against the setting that is varied, with the spread over seeds."""

from app.panels.panel import Panel

PANEL = Panel(
    name="sweep_curve",
    number=1,
    title="Accuracy",
    help="Test accuracy against the setting that is varied, with the spread over seeds.",
)
