"""sin x."""

from __future__ import annotations

import numpy as np

from .function import Array, Function


class Sine(Function):
    """sin x (Sitzmann et al. 2020); sin′ = cos."""

    def forward(self) -> Array:
        (x,) = self.args
        return np.asarray(np.sin(x.data))

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        return (grad * np.cos(x.data),)
