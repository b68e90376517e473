"""Dropout: in training, chance switches units off."""

from __future__ import annotations

import numpy as np

from ..tensor import Tensor
from .module import Module


class Dropout(Module):
    """In training, zeroes each element with probability ``p`` and divides the rest by 1 − p, so that the expected
    output is the input (Srivastava et al. 2014); after ``eval()`` it passes everything.

    ``rng`` draws; left out, NumPy's global generator does. Raises ValueError for p outside [0, 1).
    """

    def __init__(self, p: float = 0.5, rng: np.random.Generator | None = None) -> None:
        if not 0 <= p < 1:
            raise ValueError(f"p must be at least 0 and below 1, got {p!r}.")
        self.p, self.rng = p, rng

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        kept = (self.rng or np.random).uniform(size=x.shape) >= self.p
        return x * (kept / (1 - self.p))

    def __str__(self) -> str:
        return f"Dropout({self.p:g})"
