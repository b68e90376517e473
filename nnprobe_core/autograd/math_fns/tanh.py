"""tanh x."""

from __future__ import annotations

import numpy as np

from .function import Array, Function
from .sigmoid import logistic


class Tanh(Function):
    """tanh x; tanh′ = 1 − tanh² = (1 + |tanh|)(1 − |tanh|), where 1 − |tanh x| is 2σ(−2|x|): that is not 0 where tanh x
    has rounded to 1.
    """

    def forward(self) -> Array:
        (x,) = self.args
        self.result: Array = np.tanh(x.data)
        return self.result

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        rest = 2 * logistic(-2 * np.abs(x.data))
        return (grad * (1 + np.abs(self.result)) * rest,)
