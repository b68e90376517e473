"""Softmax as a module."""

from __future__ import annotations

from .. import tensor_fns as F
from ..tensor import Tensor
from .module import Module


class Softmax(Module):
    """Logits (…, classes) to probabilities along ``axis``. A model that CELoss trains needs none: it takes logits."""

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        return F.softmax(x, self.axis)
