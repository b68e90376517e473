"""Optimizer: how a gradient becomes a step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ..buffers import empty
from ..math_fns import Array
from ..tensor import Tensor


class Optimizer:
    """Holds parameters and moves them. A subclass writes :meth:`step`.

    Parameters
    ----------
    parameters : iterable of Tensor
    lr : float
        May be changed at any time.
    weight_decay : float
        Added to the gradient, times the parameter: the gradient of weight_decay/2 · ‖p‖².
    """

    def __init__(self, parameters: Iterable[Tensor], lr: float = 1e-3, weight_decay: float = 0.0) -> None:
        self.parameters = list(parameters)
        self.lr, self.weight_decay = lr, weight_decay

    def step(self) -> None:
        """Move every parameter that has a gradient, once."""
        raise NotImplementedError(f"{type(self).__name__} has no step yet.")

    def zero_grad(self) -> None:
        """Zero all gradients; without it the next backward adds to them."""
        for parameter in self.parameters:
            parameter.zero_grad()

    def _gradients(self) -> Iterator[tuple[int, Tensor, Array]]:
        """Number, parameter and gradient with weight decay, of every parameter that has a gradient."""
        for index, parameter in enumerate(self.parameters):
            if parameter.grad is not None:
                grad = parameter.grad.data
                if self.weight_decay:
                    decay = np.multiply(parameter.data, self.weight_decay, out=empty(grad.shape, grad.dtype))
                    grad = np.add(decay, grad, out=decay)
                yield index, parameter, grad
