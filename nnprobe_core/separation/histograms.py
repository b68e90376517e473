"""Histograms of the separations of class pairs: layer by layer or all at once, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nnprobe_core.errors import ConfigError
from nnprobe_core.separation.table import Table

Array = np.ndarray

BINS = 100


@dataclass(frozen=True)
class Histograms:
    """Counts of class pairs.

    Attributes
    ----------
    counts : int (stages, layers, bins)
        ``layers`` is 1 where they are taken together. Values below 0 are in the first bin; NaN is in none.
    edges : (bins + 1,)
        From 0 to 1.
    stages, layers : tuples of str
    """

    counts: Array
    edges: Array
    stages: tuple[str, ...]
    layers: tuple[str, ...]


def histograms(
    table: Table,
    *,
    set: str = "train",  # noqa: A002
    stages: Sequence[str] | None = None,
    by: str = "layer",
    bins: int = BINS,
) -> Histograms:
    """Histograms of the pairwise values on [0, 1] of one ``set``.

    ``stages``: which ones; the first and the last (before and after) unless given. ``by``: ``layer``, or ``all`` for
    all layers but the input together.
    """
    if by not in ("layer", "all"):
        raise ConfigError("by", "layer or all", by)
    if bins < 1:
        raise ConfigError("bins", "a whole number from 1 on", bins)
    chosen = tuple(dict.fromkeys(stages if stages is not None else (table.stages[0], table.stages[-1])))
    groups = [(layer,) for layer in table.layers] if by == "layer" else [table.layers[1:]]
    counts = [
        [count(np.concatenate([table.values(set, stage, layer) for layer in group]), bins) for group in groups]
        for stage in chosen
    ]
    names = table.layers if by == "layer" else ("all layers",)
    return Histograms(np.array(counts), np.linspace(0, 1, bins + 1), chosen, names)


def count(values: Array, bins: int = BINS) -> Array:
    """How many of ``values`` are in each of ``bins`` equal parts of [0, 1]: (bins,)."""
    known = np.clip(values[np.isfinite(values)], 0, 1)
    return np.asarray(np.histogram(known, bins, (0, 1))[0])
