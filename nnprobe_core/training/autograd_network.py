"""The config's multilayer perceptron in the autograd library: layers, loss and optimiser are the library's own.

The library is an argument: nnprobe's own, or a student's copy of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import pairwise
from typing import Any

import numpy as np

from nnprobe_core import autograd
from nnprobe_core.config import RunConfig
from nnprobe_core.models.initialisation import draw
from nnprobe_core.models.layout import flatten, matrices, shapes
from nnprobe_core.registry import INITIALISATIONS, load
from nnprobe_core.training.network import CHUNK, norm

Array = np.ndarray


class AutogradNetwork:
    """A Network (training/network.py) of ``library``, a package with the names of nnprobe_core.autograd.

    Its first weights are those of the kernel, bit for bit, and its points come in the same order; so losses differ by
    rounding alone, but for relu at 0, whose derivative is ½ here.
    """

    def __init__(self, config: RunConfig, library: Any = autograd) -> None:
        self.name, self.widths = config.activation, config.widths
        self.weight_shapes = tuple(shapes(self.widths))
        self._library = library
        drawn, self.init_sigma = draw(
            load(INITIALISATIONS, config.init, "init"), self.widths, config.seed_init, config.init_gain
        )
        last = len(self.widths) - 2
        with self.running():
            self._layers = [
                # The first weights are replaced below; a generator of its own leaves NumPy's global one alone.
                library.mdl.Linear(below, above, self.name if index < last else "none", rng=np.random.default_rng(0))
                for index, (below, above) in enumerate(pairwise(self.widths))
            ]
            self._model = library.mdl.Sequential(*self._layers)
            self._loss = library.mdl.CELoss()
            self._parameters = [item for layer in self._layers for item in (layer.weight, layer.bias)]
        self._losses: list[float] = []
        self.restore(flatten([(weight.numpy(), bias.numpy()) for weight, bias in drawn]))

    def running(self) -> AbstractContextManager[None]:
        """Around everything that the library does."""
        return nullcontext()

    def optimiser(self, config: RunConfig) -> LibraryOptimiser:
        return LibraryOptimiser(self, config, self._library.optim, self._parameters)

    def learn_from(self, x: Array, y: Array) -> None:
        self._given = np.asarray(x, np.float32), self._one_hot(y)
        self._x, self._targets = self._given

    def reorder(self, order: Array | None) -> None:
        self._x, self._targets = self._given if order is None else (value[order] for value in self._given)

    def backpropagate(self, start: int, stop: int) -> None:
        tensor = self._library.Tensor
        with self.running():
            self._forget()
            logits = self._model(tensor(self._x[start:stop]))
            loss = self._loss(logits, tensor(self._targets[start:stop]))
            loss.backward()
        self._losses.append(float(np.asarray(loss.data).sum()))

    def batch_losses(self) -> Array:
        found, self._losses = self._losses, []
        return np.array(found, np.float32)

    def weights(self) -> list[Array]:
        return [np.array(layer.weight.data.T, np.float32, order="C") for layer in self._layers]

    def logits(self, x: Array) -> Array:
        parts = []
        for at in range(0, len(x), CHUNK):
            with self.running():
                parts.append(np.asarray(self._model(self._library.Tensor(x[at : at + CHUNK])).data))
        return np.concatenate(parts) if parts else np.empty((0, self.widths[-1]), np.float32)

    def layers(self, x: Array) -> list[Array]:
        with self.running():
            return [np.array(h.data, np.float32) for h in self._forward(self._library.Tensor(x))]

    def layers64(self, x: Array) -> list[Array]:
        with self.running(), self._in_float64():
            return [np.array(h.data, np.float64) for h in self._forward(self._library.Tensor(x, dtype=np.float64))]

    def sensitivities(self, x: Array, y: Array) -> tuple[list[Array], list[float]]:
        with self.running():
            self._forget()
            outputs = self._forward(self._library.Tensor(x))
            self._loss(outputs[-1], self._library.Tensor(self._one_hot(y))).backward()
            gradients = [np.array(layer.weight.grad.data.T, np.float32, order="C") for layer in self._layers]
            # They are of the mean loss: n times smaller than of each point's own.
            return gradients, [norm(h.grad.data) * len(x) ** 0.5 for h in outputs[1:]]

    def input_gradients(self, x: Array, y: Array) -> Array:
        tensor, each = self._library.Tensor, self._library.mdl.CELoss(reduce=False)
        with self.running(), self._in_float64():
            self._forget()
            points = tensor(x, requires_grad=True, dtype=np.float64)
            each(self._model(points), tensor(self._one_hot(y), dtype=np.float64)).backward()
            self._forget()
            return np.array(points.grad.data, np.float64)

    def snapshot(self) -> Array:
        return flatten([(layer.weight.data.T, layer.bias.data[0]) for layer in self._layers]).astype(np.float32)

    def restore(self, snapshot: Array) -> None:
        for layer, (weight, bias) in zip(self._layers, matrices(self.widths, snapshot), strict=True):
            layer.weight.data = np.array(weight.T, np.float32, order="C")
            layer.bias.data = np.array(bias[None], np.float32)

    def generator(self) -> Array | None:
        return None

    def set_generator(self, state: Array) -> None:
        raise NotImplementedError("A multilayer perceptron draws nothing while it trains.")

    def close(self) -> None:
        return

    def _one_hot(self, y: Array) -> Array:
        return np.eye(self.widths[-1], dtype=np.float32)[np.asarray(y, np.intp)]

    def _forward(self, x: Any) -> list[Any]:
        """The tensors of all layers."""
        outputs = [x]
        for layer in self._layers:
            outputs.append(layer(outputs[-1]))
        return outputs

    def _forget(self) -> None:
        """No gradient from before: backward adds."""
        for parameter in self._parameters:
            parameter.grad = None

    @contextmanager
    def _in_float64(self) -> Iterator[None]:
        """The gradient of a network that is sure of itself would vanish by rounding."""
        before = [parameter.data for parameter in self._parameters]
        try:
            for parameter in self._parameters:
                parameter.data = parameter.data.astype(np.float64)
            yield
        finally:
            for parameter, data in zip(self._parameters, before, strict=True):
                parameter.data = data


class LibraryOptimiser:
    """The library's optimiser as the trainer uses one (training/optimisers.py)."""

    def __init__(self, network: AutogradNetwork, config: RunConfig, optim: Any, parameters: list[Any]) -> None:
        kind, more = {
            "sgd": ("SGD", {}),
            "momentum": ("SGD", {"momentum": config.momentum}),
            "adam": ("Adam", {}),
            "adamw": ("AdamW", {}),
            "rmsprop": ("RMSprop", {}),
        }[config.optimiser]
        self._network = network
        with network.running():
            self._own = getattr(optim, kind)(parameters, lr=config.lr, weight_decay=config.weight_decay, **more)

    def step(self, lr: float) -> None:
        self._own.lr = lr
        with self._network.running():
            self._own.step()

    def state(self) -> Mapping[str, Array]:
        """What the library's optimisers remember: dictionaries by a parameter's number, and counters."""
        out: dict[str, Array] = {}
        for name, value in vars(self._own).items():
            if isinstance(value, dict):
                out |= {f"{name}.{index}": np.array(part) for index, part in value.items()}
            elif isinstance(value, int) and not isinstance(value, bool):
                out[name] = np.array(value)
        return out

    def restore(self, state: Mapping[str, Array]) -> None:
        for key, array in state.items():
            name, _, index = key.partition(".")
            value = array.copy() if array.ndim else array.item()
            if index:
                getattr(self._own, name)[int(index)] = value
            else:
                setattr(self._own, name, value)
