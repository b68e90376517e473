"""a + b."""

from __future__ import annotations

import numpy as np

from ..buffers import into_buffer
from .function import Array, Function, unbroadcast


class Add(Function):
    """a + b, broadcasting. Both derivatives are 1: the gradient passes unchanged to either side."""

    def forward(self) -> Array:
        a, b = self.args
        return into_buffer(np.add, a.data, b.data)

    def backward(self, grad: Array) -> tuple[Array, Array]:
        a, b = self.args
        return unbroadcast(grad, a.shape), unbroadcast(grad, b.shape)
