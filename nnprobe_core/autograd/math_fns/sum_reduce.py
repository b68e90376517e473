"""The sum over axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .function import Array, Function

if TYPE_CHECKING:
    from ..tensor import Tensor


class SumReduce(Function):
    """The sum over ``axis``: None (all of them), an integer or a tuple of integers, negative from the end; added up in
    float64.

    Every summand has derivative 1, so the gradient is copied back along the axes that were summed.
    """

    def __init__(self, x: Tensor, *, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> None:
        super().__init__(x)
        self.axis, self.keepdims = axis, keepdims

    def forward(self) -> Array:
        (x,) = self.args
        return np.asarray(x.data.sum(axis=self.axis, keepdims=self.keepdims, dtype=np.float64), x.dtype)

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        if self.axis is not None and not self.keepdims:
            grad = np.expand_dims(grad, self.axis)
        return (np.broadcast_to(grad, x.shape),)  # a view, no copy
