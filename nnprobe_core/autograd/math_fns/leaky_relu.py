"""x above 0, a fraction of it below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .function import Array, Function

if TYPE_CHECKING:
    from ..tensor import Tensor


class LeakyReLU(Function):
    """x above 0 and ``slope`` · x below (Maas et al. 2013); at 0 the middle of both derivatives, (1 + slope) / 2."""

    def __init__(self, x: Tensor, *, slope: float = 0.01) -> None:
        super().__init__(x)
        self.slope = slope

    def forward(self) -> Array:
        (x,) = self.args
        return np.asarray(np.where(x.data > 0, x.data, self.slope * x.data))

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        above, rest = 0.5 * (1 - self.slope), self.slope
        return (grad * (above * ((x.data > 0).astype(grad.dtype) + (x.data >= 0)) + rest),)
