"""What the trainer and its view need of a network, and the multilayer perceptron on the hand-written kernel."""

from __future__ import annotations

import math
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from nnprobe_core.config import RunConfig
from nnprobe_core.models.initialisation import draw
from nnprobe_core.models.mlp import Mlp
from nnprobe_core.registry import ACTIVATIONS, INITIALISATIONS, OPTIMISERS, load
from nnprobe_core.training.batch_losses import BatchLosses
from nnprobe_core.training.kernel import Kernel
from nnprobe_core.training.optimisers import Optimiser
from nnprobe_core.training.schedule import order_of_epoch as order_of_epoch

Array = np.ndarray

#: Points a forward pass takes at once: few enough that a layer's outputs stay in the processor's cache.
CHUNK = 1000


class Network(Protocol):
    """What the trainer trains.

    Layers count from 0, the input, to the logits; weight matrix i of 1… leads to layer i.
    """

    name: str  #: of its activation
    widths: tuple[int, ...]
    weight_shapes: tuple[tuple[int, int], ...]
    init_sigma: tuple[float, ...]

    def optimiser(self, config: RunConfig) -> Optimiser:
        """What moves its parameters by the gradient that :meth:`backpropagate` has found."""

    def learn_from(self, x: Array, y: Array) -> None:
        """Take the training points (n, 2) with labels (n,)."""

    def reorder(self, order: Array | None) -> None:
        """Put the training points in this order (None: as they were given)."""

    def backpropagate(self, start: int, stop: int) -> None:
        """Gradient of the mean cross-entropy over the training points start…stop of the present order."""

    def batch_losses(self) -> Array:
        """Mean cross-entropy of each batch since this was asked last, float32 (batches,): before its step."""

    def weights(self) -> list[Array]:
        """Copies of the weight matrices, each (out, in) float32."""

    def logits(self, x: Array) -> Array:
        """Logits (n, classes) of points (n, 2)."""

    def layers(self, x: Array) -> list[Array]:
        """Outputs (n, width) of every layer on points (n, 2), float32 copies."""

    def layers64(self, x: Array) -> list[Array] | None:
        """The same in float64 from the same weights; None where the network cannot be computed so."""

    def sensitivities(self, x: Array, y: Array) -> tuple[list[Array], list[float]]:
        """∂(mean loss)/∂W per matrix (out, in), and per layer from 1 the root mean square over the points of
        ‖∂ℓ/∂h‖, ℓ being each point's own loss."""

    def input_gradients(self, x: Array, y: Array) -> Array:
        """∂ℓ/∂x, float64 (n, 2): ℓ is each point's own cross-entropy."""

    def snapshot(self) -> Array:
        """Everything a step may change, as one flat copy."""

    def restore(self, snapshot: Array) -> None:
        """Go back to a snapshot."""

    def generator(self) -> Array | None:
        """State of the network's own generator (dropout); None without one."""

    def set_generator(self, state: Array) -> None: ...

    def close(self) -> None:
        """Leave nothing behind (hooks)."""


