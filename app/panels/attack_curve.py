"""Accuracy under attack: accuracy against the strength of the attack, beside random noise of the same size."""

from app.panels.panel import Panel

PANEL = Panel(
    name="attack_curve",
    title="Accuracy under attack",
    short="Accuracy",
    help="Left: accuracy while the network learns. Right: accuracy on test points against the size ε of the change, "
    "under attack and under random noise of the same size (dashed), and how sure the network is of what it then says "
    "(dotted). Grey: ε at which the true midline between two arms of a spiral is reached for a tenth of the points.",
)
