"""Two classes: their points in the joint main plane of each layer."""

from app.panels.panel import Panel

PANEL = Panel(
    name="pca",
    title="Two classes",
    help="Points of two classes in the plane of their two main components (PCA of both together), layer by layer, and "
    "the share of variance that plane keeps. It checks the figure by eye, and may show overlap where more dimensions "
    "have none. Turned onto the stage before, so that all motion is the points'.",
    shape="tall",
)
