"""The logarithm of softmax."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .function import Array, Function

if TYPE_CHECKING:
    from ..tensor import Tensor


class LogSoftmax(Function):
    """x − log Σ eˣ along ``axis``: exact where softmax itself would have rounded to 0.

    With p the softmax and g the gradient: g − p Σ g.
    """

    def __init__(self, x: Tensor, *, axis: int = -1) -> None:
        super().__init__(x)
        self.axis = axis

    def forward(self) -> Array:
        (x,) = self.args
        shifted = x.data - x.data.max(axis=self.axis, keepdims=True)
        powers = np.exp(shifted)
        total = powers.sum(axis=self.axis, keepdims=True)
        self.probabilities = powers / total
        return np.asarray(shifted - np.log(total))

    def backward(self, grad: Array) -> tuple[Array]:
        return (grad - self.probabilities * grad.sum(axis=self.axis, keepdims=True),)
