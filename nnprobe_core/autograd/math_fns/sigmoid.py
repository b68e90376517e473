"""The logistic function."""

from __future__ import annotations

import numpy as np

from .function import Array, Function


def logistic(x: Array) -> Array:
    """1 / (1 + e⁻ˣ), written with tanh so that no x overflows."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * x))


class Sigmoid(Function):
    """σ(x) = 1 / (1 + e⁻ˣ); σ′ = σ (1 − σ)."""

    def forward(self) -> Array:
        (x,) = self.args
        self.result = logistic(x.data)
        return self.result

    def backward(self, grad: Array) -> tuple[Array]:
        return (grad * self.result * (1 - self.result),)
