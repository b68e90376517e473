"""1 / x."""

from __future__ import annotations

from .function import Array, Function


class Inv(Function):
    """1 / x; a / b is a · (1 / b). (1/x)′ = −1/x²."""

    def forward(self) -> Array:
        (x,) = self.args
        self.result = 1 / x.data
        return self.result

    def backward(self, grad: Array) -> tuple[Array]:
        return (-grad * self.result * self.result,)
