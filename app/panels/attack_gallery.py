"""Examples: inputs before and after the attack, with the confidence of the network."""

from app.panels.panel import Panel

PANEL = Panel(
    name="attack_gallery",
    number=2,
    title="Examples",
    help="Inputs before and after the attack, with the confidence of the network.",
)
