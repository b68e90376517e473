"""Wave: the networks of a sweep that train side by side, in as few ensembles as their shapes allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.own import OwnData
from nnprobe_core.sweeps import measures
from nnprobe_core.sweeps.config import SweepConfig
from nnprobe_core.sweeps.results import DONE, TRAINING, SweepResults
from nnprobe_core.training.ensemble import Ensemble, groups
from nnprobe_core.training.network import Array


@dataclass
class _Group:
    """An ensemble, the cell that each of its rows is, and, where it is shown, the cells of each row's boundary."""

    ensemble: Ensemble
    cells: Array
    boxes: Array
    grid: Array
    seen: int = -1  # the step of its last scores

    @property
    def steps(self) -> int:
        return self.ensemble.configs[0].steps


class Wave:
    """Networks ``indices`` of ``config``, at step 0; what it sees goes into ``results``."""

    def __init__(
        self, config: SweepConfig, indices: Sequence[int], results: SweepResults, data: OwnData | None = None
    ) -> None:
        self._config, self._results, self._indices = config, results, np.array(indices)
        configs: list[RunConfig] = [config.cells[index].config for index in indices]
        self._groups = []
        for members in groups(configs):
            ensemble = Ensemble([configs[member] for member in members], data=data)
            cells = self._indices[np.array(members)[ensemble.rows]]
            boxes = measures.extents(ensemble)
            self._groups.append(_Group(ensemble, cells, boxes, measures.grids(boxes)))
        self.steps = max(group.steps for group in self._groups)
        results.state[self._indices] = TRAINING

    def advance(self, step: int, interrupted: Callable[[], bool]) -> bool:
        """Train every network to ``step``, or to its own end; False where interrupted before."""
        for group in self._groups:
            target = min(step, group.steps)
            group.ensemble.advance(target, interrupted)
            if group.ensemble.step < target:
                return False
        return True

    def look(self) -> None:
        """Scores and norms of all networks as they stand, into the results."""
        for group in self._groups:
            if group.seen != group.ensemble.step:
                group.seen = group.ensemble.step
                self._results.step[group.cells] = group.ensemble.step
                self._results.scores[group.cells] = measures.scores(group.ensemble)
                self._results.frobenius[group.cells] = measures.norms(group.ensemble, self._config.layers)

    def fates(self) -> dict[str, Array]:
        """The boundaries of this wave's networks, in their order."""
        count = len(self._indices)
        arrays = {
            "fates.class": np.zeros((count, measures.FATE, measures.FATE), np.uint8),
            "fates.confidence": np.zeros((count, measures.FATE, measures.FATE), np.uint8),
        }
        for group in self._groups:
            places = group.cells - self._indices[0]
            arrays["fates.class"][places], arrays["fates.confidence"][places] = measures.fates(
                group.ensemble, group.grid
            )
        return arrays

    def extents(self) -> Array:
        """Where each boundary lies, float32 (networks, 4)."""
        out = np.empty((len(self._indices), 4), np.float32)
        for group in self._groups:
            out[group.cells - self._indices[0]] = group.boxes
        return out

    def measure(self) -> None:
        """The networks are done: eigenvalues, noise and attack into the results."""
        results, config = self._results, self._config
        for group in self._groups:
            ensemble, cells = group.ensemble, group.cells
            results.eigen[cells] = measures.eigenvalues(ensemble, config.layers)
            results.noise[cells] = measures.under_noise(ensemble, config.test_noise)
            results.attack[cells] = measures.under_attack(ensemble, config.epsilons)
        results.state[self._indices] = DONE
