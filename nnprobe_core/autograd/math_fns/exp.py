"""eˣ."""

from __future__ import annotations

import numpy as np

from .function import Array, Function


class Exp(Function):
    """eˣ, its own derivative: what forward computed is what backward needs."""

    def forward(self) -> Array:
        (x,) = self.args
        self.result: Array = np.exp(x.data)
        return self.result

    def backward(self, grad: Array) -> tuple[Array]:
        return (grad * self.result,)
