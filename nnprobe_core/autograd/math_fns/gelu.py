"""x · Φ(x)."""

from __future__ import annotations

import math

import numpy as np

from .function import Array, Function


class GELU(Function):
    """x · Φ(x), Φ being the normal distribution function: exact, not the tanh form (Hendrycks & Gimpel 2016).

    (xΦ)′ = Φ + xφ with the normal density φ.
    """

    def forward(self) -> Array:
        (x,) = self.args
        self.phi = 0.5 * (1 + _erf(math.sqrt(0.5) * x.data))
        return np.asarray(x.data * self.phi)

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        density = math.sqrt(0.5 / math.pi) * np.exp(-0.5 * x.data * x.data)
        return (grad * (self.phi + x.data * density),)


def _erf(x: Array) -> Array:
    # NumPy has no error function; the standard library's is exact, if one number at a time.
    return np.fromiter(map(math.erf, x.ravel().tolist()), x.dtype, x.size).reshape(x.shape)
