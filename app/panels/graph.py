"""Graph: what one training step computes from what, with values and gradients."""

from app.panels.panel import Panel
from nnprobe_core.training.graph import MAX_HIDDEN, MAX_UNITS, SHOWN

PANEL = Panel(
    name="graph",
    title="Graph",
    help="The computation graph of the training step that comes next, as the autograd library builds it: forward from "
    "left to right, from the batch x to the loss, and then back, gradient by gradient. Parameters are above the chain, "
    "targets and constants below. Each tensor is a tile of its first rows and columns, with its gradient beneath it; "
    "resting on one shows its numbers and what its operation does.",
    meta={"layers": MAX_HIDDEN, "units": MAX_UNITS, "shown": SHOWN},
)
