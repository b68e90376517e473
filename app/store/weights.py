"""The weights of a run, out of its log: those of one frame, and those of all. NumPy only: the web process asks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnprobe_core.config import RunConfig
from nnprobe_core.errors import NnprobeError
from nnprobe_core.frame import CHECKPOINTS, FILM, Frame, decode, header
from nnprobe_core.record import FrameLog
from nnprobe_core.weights import Snapshots, named


class NoWeightsError(NnprobeError):
    """The run has no recorded weights, or none of one network."""

    http_status = 404


@dataclass(frozen=True)
class Weights:
    """The parameters of a run's network as they were at one frame of its film.

    Attributes
    ----------
    seq, step : int
        Of that frame.
    config : RunConfig
        Its ``widths`` and ``activation`` say which network it is.
    flat : ndarray (size,) float32
        See :mod:`nnprobe_core.models.layout`.
    """

    seq: int
    step: int
    config: RunConfig
    flat: np.ndarray

    def frame(self) -> Frame:
        """As arrays ``weight.i`` (out, in) and ``bias.i`` (out,), i counting from 1."""
        head = {"config": self.config.to_mapping(), "seq": self.seq}
        return Frame(self.step, named(self.config.widths, self.flat), header=head)


def weights_at(log: FrameLog, run: str, seq: int | None = None) -> Weights:
    """The newest recorded weights at or before frame ``seq`` of the film (None: of all of it).

    Raises NoWeightsError where there are none, RunNotFoundError and RunPrunedError.
    """
    check_weights(log, run)
    last, saved = log.last(run), log.last(run, CHECKPOINTS) + 1
    step = _step(log, run, last if seq is None else min(seq, last), FILM)
    at = min(bisect_left(range(saved), step, key=lambda at: _step(log, run, at, CHECKPOINTS)), saved - 1)
    part = _snapshots(log, run, at)
    if part.steps[0] > step:  # between two checkpoints: the newest of the one before
        part = _snapshots(log, run, at - 1)
    index = int(np.searchsorted(part.steps, step, side="right")) - 1
    step = int(part.steps[index])
    return Weights(_seq(log, run, step), step, part.config, part.flat[index].copy())


def check_weights(log: FrameLog, run: str) -> None:
    """NoWeightsError unless ``run`` has recorded weights of one network."""
    kind = log.status(run).config.get("kind", "run")
    if kind != "run":
        raise NoWeightsError(f"The run {run} must be of one network to have weights over time; it is of kind {kind}.")
    if log.last(run, CHECKPOINTS) < 0:
        raise NoWeightsError(f"The run {run} must have a checkpoint to have recorded weights; it has none yet.")


def read_checkpoints(log: FrameLog, run: str) -> Iterator[Frame]:
    """All checkpoints of ``run``, oldest first, one at a time."""
    for at in range(log.last(run, CHECKPOINTS) + 1):
        for data in log.range(run, at, at + 1, CHECKPOINTS):
            yield decode(data, track=CHECKPOINTS)


def _snapshots(log: FrameLog, run: str, at: int) -> Snapshots:
    return Snapshots.of(decode(log.range(run, at, at + 1, CHECKPOINTS)[0], track=CHECKPOINTS))


def _step(log: FrameLog, run: str, seq: int, track: str) -> int:
    return int(header(log.range(run, seq, seq + 1, track)[0])["step"])


def _seq(log: FrameLog, run: str, step: int) -> int:
    """Where in the film the scheduled frame of ``step`` is; frames made by hand may be of the same step."""
    steps = range(log.last(run) + 1)
    seq = bisect_right(steps, step, key=lambda at: _step(log, run, at, FILM)) - 1
    while seq > 0 and header(log.range(run, seq, seq + 1)[0])["extra"]:
        seq -= 1
    return seq
