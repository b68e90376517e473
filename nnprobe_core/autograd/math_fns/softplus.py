"""log(1 + eˣ)."""

from __future__ import annotations

import numpy as np

from .function import Array, Function
from .sigmoid import logistic


class Softplus(Function):
    """log(1 + eˣ), a smooth max(x, 0), computed so that no x overflows; its derivative is σ(x)."""

    def forward(self) -> Array:
        (x,) = self.args
        return np.asarray(np.logaddexp(x.data, 0))

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        return (grad * logistic(x.data),)