class Perceptron:
    """The config's multilayer perceptron: the kernel with K = 1."""

    def __init__(self, config: RunConfig, dtype: torch.dtype = torch.float32) -> None:
        self.name, self.widths = config.activation, config.widths
        self.kernel = Kernel(
            self.widths, load(ACTIVATIONS, config.activation, "activation"), dtype=dtype, device=config.device
        )
        layers, self.init_sigma = draw(
            load(INITIALISATIONS, config.init, "init"), self.widths, config.seed_init, config.init_gain
        )
        flat = [torch.cat([weight, bias[:, None]], dim=1).reshape(-1) for weight, bias in layers]
        self.parameters, self.gradient = self.kernel.parameters, self.kernel.gradient
        self.parameters.copy_(torch.cat(flat)[None])
        self.weight_shapes = tuple((rows, columns - 1) for rows, columns in self.kernel.shapes)
        self._losses = BatchLosses()
        self._scratch = torch.zeros_like(self.gradient)
        self._scratch_blocks = self.kernel.split(self._scratch)

    def optimiser(self, config: RunConfig) -> Optimiser:
        return flat_optimiser(config, self.parameters, self.gradient)

    def learn_from(self, x: Array, y: Array) -> None:
        self._given = self.kernel.points(x), self.kernel.targets(y)
        self._x, self._targets = self._given

    def reorder(self, order: Array | None) -> None:
        if order is None:
            self._x, self._targets = self._given
        else:
            self._x, self._targets = (value[..., order] for value in self._given)

    def backpropagate(self, start: int, stop: int) -> None:
        targets = self._targets[..., start:stop]
        self._losses.add(self.kernel.backpropagate(self._x[..., start:stop], targets).logits, targets)

    def batch_losses(self) -> Array:
        return self._losses.take()

    def weights(self) -> list[Array]:
        return [_array(block[..., :-1]) for block in self.kernel.blocks]

    def logits(self, x: Array) -> Array:
        parts = [
            _array(self.kernel.forward(self.kernel.points(x[at : at + CHUNK])).logits).T
            for at in range(0, len(x), CHUNK)
        ]
        return np.concatenate(parts) if parts else np.empty((0, self.widths[-1]), np.float32)

    def layers(self, x: Array) -> list[Array]:
        work = self.kernel.forward(self.kernel.points(x))
        return [np.asarray(x, np.float32), *(_array(h).T.copy() for h in (*work.outputs, work.logits))]

    def sensitivities(self, x: Array, y: Array) -> tuple[list[Array], list[float]]:
        points, norms = self.kernel.points(x), list[float]()
        work = self.kernel.forward(points)
        self.kernel.backward(
            points, self.kernel.targets(y), work, self._scratch_blocks, look=lambda signal: norms.append(norm(signal))
        )
        gradients = [_array(block[..., :-1]) for block in self._scratch_blocks]
        # They are of the mean loss: n times smaller than of each point's own.
        return gradients, [norm * len(x) ** 0.5 for norm in reversed(norms)]

    def input_gradients(self, x: Array, y: Array) -> Array:
        return self._in_float64().input_gradient(x, y)

    def layers64(self, x: Array) -> list[Array]:
        return self._in_float64().layers(x)

    def _in_float64(self) -> Mlp:
        blocks = [_array(block) for block in self.kernel.blocks]
        return Mlp([(block[:, :-1], block[:, -1]) for block in blocks], self.name)

    def snapshot(self) -> Array:
        return _array(self.parameters)

    def restore(self, snapshot: Array) -> None:
        self.parameters.copy_(torch.from_numpy(snapshot)[None])

    def generator(self) -> Array | None:
        return None

    def set_generator(self, state: Array) -> None:
        raise NotImplementedError("A multilayer perceptron draws nothing while it trains.")

    def close(self) -> None:
        return


def flat_optimiser(config: RunConfig, parameters: Tensor, gradient: Tensor) -> Optimiser:
    """The config's optimiser on one flat parameter vector, which it moves in place."""
    made: Optimiser = load(OPTIMISERS, config.optimiser, "optimiser")(
        parameters, gradient, momentum=config.momentum, weight_decay=config.weight_decay
    )
    return made


def _array(value: Any) -> Array:
    """A contiguous NumPy array of a kernel's array, without the axis of networks."""
    if isinstance(value, Tensor):
        value = value[0].detach().cpu().numpy()
    return np.array(value)


def norm(value: Any) -> float:
    """Euclidean norm of all entries; scaled first, since the squares of a vanished signal would be 0 in float32."""
    flat = _array(value).reshape(-1) if isinstance(value, Tensor) else value.reshape(-1)
    top = float(max(flat.max(), -flat.min()))
    if not 0 < top < np.inf:
        return top
    flat = flat / flat.dtype.type(top)
    return top * math.sqrt(float(np.dot(flat, flat)))
