"""Linear: x W + b, and an activation."""

from __future__ import annotations

import math

import numpy as np

from ..math_fns import Array
from ..tensor import Tensor
from ..tensor_fns import ACTIVATIONS, mat_mul
from .module import Module


class Linear(Module):
    """One layer of a multilayer perceptron: (B, in_dim) → (B, out_dim).

    Parameters
    ----------
    in_dim, out_dim : int
    activation_fn : str
        relu, none or any other name in :data:`~nnprobe_core.autograd.tensor_fns.ACTIVATIONS`.
    rng : numpy.random.Generator, optional
        Draws the first weights; left out, NumPy's global generator does, which ``seeded_random`` seeds.

    Attributes
    ----------
    weight : Tensor (in_dim, out_dim)
    bias : Tensor (1, out_dim)
        Both drawn from U(±√(1 / in_dim)), as PyTorch's.

    Raises ValueError for an unknown activation.
    """

    def __init__(
        self, in_dim: int, out_dim: int, activation_fn: str = "relu", rng: np.random.Generator | None = None
    ) -> None:
        if activation_fn not in ACTIVATIONS:
            raise ValueError(f"activation_fn must be one of {', '.join(ACTIVATIONS)}, got {activation_fn!r}.")
        self.in_dim, self.out_dim, self.activation_fn = in_dim, out_dim, activation_fn
        scale = math.sqrt(1 / in_dim)
        self.weight = Tensor(self.init_parameter((in_dim, out_dim), scale, rng), requires_grad=True)
        self.bias = Tensor(self.init_parameter((1, out_dim), scale, rng), requires_grad=True)

    @staticmethod
    def init_parameter(shape: tuple[int, ...], scale: float, rng: np.random.Generator | None = None) -> Array:
        """Numbers from U(±scale)."""
        return (rng or np.random).uniform(-scale, scale, shape)

    def forward(self, x: Tensor) -> Tensor:
        return ACTIVATIONS[self.activation_fn](mat_mul(x, self.weight) + self.bias)

    def __str__(self) -> str:
        return f"Linear({self.in_dim}, {self.out_dim}, activation_fn={self.activation_fn!r})"
