"""−x."""

from __future__ import annotations

from .function import Array, Function


class Neg(Function):
    """−x; a − b is a + (−b)."""

    def forward(self) -> Array:
        (x,) = self.args
        return -x.data

    def backward(self, grad: Array) -> tuple[Array]:
        return (-grad,)
