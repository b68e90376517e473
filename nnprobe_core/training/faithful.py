"""Layer outputs as they are looked at: where float32 would show its rounding, they are computed again in float64."""

from __future__ import annotations

import numpy as np

from nnprobe_core.training.network import Array, Network

NARROW = 1e-4  #: a layer's spread, of its mean's size, below which float32 shows rounding as structure
_SAMPLE = 64  # points that a layer is judged by


def faithful_layers(network: Network, x: Array) -> list[Array]:
    """Outputs (n, width) of every layer on points (n, 2): float32, and float64 of a layer that is :func:`narrow`.

    A network whose arithmetic float64 cannot repeat keeps its float32.
    """
    layers = network.layers(x)
    if not any(map(narrow, layers[1:])):
        return layers
    exact = network.layers64(x)
    if exact is None:
        return layers
    return [again if narrow(layer) else layer for layer, again in zip(layers, exact, strict=True)]


def narrow(layer: Array) -> bool:
    """Whether the points of a layer (n, width) lie so close together, and so far from 0, that their last digits count.

    Six layers of sigmoids from small weights differ from point to point by 10⁻⁶ of what they have in common; drawn
    from float32, that is a lattice. Where all points are one there is nothing to see.
    """
    if not len(layer):
        return False
    some = layer[:: -(-len(layer) // _SAMPLE)].astype(np.float64)
    centre = some.mean(axis=0)
    spread = np.sqrt(np.square(some - centre).sum(axis=1).mean())
    return bool(0 < spread < NARROW * np.linalg.norm(centre))
