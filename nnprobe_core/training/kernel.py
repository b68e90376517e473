"""The training kernel: K multilayer perceptrons on one flat parameter vector, forward and backward by hand.

Everything is feature-major: a layer's outputs are (units + 1, points) with a last row of ones, and a weight matrix
carries its biases as a last column, so that a layer is one matrix product forward and two back, all into memory that
is kept. On the CPU NumPy does the work, on views of the flat vector: its calls cost half of torch's, a batch of small
matrix products a third to a tenth, tanh a seventh. On another device the same lines run on torch. Several networks
have one axis more in front.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nnprobe_core.models.activations import Activation
from nnprobe_core.models.ops import NUMPY, NUMPY_BATCHED, TORCH


class Workspace:
    """The buffers of one pass forward and back over ``n`` points; ``h[l]`` holds the outputs of hidden layer l + 1."""

    def __init__(self, kernel: Kernel, n: int) -> None:
        self.n = n
        hidden, activation = kernel.widths[1:-1], kernel.activation
        self.h = [kernel.empty(width + 1, n) for width in hidden]
        for h in self.h:
            h[..., -1, :] = 1
        self.outputs = [h[..., :-1, :] for h in self.h]
        # What is done with when the next layer is reached is shared by all layers; delta by every other one.
        shared = [kernel.empty(max(hidden, default=1), n) for _ in range(3)]
        self.scratch = [shared[0][..., :width, :] for width in hidden]
        self.delta = [shared[1 + index % 2][..., :width, :] for index, width in enumerate(hidden)]
        self.z = self.outputs if activation.in_place else [kernel.empty(width, n) for width in hidden]
        self.aux = [kernel.empty(width, n) for width in hidden] if activation.keeps_aux else self.scratch
        self.logits = kernel.empty(kernel.widths[-1], n)
        self.probabilities = kernel.empty(kernel.widths[-1], n)
        self.row = kernel.empty(1, n)
        self.transposed = [h.swapaxes(-1, -2) for h in self.h]


class Kernel:
    """K networks of one shape.

    Parameters
    ----------
    widths : sequence of int
        Units of every layer, input and logits included.
    activation : Activation
        After every hidden layer.
    networks : int
        K.
    dtype, device
        Of the parameters: torch.float32 or float64.
    numpy : bool, optional
        Whether NumPy does the work; left out, on the CPU.
    batched : bool, optional
        Whether arrays have an axis of networks; left out, unless NumPy does the work of one. torch's always have.

    Attributes
    ----------
    parameters, gradient : Tensor (K, P)
        Per matrix (out, in + 1), the last column its biases, one after another.
    """

    def __init__(
        self,
        widths: Sequence[int],
        activation: Activation,
        *,
        networks: int = 1,
        dtype: torch.dtype = torch.float32,
        device: str = "cpu",
        numpy: bool | None = None,
        batched: bool | None = None,
    ) -> None:
        self.widths, self.activation, self.networks = tuple(widths), activation, networks
        self.shapes = tuple((b, a + 1) for a, b in zip(self.widths[:-1], self.widths[1:], strict=True))
        size = sum(rows * columns for rows, columns in self.shapes)
        self.parameters = torch.zeros(networks, size, dtype=dtype, device=device)
        self.gradient = torch.zeros_like(self.parameters)
        self.numpy = device == "cpu" if numpy is None else numpy
        self.batched = not self.numpy or (networks > 1 if batched is None else batched)
        self.ops: Any = (NUMPY_BATCHED if self.batched else NUMPY) if self.numpy else TORCH
        self._dtype: Any = np.dtype(str(dtype).removeprefix("torch.")) if self.numpy else dtype
        self._workspaces: dict[int, Workspace] = {}
        self.blocks = self.split(self.parameters)
        self.gradient_blocks = self.split(self.gradient)
        # Without the biases, (in, out): what carries ∂ℓ/∂z one layer back.
        self._back = [block[..., :-1].swapaxes(-1, -2) for block in self.blocks]

    def split(self, flat: Tensor) -> list[Any]:
        """Views of a flat (K, P) tensor, one per matrix: (K, out, in + 1), or (out, in + 1) where not batched."""
        views, at = [], 0
        for rows, columns in self.shapes:
            view = flat[:, at : at + rows * columns].view(self.networks, rows, columns)
            view = view if self.batched else view[0]
            views.append(view.numpy() if self.numpy else view)
            at += rows * columns
        return views

    def empty(self, rows: int, columns: int) -> Any:
        shape = (self.networks, rows, columns) if self.batched else (rows, columns)
        if self.numpy:
            return np.empty(shape, self._dtype)
        return torch.empty(shape, dtype=self._dtype, device=self.parameters.device)

    def points(self, x: np.ndarray) -> Any:
        """Points (n, d), or (K, n, d) with a set for each network, as the kernel reads them: (d + 1, n)."""
        columns = np.swapaxes(np.asarray(x), -1, -2)
        return self._array(np.concatenate([columns, np.ones_like(columns[..., :1, :])], axis=-2))

    def targets(self, y: np.ndarray) -> Any:
        """Labels (n,) or (K, n) as one column a point: (classes, n)."""
        return self._array(np.swapaxes(np.eye(self.widths[-1])[np.asarray(y, np.intp)], -1, -2))

    def _array(self, value: np.ndarray) -> Any:
        if self.batched and value.ndim == 2:
            value = np.broadcast_to(value, (self.networks, *value.shape))
        if self.numpy:
            return np.ascontiguousarray(value, self._dtype)
        return torch.from_numpy(np.ascontiguousarray(value)).to(self.parameters.device, self._dtype)

    def workspace(self, n: int) -> Workspace:
        """Buffers for ``n`` points, made once; the next pass over as many points overwrites them."""
        try:
            return self._workspaces[n]
        except KeyError:
            return self._workspaces.setdefault(n, Workspace(self, n))

    def forward(self, x: Any) -> Workspace:
        """All layers on ``x`` (d + 1, n)."""
        work, ops, forward = self.workspace(x.shape[-1]), self.ops, self.activation.forward
        below, dot = x, self.ops.dot
        for block, h, outputs, z, aux in zip(self.blocks[:-1], work.h, work.outputs, work.z, work.aux, strict=True):
            dot(block, below, out=z)
            forward(ops, z, outputs, aux)
            below = h
        dot(self.blocks[-1], below, out=work.logits)
        return work

    def backward(
        self,
        x: Any,
        targets: Any,
        work: Workspace,
        blocks: Sequence[Any],
        look: Callable[[Any], None] | None = None,
    ) -> None:
        """After :meth:`forward`: fills ``blocks`` with the gradient of the mean cross-entropy.

        ``look`` is shown, from the logits backwards, ∂(mean loss)/∂h of every layer: a buffer about to be reused.
        """
        ops, dot, backward = self.ops, self.ops.dot, self.activation.backward
        delta, row = work.probabilities, work.row
        ops.amax(work.logits, axis=-2, keepdims=True, out=row)
        ops.subtract(work.logits, row, out=delta)
        ops.exp(delta, out=delta)
        ops.total(delta, axis=-2, keepdims=True, out=row)
        ops.divide(delta, row, out=delta)
        ops.subtract(delta, targets, out=delta)
        ops.multiply(delta, 1 / work.n, out=delta)
        if look is not None:
            look(delta)
        for index in range(len(work.h) - 1, -1, -1):
            dot(delta, work.transposed[index], out=blocks[index + 1])
            below = work.delta[index]
            dot(self._back[index + 1], delta, out=below)
            if look is not None:
                look(below)
            backward(ops, below, work.z[index], work.outputs[index], work.aux[index], work.scratch[index])
            delta = below
        dot(delta, x.swapaxes(-1, -2), out=blocks[0])

    def backpropagate(self, x: Any, targets: Any) -> Workspace:
        """Fills :attr:`gradient` with the gradient of the mean cross-entropy over these points.

        Returns the buffers it has passed through; the next pass over as many points overwrites them.
        """
        work = self.forward(x)
        self.backward(x, targets, work, self.gradient_blocks)
        return work
