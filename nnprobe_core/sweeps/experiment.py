"""Sweep: a generator of frames in which up to 64 networks learn at a time, and the results grow cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nnprobe_core.datasets.own import OwnData
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import CHECKPOINTS, Frame
from nnprobe_core.sweeps.config import SweepConfig
from nnprobe_core.sweeps.results import SweepResults
from nnprobe_core.sweeps.wave import Wave
from nnprobe_core.training.conductor import Conductor, Progress
from nnprobe_core.training.inbox import Inbox
from nnprobe_core.training.network import Array
from nnprobe_core.training.schedule import frame_steps

_WHEN_DONE = ("eigen", "noise", "attack")


class Sweep:
    """The sweep of ``config``, from its start or from where its checkpoints left it.

    Parameters
    ----------
    config : SweepConfig
    checkpoints : sequence of Frame
        The sweep's checkpoint track, oldest first: what is done is not done again, and the film goes on with the
        bytes it would have had.
    data : OwnData, optional
        The points of one's own that the config names.

    Attributes
    ----------
    results : SweepResults
        As they stand; they grow while frames are drawn.

    Networks train in waves of 64, and those of a wave side by side: the film's step counts the steps of the waves
    before and of the present one. A checkpoint follows each wave.
    """

    def __init__(self, config: SweepConfig, *, checkpoints: Sequence[Frame] = (), data: OwnData | None = None) -> None:
        self.config, self._data = config, data
        self.results = SweepResults.empty(config)
        self._lengths = [max(config.cells[index].config.steps for index in wave) for wave in config.waves]
        self._wave = 0
        for checkpoint in checkpoints:
            self._adopt(checkpoint)
        self.progress = Progress(self._start, config.planned, 0.0, 0.0)

    @property
    def _start(self) -> int:
        """The film's step at which the present wave begins."""
        return sum(self._lengths[: self._wave])

    def _adopt(self, checkpoint: Frame) -> None:
        if checkpoint.header.get("config") != self.config.to_mapping() or checkpoint.header.get("wave") != self._wave:
            raise ConfigError("checkpoints", "all of this sweep's, from its first on", f"one of step {checkpoint.step}")
        cells = list(self.config.waves[self._wave])
        for name, array in self.results.arrays().items():
            array[cells] = checkpoint.arrays[name]
        self._wave += 1

    def frames(self, inbox: Inbox | None = None, pace: float = 0) -> Iterator[Frame]:
        """All frames to come; may be called once. ``pace``: frames per second, 0 for as fast as possible."""
        conductor = Conductor(self.progress, inbox, pace)
        while self._wave < len(self._lengths):
            yield from self._train(conductor)
            if self.progress.stopped:
                return

    def _train(self, conductor: Conductor) -> Iterator[Frame]:
        index, start = self._wave, self._start
        cells, last = self.config.waves[index], start + self._lengths[index]
        wave = Wave(self.config, cells, self.results, self._data)
        share = max(2, round(self.config.frames * self._lengths[index] / self.config.planned))
        for place in frame_steps(self._lengths[index], share):
            if place == 0 and index:
                continue  # the frame before has the same step
            while conductor.go() and not wave.advance(place, conductor.interrupted):
                pass
            if self.progress.stopped:
                return
            wave.look()
            if start + place == last:
                wave.measure()
            yield self._frame(wave, start + place, finished=start + place == last)
            conductor.shown(start + place)
        self._wave += 1
        arrays = {name: array[list(cells)] for name, array in self.results.arrays().items()}
        yield Frame(last, arrays, track=CHECKPOINTS, header={"config": self.config.to_mapping(), "wave": index})

    def _frame(self, wave: Wave, step: int, *, finished: bool) -> Frame:
        results = self.results
        arrays: dict[str, Array] = {
            "sweep.state": results.state.copy(),
            "sweep.step": results.step.copy(),
            "sweep.scores": results.scores.copy(),
            "sweep.frobenius": results.frobenius.copy(),
            "series.loss": _middle(results.scores),
        }
        if not self._wave:
            arrays |= wave.fates()
        if finished:
            arrays |= {f"sweep.{name}": results.arrays()[name].copy() for name in _WHEN_DONE}
        if step:
            return Frame(step, arrays)
        arrays["sweep.cells"] = np.array([(*cell.places, cell.seed) for cell in self.config.cells], np.int32)
        arrays["fates.extent"] = wave.extents()
        return Frame(0, arrays, header=self._header())

    def _header(self) -> dict[str, object]:
        """What the first frame says of the sweep: its config, its axes, and the link of each network's run."""
        axes = [
            {"field": axis.field, "label": axis.label, "values": list(axis.texts), "numeric": axis.numeric}
            for axis in self.config.axes
        ]
        links = [cell.config.to_query() for cell in self.config.cells]
        return {"config": self.config.to_mapping(), "axes": axes, "links": links}


def sweep(config: SweepConfig, checkpoints: Sequence[Frame] = (), *, data: OwnData | None = None) -> SweepResults:
    """What a sweep of ``config`` finds, without its film."""
    made = Sweep(config, checkpoints=checkpoints, data=data)
    for _ in made.frames():
        pass
    return made.results


def _middle(scores: Array) -> Array:
    """The mean scores of all networks that have any, float32 (4,)."""
    known = scores[np.isfinite(scores).all(axis=1)]
    return known.mean(axis=0) if len(known) else np.full(4, np.nan, np.float32)
