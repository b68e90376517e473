"""Gradients: how much of the loss's signal reaches each layer."""

from app.panels.panel import Panel
from nnprobe_core.probes.verdict import VERDICTS

PANEL = Panel(
    name="gradients",
    title="Gradients",
    probe="gradients",
    help="The signal δ of every layer: the root mean square over the training points of ‖∂ℓ/∂h‖, on a log axis. Near "
    "the optimum all layers shrink together; a network whose gradients vanish has first layers that lie far below "
    "the last while the loss stays where it was.",
    meta={"verdicts": [VERDICTS[code] for code in sorted(VERDICTS)]},
)
