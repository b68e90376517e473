"""Adam and AdamW: steps as long as the gradient is steady."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from ..math_fns import Array
from ..tensor import Tensor
from .optimizer import Optimizer


class Adam(Optimizer):
    """p ← p − lr · m̂ / (√v̂ + eps), with running means m of the gradient and v of its square, each corrected for
    having started at 0 (Kingma & Ba 2015, algorithm 1; weight decay as torch.optim.Adam's, part of the gradient).
    """

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 1e-3,
        weight_decay: float = 0.0,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        self.betas, self.eps = betas, eps
        self._mean: dict[int, Array] = {}
        self._square: dict[int, Array] = {}
        self._steps: dict[int, int] = {}

    def step(self) -> None:
        beta1, beta2 = self.betas
        for index, parameter, grad in self._gradients():
            self._mean[index] = beta1 * self._mean.get(index, 0) + (1 - beta1) * grad
            self._square[index] = beta2 * self._square.get(index, 0) + (1 - beta2) * grad * grad
            self._steps[index] = steps = self._steps.get(index, 0) + 1
            length = self.lr / (1 - beta1**steps)
            spread = np.sqrt(self._square[index]) / math.sqrt(1 - beta2**steps) + self.eps
            parameter.data = parameter.data - length * self._mean[index] / spread


class AdamW(Adam):
    """Adam with decoupled weight decay: p ← p · (1 − lr · weight_decay) first (Loshchilov & Hutter 2019)."""

    def __init__(
        self,
        parameters: Iterable[Tensor],
        lr: float = 1e-3,
        weight_decay: float = 1e-2,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        super().__init__(parameters, lr, 0.0, betas, eps)
        self.decoupled = weight_decay

    def step(self) -> None:
        for _, parameter, _ in self._gradients():
            parameter.data = parameter.data * (1 - self.lr * self.decoupled)
        super().step()
