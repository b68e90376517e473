"""Any torch.nn.Module as a Network: autograd in place of the kernel, hooks in place of its buffers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn.functional import cross_entropy

from nnprobe_core.attacks.torch_classifier import TorchClassifier
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError
from nnprobe_core.training.network import CHUNK, Array, flat_optimiser
from nnprobe_core.training.optimisers import Optimiser


class ModuleNetwork:
    """Wraps ``module``: points (n, 2) float → logits (n, ``n_classes``).

    Its parameters become views of one flat vector, so that optimisers, checkpoints and probes are those of every
    run. Its layers are what its weighted submodules (Linear, convolutions: a ``weight`` of two axes and more) are
    given, in the order of their calls, and at the end the logits: the outputs of activations are seen however they
    are computed. Training runs in train mode with a generator of its own (dropout), probes look in eval mode.
    The module stays the caller's: it ends trained, in the mode and with the requires_grad it came with.
    """

    name = "module"

    def __init__(self, module: nn.Module, n_classes: int, seed: int, device: str = "cpu") -> None:
        self._module, self._device = module.to(device), device
        self._trained = [item for item in module.parameters() if item.requires_grad]
        kinds = {item.dtype for item in self._trained}
        if len(kinds) != 1 or not kinds <= {torch.float32, torch.float64}:
            raise ConfigError("module", "a network with trainable parameters, all of float32 or all of float64", kinds)
        self._dtype = next(iter(kinds))
        self._flatten()
        self._was_training = module.training
        self._losses: list[Tensor] = []
        with self._own_generator(torch.Generator().manual_seed(seed).get_state()):
            self._rng = torch.get_rng_state()
        logits, layers, called = self._watch(torch.zeros(2, 2, dtype=self._dtype, device=device))
        if logits.shape != (2, n_classes):
            raise ConfigError("module", f"a network from (n, 2) to logits (n, {n_classes})", tuple(logits.shape))
        if not called:
            raise ConfigError("module", "a network with at least one layer that has a weight matrix", module)
        self._matrices = [item.weight for item in called]
        if not all(isinstance(weight, nn.Parameter) for weight in self._matrices):
            # A tensor made anew at each call: the one at hand would stay as it is while the network learns.
            raise ConfigError("module", "a network whose weights are parameters, none of them parametrized", module)
        self.widths = tuple(layer.flatten(1).shape[1] for layer in layers)
        self.weight_shapes = tuple(_shape(weight.detach().flatten(1)) for weight in self._matrices)
        self.init_sigma = tuple(float(weight.detach().std(correction=0)) for weight in self._matrices)

    def _flatten(self) -> None:
        sizes = [item.numel() for item in self._trained]
        self.parameters = torch.cat([item.detach().reshape(-1) for item in self._trained])[None].clone()
        self.gradient = torch.zeros_like(self.parameters)
        with torch.no_grad():
            flats = zip(torch.split(self.parameters[0], sizes), torch.split(self.gradient[0], sizes), strict=True)
            for item, (value, gradient) in zip(self._trained, flats, strict=True):
                item.data = value.view(item.shape)
                item.grad = gradient.view(item.shape)

    @contextmanager
    def _own_generator(self, state: Tensor) -> Iterator[None]:
        """The caller's global generator is untouched: what runs inside draws from ``state``."""
        with torch.random.fork_rng(devices=[0] if self._device == "cuda" else []):
            torch.set_rng_state(state)
            if self._device == "cuda":
                # The CUDA generator follows from the CPU's, so that one state describes both.
                torch.cuda.manual_seed(int(torch.randint(2**62, ())))
            yield

    def _tensor(self, x: Array) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(x)).to(self._device, self._dtype)

    def optimiser(self, config: RunConfig) -> Optimiser:
        return flat_optimiser(config, self.parameters, self.gradient)

    def learn_from(self, x: Array, y: Array) -> None:
        self._given = self._tensor(x), torch.from_numpy(np.asarray(y, np.int64)).to(self._device)
        self._x, self._y = self._given

    def reorder(self, order: Array | None) -> None:
        self._x, self._y = self._given if order is None else (value[torch.from_numpy(order)] for value in self._given)

    def backpropagate(self, start: int, stop: int) -> None:
        self.gradient.zero_()
        self._module.train()
        with self._own_generator(self._rng):
            loss = cross_entropy(self._module(self._x[start:stop]), self._y[start:stop])
            loss.backward()  # type: ignore[no-untyped-call]
            self._rng = torch.get_rng_state()
        self._losses.append(loss.detach())

    def batch_losses(self) -> Array:
        found, self._losses = self._losses, []
        return _array(torch.stack(found)) if found else np.empty(0, np.float32)

    def _watch(self, x: Tensor, instead: Mapping[str, Tensor] | None = None) -> tuple[Tensor, list[Tensor], list[Any]]:
        """Logits, layers (n, width) and weighted submodules of one pass in eval mode; no hook outlives it.

        ``instead``: tensors to compute with in place of the parameters and buffers of these names.
        """
        seen: dict[nn.Module, Tensor] = {}

        def look(item: nn.Module, inputs: tuple[Any, ...]) -> None:
            seen.pop(item, None)  # a module called twice stands where it was called last
            seen[item] = inputs[0]

        weighted = [item for item in self._module.modules() if _is_weighted(item)]
        hooks = [item.register_forward_pre_hook(look) for item in weighted]
        try:
            with self._own_generator(self._rng):
                module = self._module.eval()
                logits: Tensor = functional_call(module, dict(instead), (x,)) if instead else module(x)
        finally:
            for hook in hooks:
                hook.remove()
            self._module.train(self._was_training)
        inner = list(seen.values())[1:]
        return logits, [x, *inner, logits], list(seen)

    def weights(self) -> list[Array]:
        return [_array(weight.flatten(1)) for weight in self._matrices]

    @torch.no_grad()
    def logits(self, x: Array) -> Array:
        parts = [_array(self._watch(self._tensor(x[at : at + CHUNK]))[0]) for at in range(0, len(x), CHUNK)]
        return np.concatenate(parts) if parts else np.empty((0, self.widths[-1]), np.float32)

    @torch.no_grad()
    def layers(self, x: Array) -> list[Array]:
        return [_array(layer.reshape(len(x), -1)) for layer in self._watch(self._tensor(x))[1]]

    @torch.no_grad()
    def layers64(self, x: Array) -> list[Array] | None:
        named = (*self._module.named_parameters(), *self._module.named_buffers())
        doubles = {name: item.detach().double() for name, item in named if item.is_floating_point()}
        points = torch.from_numpy(np.asarray(x, np.float64)).to(self._device)
        try:
            layers = self._watch(points, doubles)[1]
        except RuntimeError:  # it makes float32 of its own
            return None
        return [layer.reshape(len(x), -1).cpu().numpy().astype(np.float64) for layer in layers]

    def sensitivities(self, x: Array, y: Array) -> tuple[list[Array], list[float]]:
        labels = torch.from_numpy(np.asarray(y, np.int64)).to(self._device)
        with torch.enable_grad():
            start = self._tensor(x).requires_grad_()  # so that every layer has a graph, frozen weights or not
            logits, layers, _ = self._watch(start)
            total = cross_entropy(logits, labels, reduction="sum")
            wanted = [*self._matrices, *layers[1:]]
            asked = [item for item in wanted if item.requires_grad]
            found = iter(torch.autograd.grad(total, asked, allow_unused=True))
            all_ = [next(found) if item.requires_grad else None for item in wanted]
        filled = [torch.zeros_like(item) if grad is None else grad for item, grad in zip(wanted, all_, strict=True)]
        count = len(self._matrices)
        gradients = [_array(grad.flatten(1) / len(x)) for grad in filled[:count]]
        return gradients, [float(grad.double().norm()) / len(x) ** 0.5 for grad in filled[count:]]

    def input_gradients(self, x: Array, y: Array) -> Array:
        with self._own_generator(self._rng):
            return TorchClassifier(self._module, batch_size=CHUNK).input_gradient(x, y)

    def snapshot(self) -> Array:
        parts = [self.parameters.reshape(-1), *(item.reshape(-1).to(self._dtype) for item in self._module.buffers())]
        array: Array = torch.cat(parts).detach().cpu().numpy().copy()
        return array

    @torch.no_grad()
    def restore(self, snapshot: Array) -> None:
        values, at = torch.from_numpy(snapshot), 0
        for item in (self.parameters, *self._module.buffers()):
            item.copy_(values[at : at + item.numel()].view(item.shape))
            at += item.numel()

    def generator(self) -> Array | None:
        state: Array = self._rng.numpy().copy()
        return state

    def set_generator(self, state: Array) -> None:
        self._rng = torch.from_numpy(state.copy())

    def close(self) -> None:
        """Give the module back: parameters of its own, no gradients, the mode it came in."""
        for item in self._trained:
            item.data = item.detach().clone()
            item.grad = None
        self._module.train(self._was_training)


def _is_weighted(item: nn.Module) -> bool:
    weight = getattr(item, "weight", None)
    return isinstance(weight, Tensor) and weight.ndim >= 2


def _shape(matrix: Tensor) -> tuple[int, int]:
    rows, columns = matrix.shape
    return int(rows), int(columns)


def _array(tensor: Tensor) -> Array:
    array: Array = tensor.detach().to("cpu", torch.float32).numpy().copy()
    return array
