"""Where the weights of a multilayer perceptron lie in its one flat parameter vector; NumPy only.

Per layer, in order, a matrix (out, in + 1) row by row: the weights, and the biases as its last column.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from nnprobe_core.errors import ConfigError

Array = np.ndarray


def shapes(widths: Sequence[int]) -> list[tuple[int, int]]:
    """(out, in) of each weight matrix of a network with these units per layer, input and logits included."""
    return [(out, units) for units, out in pairwise(widths)]


def size(widths: Sequence[int]) -> int:
    """How many numbers the flat vector has."""
    return sum(out * (units + 1) for out, units in shapes(widths))


def matrices(widths: Sequence[int], flat: Array) -> list[tuple[Array, Array]]:
    """Copies of the weights W (…, out, in) and biases b (…, out) of each layer, from vectors ``flat`` (…, size)."""
    flat = np.asarray(flat)
    if flat.ndim < 1 or flat.shape[-1] != size(widths):
        text = "-".join(map(str, widths))
        raise ConfigError("flat", f"of {size(widths)} numbers along its last axis, for a network {text}", flat.shape)
    layers, at = [], 0
    for out, units in shapes(widths):
        block = flat[..., at : at + out * (units + 1)].reshape(*flat.shape[:-1], out, units + 1)
        layers.append((block[..., :-1].copy(), block[..., -1].copy()))
        at += out * (units + 1)
    return layers


def flatten(layers: Sequence[tuple[Array, Array]]) -> Array:
    """The flat vector of these weights (out, in) and biases (out,)."""
    return np.concatenate([np.column_stack([weight, bias]).reshape(-1) for weight, bias in layers])
