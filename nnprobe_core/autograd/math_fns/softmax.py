"""Softmax: numbers to probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .function import Array, Function

if TYPE_CHECKING:
    from ..tensor import Tensor


class Softmax(Function):
    """eˣ / Σ eˣ along ``axis``. The largest x is taken off first, which changes nothing and keeps eˣ from overflowing.

    With p the result and g its gradient: p (g − Σ g p), in float64, where a p of nearly 1 still differs from it.
    """

    def __init__(self, x: Tensor, *, axis: int = -1) -> None:
        super().__init__(x)
        self.axis = axis

    def forward(self) -> Array:
        (x,) = self.args
        powers = np.exp(x.data - x.data.max(axis=self.axis, keepdims=True), dtype=np.float64)
        self.result = powers / powers.sum(axis=self.axis, keepdims=True)
        return np.asarray(self.result, x.dtype)

    def backward(self, grad: Array) -> tuple[Array]:
        mean = (grad * self.result).sum(axis=self.axis, keepdims=True)
        return (np.asarray(self.result * (grad - mean), grad.dtype),)
