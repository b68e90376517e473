"""Accuracy under noise on the test points, and under attack."""

from app.panels.panel import Panel

PANEL = Panel(
    name="sweep_stress",
    title="Stress",
    help="Test accuracy when points are moved: by noise of up to ±s along each axis, and by ε along each axis in the "
    "direction that hurts the network most (FGSM, Goodfellow et al. 2015). Beyond half the distance of the arms an "
    "“error” under attack may be right: the point has crossed to the other class.",
)
