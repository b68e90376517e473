"""x · σ(x)."""

from __future__ import annotations

from .function import Array, Function
from .sigmoid import logistic


class SiLU(Function):
    """x · σ(x), also called swish (Elfwing et al. 2018); (xσ)′ = σ + xσ (1 − σ), where 1 − σ(x) is σ(−x)."""

    def forward(self) -> Array:
        (x,) = self.args
        self.sigma = logistic(x.data)
        return x.data * self.sigma

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        return (grad * self.sigma * (1 + x.data * logistic(-x.data)),)
