"""Any torch module as a classifier to attack: NumPy in, NumPy out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from nnprobe_core.maths.softmax import cross_entropy_gradient

Array = np.ndarray


class TorchClassifier:
    """``module``: inputs (n, …) → logits (n, classes), pictures or points.

    It is looked at in eval mode, where each point's logits are its own; afterwards it is in the mode it came in, and
    its parameters have the gradients they had. ``batch_size`` inputs are taken at once.
    """

    def __init__(self, module: nn.Module, *, batch_size: int = 1000) -> None:
        self._module, self._batch = module, batch_size
        first = next(module.parameters(), torch.empty(0))
        self._device, self._dtype = first.device, first.dtype

    def logits(self, x: Array) -> Array:
        """Logits (n, classes) of ``x`` (n, …)."""
        with self._looking(), torch.no_grad():
            parts = [self._module(part).double().cpu().numpy() for part in self._parts(x)]
        return np.concatenate(parts)

    def input_gradient(self, x: Array, y: Array) -> Array:
        """∂ℓ/∂x, float64 of the shape of ``x``: ℓ is each point's own cross-entropy against ``y`` (n,)."""
        labels, at, found = np.asarray(y, np.intp), 0, []
        with self._looking(), torch.enable_grad():
            for part in self._parts(x):
                logits = self._module(part.requires_grad_())
                delta = cross_entropy_gradient(logits.detach().cpu().numpy(), labels[at : at + len(part)])
                # Sent back at size 1 and scaled afterwards: it cannot underflow on its way through float32.
                scale = np.abs(delta).max(axis=1, keepdims=True)
                delta = delta / np.where(scale > 0, scale, 1)
                (gradient,) = torch.autograd.grad(
                    logits, part, torch.from_numpy(delta).to(self._device, logits.dtype), allow_unused=False
                )
                found.append(gradient.double().cpu().numpy() * scale.reshape(-1, *(1,) * (part.ndim - 1)))
                at += len(part)
        return np.concatenate(found)

    def _parts(self, x: Array) -> Iterator[Tensor]:
        for at in range(0, max(1, len(x)), self._batch):
            yield torch.from_numpy(np.ascontiguousarray(x[at : at + self._batch])).to(self._device, self._dtype)

    @contextmanager
    def _looking(self) -> Iterator[None]:
        modes = [(item, item.training) for item in self._module.modules()]
        self._module.eval()
        try:
            yield
        finally:
            for item, training in modes:
                item.training = training
