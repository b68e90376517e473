"""Gallery: the same examples at every size of the attack."""

from app.panels.panel import Panel

PANEL = Panel(
    name="attack_gallery",
    title="Adversaries",
    shape="tall",
    width=3,
    height=1.3,
    help="Of each picture the original, its adversary at this ε, and their difference, magnified so that a change by ε "
    "has full colour; below, the class and confidence before and after, in colour where they differ. In the plane: "
    "the way of each test point, with the network's classes behind it.",
)
