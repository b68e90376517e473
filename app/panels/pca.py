"""Two classes: two classes in the main plane of each layer."""

from app.panels.panel import Panel

PANEL = Panel(
    name="pca",
    number=3,
    title="Two classes",
    help="Two classes in the main plane of each layer.",
)
