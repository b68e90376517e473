"""Fates: the decision boundaries of up to 64 networks side by side, on one clock."""

from app.panels.panel import Panel

PANEL = Panel(
    name="fates",
    title="Fates",
    help="The decision boundaries of the sweep's first networks, up to 64, alive on one clock and sorted by test "
    "accuracy. The bar below each goes from chance to all right, and is bright from 99 % on. A click opens that "
    "network in the Lab.",
    shape="square",
)
