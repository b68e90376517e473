"""The logarithm of softmax."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .function import Array, Function

if TYPE_CHECKING:
    from ..tensor import Tensor


class LogSoftmax(Function):
    """x − log Σ eˣ along ``axis``: exact where softmax itself would have rounded to 0 or 1.

    With the largest x taken off, its power is 1, and log Σ eˣ = log(1 + the others): log1p, which keeps the others
    however small they are. With p the softmax and g the gradient: g − p Σ g, in float64.
    """

    def __init__(self, x: Tensor, *, axis: int = -1) -> None:
        super().__init__(x)
        self.axis = axis

    def forward(self) -> Array:
        (x,) = self.args
        wide = x.data.astype(np.float64)
        largest = wide.argmax(axis=self.axis, keepdims=True)
        shifted = wide - np.take_along_axis(wide, largest, self.axis)
        others = np.exp(shifted)
        np.put_along_axis(others, largest, 0, self.axis)
        result = shifted - np.log1p(others.sum(axis=self.axis, keepdims=True))
        self.probabilities = np.exp(result)
        return np.asarray(result, x.dtype)

    def backward(self, grad: Array) -> tuple[Array]:
        return (np.asarray(grad - self.probabilities * grad.sum(axis=self.axis, keepdims=True), grad.dtype),)
