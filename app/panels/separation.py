"""Separation: by neighbours and by a line, two different things."""

from app.panels.panel import Panel

PANEL = Panel(
    name="separation",
    title="Separation",
    probe="separation",
    help="Left: Henze-Penrose values per layer, the separation visible to neighbours (1: no neighbour of another "
    "class; 0: one distribution), now in colour above the line, before training in grey below it. Right: test accuracy "
    "of a linear probe at that layer with its 95 % Wilson interval; the grey tick is what it gets with shuffled "
    "labels in the mean, the grey bar what 95 % of shuffles lie between: where a layer has drawn the points into few "
    "clusters, one shuffle gets nearly none or nearly all of them right. Separation by neighbours can be near 1 where "
    "no line separates anything.",
)
