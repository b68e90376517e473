"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..buffers import empty, into_buffer
from ..math_fns import Array
from ..tensor import Tensor
from .optimizer import Optimizer


class SGD(Optimizer):
    """p ← p − lr · (g + weight_decay · p).

    With ``momentum`` m the step is along v ← m v + (g + weight_decay · p) instead, the first v being the first
    gradient: torch.optim.SGD's form of the heavy ball (Polyak 1964).
    """

    def __init__(
        self, parameters: Iterable[Tensor], lr: float, weight_decay: float = 5e-4, momentum: float = 0.0
    ) -> None:
        super().__init__(parameters, lr, weight_decay)
        self.momentum = momentum
        self._velocity: dict[int, Array] = {}

    def step(self) -> None:
        for index, parameter, grad in self._gradients():
            if self.momentum:
                if index in self._velocity:
                    grad = self.momentum * self._velocity[index] + grad
                self._velocity[index] = grad
            step = np.multiply(grad, self.lr, out=empty(grad.shape, grad.dtype))
            parameter.data = into_buffer(np.subtract, parameter.data, step)
