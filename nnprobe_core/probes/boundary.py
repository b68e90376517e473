"""Boundary: the class predicted all over the plane, and how sure; and, once, the points that belong into it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.spatial import cKDTree

from nnprobe_core.maths.softmax import confidence
from nnprobe_core.probes.protocol import Array, ArraySpec, Setup, StepView

CELLS = 100  #: per side
FAR = 0.10  #: of the points' longer range: farther than this from any training point, a confidence says nothing


class BoundaryProbe:
    """Looks at every frame; carries nothing.

    Confidence is the largest softmax probability × 255, so never below 255 / classes; 0 stands for a cell whose
    logits are not finite, whose class is then 0. Far from all data networks are sure of anything (Hein et al. 2019,
    "Why ReLU networks yield high-confidence predictions far away from the training data"): ``data.far`` marks that.
    """

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        x0, x1, y0, y1 = setup.extent
        middles = (np.arange(CELLS) + 0.5) / CELLS
        cells = np.meshgrid(x0 + middles * (x1 - x0), y0 + middles * (y1 - y0))
        self._grid = np.stack(cells, axis=-1).reshape(-1, 2).astype(np.float32)
        self._reach = FAR * float(np.ptp(setup.x_train, axis=0).max())

    def declare(self) -> Mapping[str, ArraySpec]:
        setup = self._setup
        n, m = len(setup.shown), len(setup.shown_test)
        return {
            "data.x": ArraySpec("float32", (n, 2)),
            "data.y": ArraySpec("uint8", (n,)),
            "data.x_test": ArraySpec("float32", (m, 2)),
            "data.y_test": ArraySpec("uint8", (m,)),
            "data.extent": ArraySpec("float32", (4,)),
            "data.far": ArraySpec("uint8", (CELLS, CELLS)),
            "boundary.class": ArraySpec("uint8", (CELLS, CELLS)),
            "boundary.confidence": ArraySpec("uint8", (CELLS, CELLS)),
        }

    def due(self, index: int, last: int) -> bool:
        del index, last
        return True

    def look(self, view: StepView, *, first: bool) -> Mapping[str, Array]:
        # A few classes, many cells: one long row per class.
        winner, sure = confidence(np.ascontiguousarray(view.predict(self._grid).T), axis=0)
        arrays = {
            "boundary.class": winner.reshape(CELLS, CELLS),
            "boundary.confidence": sure.reshape(CELLS, CELLS),
        }
        return {**self._data(), **arrays} if first else arrays

    def _data(self) -> dict[str, Array]:
        setup = self._setup
        nearest, _ = cKDTree(setup.x_train).query(self._grid, distance_upper_bound=self._reach)
        return {
            "data.x": setup.x_train[setup.shown].astype(np.float32),
            "data.y": setup.y_train[setup.shown].astype(np.uint8),
            "data.x_test": setup.x_test[setup.shown_test].astype(np.float32),
            "data.y_test": setup.y_test[setup.shown_test].astype(np.uint8),
            "data.extent": setup.extent.astype(np.float32),
            "data.far": (~np.isfinite(nearest)).astype(np.uint8).reshape(CELLS, CELLS),
        }

    def state(self) -> Mapping[str, Array]:
        return {}

    def restore(self, state: Mapping[str, Array]) -> None:
        del state
