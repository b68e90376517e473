"""Loss: how far predictions are from their targets."""

from __future__ import annotations

from ..tensor import Tensor
from ..tensor_fns import reduce
from .module import Module


class Loss(Module):
    """Called with (prediction_logits, target).

    ``reduce``: answer with the mean over the batch, a scalar; else with one loss for each (B,).
    """

    def __init__(self, reduce: bool = True) -> None:
        self.reduce = reduce

    def forward(self, prediction_logits: Tensor, target: Tensor) -> Tensor:
        """The loss of logits (B,) or (B, classes) against ``target``."""
        raise NotImplementedError(f"{type(self).__name__} has no forward yet.")

    def _reduced(self, losses: Tensor) -> Tensor:
        return reduce(losses) if self.reduce else losses
