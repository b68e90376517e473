"""a · b."""

from __future__ import annotations

from .function import Array, Function, unbroadcast


class Mul(Function):
    """a · b element by element, broadcasting. ∂(ab)/∂a = b and ∂(ab)/∂b = a."""

    def forward(self) -> Array:
        a, b = self.args
        return a.data * b.data

    def backward(self, grad: Array) -> tuple[Array | None, Array | None]:
        a, b = self.args
        return (
            unbroadcast(grad * b.data, a.shape) if self.wanted[0] else None,
            unbroadcast(grad * a.data, b.shape) if self.wanted[1] else None,
        )
