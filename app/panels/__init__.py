"""The panels of the stage, in their order, which numbers them. A new one is a file here, a line below and a script."""

from app.panels import attack, boundary, displacement, gradients, graph, layers, loss, separation, spectrum
from app.panels.panel import Panel

PANELS: tuple[Panel, ...] = (
    boundary.PANEL,
    layers.PANEL,
    loss.PANEL,
    spectrum.PANEL,
    separation.PANEL,
    gradients.PANEL,
    displacement.PANEL,
    attack.PANEL,
    graph.PANEL,
)

__all__ = ["PANELS", "Panel"]
