"""Displacement: how far a layer of two units moves each point."""

from app.panels.panel import Panel

PANEL = Panel(
    name="displacement",
    title="Displacement",
    probe="mapping",
    help="For layers of two units: how far each point is moved, ‖h(x) − x‖, against how far from the origin it was, "
    "‖x‖. It changes when units are renumbered, which the network's function does not.",
)
