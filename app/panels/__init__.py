"""The panels of the stage, in their order, which numbers them. A new one is a file here, a line below and a script."""

from importlib import import_module

from app.panels.panel import Panel

NAMES: tuple[str, ...] = (
    "boundary",
    "layers",
    "loss",
    "spectrum",
    "separation",
    "gradients",
    "displacement",
    "attack",
    "graph",
)

PANELS: tuple[Panel, ...] = tuple(import_module(f"app.panels.{name}").PANEL for name in NAMES)

__all__ = ["PANELS", "Panel"]
