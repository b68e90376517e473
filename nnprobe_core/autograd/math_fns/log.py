"""log x."""

from __future__ import annotations

import numpy as np

from .function import Array, Function


class Log(Function):
    """The natural logarithm; (log x)′ = 1/x."""

    def forward(self) -> Array:
        (x,) = self.args
        return np.asarray(np.log(x.data))

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        return (grad / x.data,)
