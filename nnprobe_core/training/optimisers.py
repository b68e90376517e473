"""The optimisers on one flat parameter vector, with torch's own arithmetic.

torch's functions are called directly: at a few hundred parameters the bookkeeping of the public classes costs several
times the arithmetic, and the classes import torch's compiler, which takes as long as torch. A test holds each to the
public class.
``weight_decay`` is torch's: L2 added to the gradient (decoupled in AdamW), on every parameter, biases included.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.optim.rmsprop import rmsprop as torch_rmsprop

_BETA1, _BETA2, _EPS = 0.9, 0.999, 1e-8  # torch's defaults, of Kingma & Ba 2015
_SMOOTHING = 0.99  # torch's default of RMSprop


class Optimiser(Protocol):
    """``__init__(self, parameters, gradient, *, momentum, weight_decay)`` takes tensors of one shape."""

    def step(self, lr: float) -> None:
        """One step, in place, from the gradient as it stands."""

    def state(self) -> Mapping[str, np.ndarray]:
        """What it remembers, copied: part of a checkpoint."""

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        """Continue from a checkpoint's state."""


def _copy(tensor: Tensor) -> np.ndarray:
    array: np.ndarray = tensor.detach().cpu().numpy().copy()
    return array


def _fill(tensor: Tensor, value: np.ndarray) -> None:
    tensor.copy_(torch.from_numpy(np.ascontiguousarray(value)).view(tensor.shape))


class sgd:  # the registry's names are the config's
    """Plain stochastic gradient descent: torch.optim.SGD without momentum."""

    _momentum = False

    def __init__(self, parameters: Tensor, gradient: Tensor, *, momentum: float = 0.9, weight_decay: float = 0) -> None:
        self._parameters, self._gradient = [parameters], [gradient]
        self._rate, self._decay = (momentum if self._momentum else 0.0), weight_decay
        # A momentum of 0 keeps no buffer, as in the class.
        self._buffers = [torch.zeros_like(parameters)] if self._rate else []
        self._first = True

    def step(self, lr: float) -> None:
        torch._fused_sgd_(
            self._parameters,
            self._gradient,
            self._buffers,
            weight_decay=self._decay,
            momentum=self._rate,
            lr=lr,
            dampening=0.0,
            nesterov=False,
            maximize=False,
            is_first_step=self._first and bool(self._buffers),
        )
        self._first = False

    def state(self) -> Mapping[str, np.ndarray]:
        buffers = {"buffer": _copy(self._buffers[0])} if self._buffers else {}
        return {"first": np.array([self._first]), **buffers}

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        self._first = bool(state["first"][0])
        for item in self._buffers:
            _fill(item, state["buffer"])


class momentum(sgd):
    """torch.optim.SGD with momentum (heavy ball, torch's form: the buffer is not scaled by the rate)."""

    _momentum = True


class adam:
    """torch.optim.Adam, fused (Kingma & Ba 2015, algorithm 1)."""

    _decoupled = False

    def __init__(self, parameters: Tensor, gradient: Tensor, *, momentum: float = 0.9, weight_decay: float = 0) -> None:  # noqa: ARG002
        self._parameters, self._gradient, self._decay = [parameters], [gradient], weight_decay
        self._mean, self._square = torch.zeros_like(parameters), torch.zeros_like(parameters)
        self._steps = torch.zeros((), dtype=torch.float32, device=parameters.device)
        self._lists = [self._mean], [self._square], [self._steps]
        self._kernel = torch._fused_adamw_ if self._decoupled else torch._fused_adam_

    def step(self, lr: float) -> None:
        means, squares, steps = self._lists
        self._steps += 1
        self._kernel(
            self._parameters,
            self._gradient,
            means,
            squares,
            [],
            steps,
            lr=lr,
            beta1=_BETA1,
            beta2=_BETA2,
            weight_decay=self._decay,
            eps=_EPS,
            amsgrad=False,
            maximize=False,
        )

    def state(self) -> Mapping[str, np.ndarray]:
        return {"mean": _copy(self._mean), "square": _copy(self._square), "steps": _copy(self._steps.reshape(1))}

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        _fill(self._mean, state["mean"])
        _fill(self._square, state["square"])
        _fill(self._steps, state["steps"])


class adamw(adam):
    """torch.optim.AdamW, fused (Loshchilov & Hutter 2019)."""

    _decoupled = True


class rmsprop:
    """torch.optim.RMSprop by its plain arithmetic: torch has no fused kernel of it (Tieleman & Hinton 2012)."""

    def __init__(self, parameters: Tensor, gradient: Tensor, *, momentum: float = 0.9, weight_decay: float = 0) -> None:  # noqa: ARG002
        self._parameters, self._gradient, self._decay = [parameters], [gradient], weight_decay
        self._square, self._steps = torch.zeros_like(parameters), torch.zeros(())

    def step(self, lr: float) -> None:
        torch_rmsprop(
            self._parameters,
            self._gradient,
            [self._square],
            [],
            [],
            [self._steps],
            foreach=False,
            lr=lr,
            alpha=_SMOOTHING,
            eps=_EPS,
            weight_decay=self._decay,
            momentum=0,
            centered=False,
        )

    def state(self) -> Mapping[str, np.ndarray]:
        if not self._steps:
            return {}
        return {"square": _copy(self._square), "steps": _copy(self._steps.reshape(1))}

    def restore(self, state: Mapping[str, np.ndarray]) -> None:
        if state:
            _fill(self._square, state["square"])
            _fill(self._steps, state["steps"])
