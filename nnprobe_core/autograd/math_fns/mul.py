"""a · b."""

from __future__ import annotations

import numpy as np

from ..buffers import into_buffer
from .function import Array, Function, unbroadcast


class Mul(Function):
    """a · b element by element, broadcasting. ∂(ab)/∂a = b and ∂(ab)/∂b = a."""

    def forward(self) -> Array:
        a, b = self.args
        return into_buffer(np.multiply, a.data, b.data)

    def backward(self, grad: Array) -> tuple[Array | None, Array | None]:
        a, b = self.args
        return (
            unbroadcast(into_buffer(np.multiply, grad, b.data), a.shape) if self.wanted[0] else None,
            unbroadcast(into_buffer(np.multiply, grad, a.data), b.shape) if self.wanted[1] else None,
        )
