"""Columns: what stands where along the last axis of a film's arrays, by name. One table, for films of every kind.

Pages, series, summaries and docs/film-format.md have the names from here, so that what reads a column says its name,
and a name that there is not is an error. Arrays whose last axis counts something (points, layers, sizes) have none.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

LOSSES = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
EXTENT = ("x0", "x1", "y0", "y1")

#: By array; ``spectrum.eig`` stands for ``spectrum.eig.1``, ``spectrum.eig.2``, …
COLUMNS: Mapping[str, tuple[str, ...]] = {
    # any kind
    "data.extent": EXTENT,
    "series.loss": LOSSES,
    "series.baseline": ("low", "high"),
    # a run
    "data.x": ("x", "y"),
    "data.x_test": ("x", "y"),
    "series.training": ("learning_rate", "epoch"),
    "series.gradients": ("norm", "zeros", "ratio", "update", "signal"),
    "series.verdict": ("code", "layer", "step", "unused"),
    "series.spectrum": ("frobenius", "spectral", "complex", "spread", "grown", "radius"),
    "series.eigenvalues": ("moved",),
    "series.mapping": ("share", "turn", "mean_displacement", "max_displacement"),
    "series.robustness": ("attack", "noise"),
    "series.separation": ("value", "probe", "low", "high", "chance"),
    "spectrum.eig": ("real", "imaginary"),
    "separation.sites": ("sites", "points"),
    # a sweep
    "sweep.cells": ("first", "second", "seed"),
    "sweep.scores": LOSSES,
    "sweep.eigen": ("complex", "spread"),
    "fates.extent": EXTENT,
    # an attack study
    "series.attack": ("accuracy", "noise_accuracy", "confidence_before", "confidence_after"),
    "series.change": ("epsilon", "success", "linf", "l2"),
    "attack.predicted": ("before", "after"),
    "attack.confidence": ("before", "after"),
    "attack.size": ("linf", "l2"),
    # a separation study
    "series.stage": ("step", "epoch"),
    "series.probe": ("accuracy", "low", "high", "chance"),
    "separation.pairs": ("first", "second"),
}


def by_column(array: str, values: np.ndarray) -> dict[str, np.ndarray]:
    """``values`` (…, columns) of an array as its columns (…), by name; ValueError where their number is another one."""
    return dict(zip(COLUMNS[array], np.moveaxis(values, -1, 0), strict=True))
