"""Accuracy under attack: accuracy against the strength of the attack, beside random noise of the same size."""

from app.panels.panel import Panel

PANEL = Panel(
    name="attack_curve",
    number=1,
    title="Accuracy under attack",
    help="Accuracy against the strength of the attack, beside random noise of the same size.",
)
