"""The larger of a and b."""

from __future__ import annotations

import numpy as np

from .function import Array, Function, unbroadcast


class Max(Function):
    """The larger of a and b element by element, broadcasting; the gradient goes to the larger.

    Where they tie it is shared, half to each: the middle of the two one-sided derivatives.
    """

    def forward(self) -> Array:
        a, b = self.args
        return np.asarray(np.maximum(a.data, b.data))

    def backward(self, grad: Array) -> tuple[Array, Array]:
        a, b = self.args
        half = 0.5 * grad
        to_a = half * np.greater(a.data, b.data) + half * np.greater_equal(a.data, b.data)
        return unbroadcast(to_a, a.shape), unbroadcast(grad - to_a, b.shape)
