"""tanh x."""

from __future__ import annotations

import numpy as np

from .function import Array, Function


class Tanh(Function):
    """tanh x; tanh′ = 1 − tanh²."""

    def forward(self) -> Array:
        (x,) = self.args
        self.result: Array = np.tanh(x.data)
        return self.result

    def backward(self, grad: Array) -> tuple[Array]:
        return (grad * (1 - self.result * self.result),)
