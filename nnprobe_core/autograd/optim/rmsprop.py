"""RMSprop: each step divided by the gradient's recent size."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..math_fns import Array
from ..tensor import Tensor
from .optimizer import Optimizer


class RMSprop(Optimizer):
    """p ← p − lr · g / (√s + eps), with a running mean s of g² (Tieleman & Hinton 2012, as torch.optim.RMSprop)."""

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 1e-2,
        weight_decay: float = 0.0,
        alpha: float = 0.99,
        eps: float = 1e-8,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        self.alpha, self.eps = alpha, eps
        self._square: dict[int, Array] = {}

    def step(self) -> None:
        for index, parameter, grad in self._gradients():
            self._square[index] = self.alpha * self._square.get(index, 0) + (1 - self.alpha) * grad * grad
            parameter.data = parameter.data - self.lr * grad / (np.sqrt(self._square[index]) + self.eps)
