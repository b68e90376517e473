"""Transitions: which class is taken for which under attack."""

from app.panels.panel import Panel

PANEL = Panel(
    name="attack_transitions",
    number=3,
    title="Transitions",
    help="Which class is taken for which under attack.",
)
