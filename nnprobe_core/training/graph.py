"""The computation graph of one training step, drawn up for a picture: what was computed from what, with values and
gradients. It is that of the autograd library, whichever engine trained the network; NumPy only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.mdl import CELoss, Linear
from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import load_data
from nnprobe_core.errors import ConfigError
from nnprobe_core.models.layout import matrices
from nnprobe_core.training.schedule import order_of_epoch

Array = np.ndarray

MAX_HIDDEN, MAX_UNITS = 4, 64  #: hidden layers, and units of each, of a graph that can be read
SHOWN = 8  #: rows and columns of a tensor that are given in numbers
_BELOW = "₀₁₂₃₄₅₆₇₈₉"


@dataclass(frozen=True)
class Node:
    """A tensor, and the operation that made it.

    Attributes
    ----------
    name : str
        What it is called; empty for a result on the way.
    operation : str
        The Function that computed it; empty for a leaf.
    kind : str
        data, parameter, result or loss.
    rule : str
        What the operation and its derivative are, from its own docstring.
    column, row : int
        Its place: row 0 is the chain of results, from left to right; −1 the parameters above, each in the column of
        the result that needs it; 1 the other data, below.
    tensor : Tensor
    """

    name: str
    operation: str
    kind: str
    rule: str
    column: int
    row: int
    tensor: Tensor

    def to_json(self) -> dict[str, Any]:
        """As JSON values; numbers that are not finite are null."""
        grad = self.tensor.grad
        return {
            "name": self.name,
            "operation": self.operation,
            "kind": self.kind,
            "rule": self.rule,
            "column": self.column,
            "row": self.row,
            "shape": list(self.tensor.shape),
            "value": _figures(self.tensor.data),
            "gradient": None if grad is None else _figures(grad.data),
        }


@dataclass(frozen=True)
class Graph:
    """Nodes in an order in which each comes after all it was computed from, and edges as pairs of their indices."""

    nodes: Sequence[Node]
    edges: Sequence[tuple[int, int]]

    @property
    def batch(self) -> int:
        """Points of the step."""
        return next(node.tensor.shape[0] for node in self.nodes if node.name == "x")

    @property
    def columns(self) -> int:
        return 1 + max(node.column for node in self.nodes)

    def to_json(self) -> dict[str, Any]:
        return {"nodes": [node.to_json() for node in self.nodes], "edges": self.edges, "columns": self.columns}


def step_graph(config: RunConfig, flat: Array, step: int) -> Graph:
    """The graph of the training step that leads on from ``step``, at which the parameters are ``flat`` (models/layout):
    forward and backward on the very batch that the step takes.

    Raises ConfigError for a network that is too large to be drawn.
    """
    if len(config.hidden) > MAX_HIDDEN or max(config.hidden, default=0) > MAX_UNITS:
        text = "-".join(map(str, config.hidden))
        raise ConfigError("hidden", f"at most {MAX_HIDDEN} layers of at most {MAX_UNITS} units to be drawn", text)
    x, y = batch_of(config, step)
    named: dict[Tensor, str] = {}
    h = Tensor(x)
    named[h] = "x"
    last = len(config.widths) - 2
    for index, (shape, (weight, bias)) in enumerate(
        zip(pairwise(config.widths), matrices(config.widths, flat), strict=True)
    ):
        layer = Linear(*shape, config.activation if index < last else "none", rng=np.random.default_rng(0))
        layer.weight.data, layer.bias.data = weight.T.astype(np.float32), bias[None].astype(np.float32)
        named |= {layer.weight: f"W{_sub(index + 1)}", layer.bias: f"b{_sub(index + 1)}"}
        h = layer(h)
        named[h] = f"h{_sub(index + 1)}" if index < last else "logits"
    target = Tensor(np.eye(config.n_classes, dtype=np.float32)[y])
    named[target] = "target"
    with np.errstate(all="ignore"):
        loss = CELoss()(h, target)
        named[loss] = "loss"
        loss.backward()
    return _drawn(loss, named)


def batch_of(config: RunConfig, step: int) -> tuple[Array, Array]:
    """Points (B, 2) and labels (B,) of the step that leads on from ``step``."""
    data, epoch, place = load_data(config), *divmod(step, config.steps_per_epoch)
    x, y = data.x_train, data.y_train
    if config.shuffle and config.steps_per_epoch > 1:
        order = order_of_epoch(config.seed_batch, epoch, config.points)
        x, y = x[order], y[order]
    batch = slice(place * config.batch, (place + 1) * config.batch)
    return x[batch], y[batch]


def _drawn(loss: Tensor, named: Mapping[Tensor, str]) -> Graph:
    """Nodes and edges of all that ``loss`` was computed from."""
    order = _order(loss)
    column: dict[Tensor, int] = {}
    for tensor in order:  # as far right as the longest path to it is long (longest-path layering)
        column[tensor] = 1 + max((column[arg] for arg in _args(tensor)), default=-1)
    for tensor in reversed(order):  # a leaf hangs on what needs it first, above or below the chain
        for arg in _args(tensor):
            if arg.grad_fn is None and named.get(arg) != "x":
                column[arg] = column[tensor]
    index = {tensor: at for at, tensor in enumerate(order)}
    nodes = [_node(tensor, loss, named.get(tensor, ""), column[tensor]) for tensor in order]
    edges = [(index[arg], index[tensor]) for tensor in order for arg in dict.fromkeys(_args(tensor))]
    return Graph(nodes, edges)


def _node(tensor: Tensor, loss: Tensor, name: str, column: int) -> Node:
    fn = tensor.grad_fn
    if fn is not None:
        rule = " ".join((type(fn).__doc__ or "").split("\n\n")[0].split())
        return Node(name, type(fn).__name__, "loss" if tensor is loss else "result", rule, column, 0, tensor)
    if tensor.requires_grad:
        return Node(name, "", "parameter", "", column, -1, tensor)
    # The input is where the chain begins; other constants lie below it.
    return Node(name or f"{tensor.item():.4g}", "", "data", "", column, 0 if name == "x" else 1, tensor)


def _order(loss: Tensor) -> list[Tensor]:
    """Each tensor after all it was computed from; depth first, without recursion."""
    done: dict[Tensor, None] = {}
    stack: list[tuple[Tensor, bool]] = [(loss, False)]
    while stack:
        tensor, ready = stack.pop()
        if ready:
            done[tensor] = None
        elif tensor not in done:
            stack.append((tensor, True))
            stack += [(arg, False) for arg in reversed(_args(tensor)) if arg not in done]
    return list(done)


def _args(tensor: Tensor) -> Sequence[Tensor]:
    return () if tensor.grad_fn is None else tensor.grad_fn.args


def _figures(array: Array) -> dict[str, Any]:
    """Least, greatest and mean value, and the first rows and columns in numbers."""
    table = np.atleast_2d(array.astype(np.float64))
    finite = table[np.isfinite(table)]
    few = table[:SHOWN, :SHOWN]
    return {
        "low": _short(finite.min()) if finite.size else None,
        "high": _short(finite.max()) if finite.size else None,
        "mean": _short(table.mean()),
        "rows": [[_short(value) for value in row] for row in few],
    }


def _short(value: float) -> float | None:
    return float(f"{value:.4g}") if np.isfinite(value) else None


def _sub(number: int) -> str:
    return "".join(_BELOW[int(digit)] for digit in str(number))
