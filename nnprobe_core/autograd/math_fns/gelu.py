"""x · Φ(x)."""

from __future__ import annotations

import math

import numpy as np

from .function import Array, Function


class GELU(Function):
    """x · Φ(x), Φ being the normal distribution function: exact, not the tanh form (Hendrycks & Gimpel 2016).

    (xΦ)′ = Φ + xφ with the normal density φ. Computed in float64, for e to the power of −x²/2 multiplies the rounding
    of x² by the exponent.
    """

    def forward(self) -> Array:
        from scipy.special import ndtr  # Φ, which NumPy lacks; no other operation needs SciPy

        (x,) = self.args
        self.phi = ndtr(x.data.astype(np.float64))
        return np.asarray(x.data * self.phi, x.dtype)

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        density = math.sqrt(0.5 / math.pi) * np.exp(-0.5 * np.square(x.data, dtype=np.float64))
        return (np.asarray(grad * (self.phi + x.data * density), grad.dtype),)
