"""Tests: permutation tests of what training and what each layer does."""

from app.panels.panel import Panel

PANEL = Panel(
    name="tests",
    number=4,
    title="Tests",
    help="Permutation tests of what training and what each layer does.",
)
