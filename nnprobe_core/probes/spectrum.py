"""Spectrum: singular values of every weight matrix; eigenvalues of the square ones, each followed over time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnprobe_core.maths.matching import match
from nnprobe_core.maths.spectra import circle_radius, spectrum
from nnprobe_core.probes.protocol import Array, ArraySpec, Setup, StepView

WIDE = 64  #: beyond this width eigenvalues are costly, and looked at every fifth frame
EVERY = 5


class SpectrumProbe:
    """Looks at every frame up to width 64, else at every 5th, the first and the last.

    Carries the eigenvalues it has seen last, in their order: row k of ``spectrum.eig.i`` is the same eigenvalue in
    every frame, as far as one can be told from another by moving little (:mod:`nnprobe_core.maths.matching`).
    """

    def __init__(self, setup: Setup) -> None:
        self._shapes = setup.weight_shapes
        self._radii = [
            circle_radius(sigma, fan_in) for sigma, (_, fan_in) in zip(setup.init_sigma, self._shapes, strict=True)
        ]
        self._every = 1 if max(setup.widths) <= WIDE else EVERY
        self._seen: dict[int, Array] = {}  # of matrix i, float32 (n, 2)

    def declare(self) -> Mapping[str, ArraySpec]:
        count = len(self._shapes)
        arrays = {
            "series.spectrum": ArraySpec("float32", (count, 6)),
            "series.eigenvalues": ArraySpec("float32", (count, 1)),
        }
        for index, (out, fan_in) in enumerate(self._shapes, 1):
            arrays[f"spectrum.sv.{index}"] = ArraySpec("float32", (min(out, fan_in),))
            if out == fan_in:
                arrays[f"spectrum.eig.{index}"] = ArraySpec("float32", (out, 2))
        return arrays

    def due(self, index: int, last: int) -> bool:
        return index % self._every == 0 or index == last

    def look(self, view: StepView, *, first: bool) -> Mapping[str, Array]:
        del first
        arrays: dict[str, Array] = {}
        series, moved = np.empty((len(self._shapes), 6)), np.full((len(self._shapes), 1), np.nan, np.float32)
        for index, (weights, radius) in enumerate(zip(view.weights, self._radii, strict=True), 1):
            seen = spectrum(weights)
            spread = float(weights.std(dtype=np.float64)) if np.isfinite(seen.frobenius) else float("nan")
            grown = circle_radius(spread, weights.shape[1])
            series[index - 1] = seen.frobenius, seen.spectral, seen.complex_count, seen.moduli_spread, grown, radius
            arrays[f"spectrum.sv.{index}"] = seen.singular_values.astype(np.float32)
            if seen.eigenvalues is not None:
                pairs = np.stack([seen.eigenvalues.real, seen.eigenvalues.imag], axis=1)
                arrays[f"spectrum.eig.{index}"], moved[index - 1] = self._follow(index, pairs.astype(np.float32))
        return {"series.spectrum": series.astype(np.float32), "series.eigenvalues": moved, **arrays}

    def _follow(self, index: int, now: Array) -> tuple[Array, float]:
        """Eigenvalues (n, 2) in the order they were seen in last, and how far they have moved since in the mean."""
        before, distance = self._seen.get(index), float("nan")
        if not np.isfinite(now).all():
            return now, distance
        if before is not None:
            now = now[match(before, now)]
            distance = float(np.hypot(*(now.astype(np.float64) - before).T).mean())
        self._seen[index] = now
        return now, distance

    def state(self) -> Mapping[str, Array]:
        return {f"eig.{index}": value for index, value in self._seen.items()}

    def restore(self, state: Mapping[str, Array]) -> None:
        self._seen = {int(key.removeprefix("eig.")): value for key, value in state.items()}
