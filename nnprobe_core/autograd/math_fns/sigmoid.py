"""The logistic function."""

from __future__ import annotations

import numpy as np

from .function import Array, Function


def logistic(x: Array) -> Array:
    """1 / (1 + e⁻ˣ), which below 0 is eˣ / (1 + eˣ): so no power overflows, and small results keep all their digits."""
    power = np.exp(-np.abs(x))
    return np.asarray(np.where(x < 0, power, 1) / (1 + power))


class Sigmoid(Function):
    """σ(x) = 1 / (1 + e⁻ˣ); σ′ = σ (1 − σ), where 1 − σ(x) is σ(−x): that is not 0 where σ(x) has rounded to 1."""

    def forward(self) -> Array:
        (x,) = self.args
        self.result = logistic(x.data)
        return self.result

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        return (grad * self.result * logistic(-x.data),)
