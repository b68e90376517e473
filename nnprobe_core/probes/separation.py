"""Separation: how well each layer parts the classes, by neighbours (Henze-Penrose) and by a hyperplane."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from nnprobe_core.maths.henze_penrose import draw_subsets, pairwise, resampled
from nnprobe_core.maths.linear_probe import linear_probe
from nnprobe_core.maths.sites import find_sites
from nnprobe_core.probes.protocol import Array, ArraySpec, Setup, StepView

EVERY = 15  #: frames
RESAMPLES = 30
PER_CLASS = 80
PAIRS = 10  #: from so many class pairs on, a value per pair tells more than one per resample

_NAN = float("nan")


class SeparationProbe:
    """Looks at every 15th frame, the first and the last; carries nothing.

    ``separation.values`` are unclipped: clipping is the display's, since it lifts the mean of what is not separated.
    Columns are class pairs (0, 1), (0, 2), …, NaN where one has no point; or seeded subsets of 80 points per class
    (fewer where the smallest class has fewer than 100), the same ones in all frames and layers.
    """

    def __init__(self, setup: Setup) -> None:
        self._labels = setup.y_train[setup.shown].astype(np.intp)
        self._labels_test = setup.y_test[setup.shown_test].astype(np.intp)
        self._layers, self._seed = len(setup.widths), setup.seed
        self._pairs = list(combinations(range(setup.n_classes), 2))
        self._one_class = len(np.unique(self._labels)) < 2
        self._subsets = (
            None
            if self._by_pair or self._one_class
            else draw_subsets(self._labels, resamples=RESAMPLES, per_class=PER_CLASS, seed=setup.seed)
        )
        self._input: tuple[Array, ...] | None = None  # the input never changes: looked at once

    @property
    def _by_pair(self) -> bool:
        return len(self._pairs) >= PAIRS

    def declare(self) -> Mapping[str, ArraySpec]:
        columns = len(self._pairs) if self._by_pair else RESAMPLES
        return {
            "series.separation": ArraySpec("float32", (self._layers, 5)),
            "series.baseline": ArraySpec("float32", (self._layers, 2)),
            "separation.values": ArraySpec("float32", (self._layers, columns)),
            "separation.sites": ArraySpec("int32", (self._layers, 2)),
        }

    def due(self, index: int, last: int) -> bool:
        return index % EVERY == 0 or index == last

    def look(self, view: StepView, *, first: bool) -> Mapping[str, Array]:
        del first
        seen = []
        for layer, (output, test) in enumerate(zip(view.shown(), view.test(), strict=True)):
            if layer == 0:
                self._input = self._input or self._see(output, test)
                seen.append(self._input)
            else:
                seen.append(self._see(output, test))
        series, baseline, values, sites = (np.stack(parts) for parts in zip(*seen, strict=True))
        return {
            "series.separation": series.astype(np.float32),
            "series.baseline": baseline.astype(np.float32),
            "separation.values": values.astype(np.float32),
            "separation.sites": sites.astype(np.int32),
        }

    def _see(self, output: Array, test: Array) -> tuple[Array, ...]:
        """Of one layer: the rows of both series, the values, the sites and points."""
        values = np.full(len(self._pairs) if self._by_pair else RESAMPLES, _NAN)
        if self._one_class or not np.isfinite(output).all():
            return np.full(5, _NAN), np.full(2, _NAN), values, np.array([0, len(output)])
        sites = find_sites(output)
        if self._subsets is None:
            found = pairwise(output, self._labels, sites=sites)
            values[:] = [found[pair].raw if pair in found else _NAN for pair in self._pairs]
        else:
            values[:] = resampled(output, self._labels, self._subsets, sites=sites)
        probe = linear_probe(output, self._labels, test, self._labels_test, seed=self._seed)
        known = values[np.isfinite(values)]
        row = np.array([known.mean(), probe.accuracy, probe.low, probe.high, probe.baseline])
        baseline = np.array([probe.baseline_low, probe.baseline_high])
        return row, baseline, values, np.array([len(sites[1]), len(output)])

    def state(self) -> Mapping[str, Array]:
        return {}

    def restore(self, state: Mapping[str, Array]) -> None:
        del state
