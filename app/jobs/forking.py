"""Forking a recorded run: where it can be left, and the copy of its film up to there that a new run goes on with.

A film that ships has no checkpoints to go on from, so its run is made again up to the fork: same config, same film.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.store.recorder import Recorder
from app.store.routed import is_untrained
from app.store.shipped import is_shipped
from app.store.weights import read_checkpoints
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError, NnprobeError, UnknownFieldError
from nnprobe_core.fields import whole
from nnprobe_core.frame import CHECKPOINTS, Frame, decode, encode, header
from nnprobe_core.record import FrameLog, read
from nnprobe_core.training.fork import Fork, fork
from nnprobe_core.training.schedule import checkpoint_due, frame_steps


class NoForkError(NnprobeError):
    """The run has nothing from which another one could go on."""

    http_status = 409


def forked(log: FrameLog, run: str, request: Mapping[str, Any]) -> Fork:
    """What ``{"seq": …, "config": {changed fields}}`` asks of ``run``: to be left at its newest checkpoint at or before
    frame ``seq`` of its film (left out: of all of it).

    Raises NoForkError for a run that cannot be forked, and ConfigError and UnknownFieldError for what is asked.
    """
    unknown = sorted(str(name) for name in set(request) - {"seq", "config"})
    if unknown:
        raise UnknownFieldError(unknown, ["seq", "config"])
    changes, last = request.get("config", {}), log.last(run)
    if not isinstance(changes, Mapping):
        raise ConfigError("config", "a mapping of changed fields", changes)
    kind = log.status(run).config.get("kind", "run")
    if kind != "run":
        raise NoForkError(f"The run {run} must be of one network to be forked; it is of kind {kind}.")
    if is_untrained(run):
        raise NoForkError(f"The run {run} must have trained to be forked: Train begins it.")
    config = RunConfig.from_mapping(log.status(run).config)
    found = _to_be_made(config) if is_shipped(run) else list(read_checkpoints(log, run))
    if not found:
        raise NoForkError(f"The run {run} must have a checkpoint to be forked; it has none.")
    seq = whole("seq", request.get("seq", last), 0, 2**31)
    step = header(log.range(run, min(seq, last), min(seq, last) + 1)[0])["step"]
    return fork(config, found, changes, step)


def _to_be_made(config: RunConfig) -> list[Frame]:
    """Where a run of ``config`` will have its checkpoints."""
    steps, head = frame_steps(config.steps, config.frames), {"config": config.to_mapping()}
    due = [step for index, step in enumerate(steps) if checkpoint_due(index, len(steps) - 1)]
    return [Frame(step, {}, track=CHECKPOINTS, header=head) for step in due]


def origin(parent: str, branch: Fork) -> dict[str, Any]:
    """How a status and a film name where a run comes from: which run, at which step, with which settings up to there;
    and whether its optimiser starts with nothing remembered."""
    return {"run": parent, "step": branch.step, "config": branch.parent.to_mapping(), "fresh": branch.fresh}


def first_frame(frame: Frame, config: RunConfig, fork: Mapping[str, Any]) -> Frame:
    """The first frame of a fork's film, from its parent's."""
    return replace(frame, header={**frame.header, "config": config.to_mapping(), "fork": dict(fork)})


def copy_film(log: FrameLog, parent: str, child: str, branch: Fork) -> int:
    """Give ``child`` the frames of ``parent`` up to the fork, and the checkpoints it goes on from; returns how many
    frames. But for the first frame and the last checkpoint, which name the fork, they are shared."""
    if is_shipped(parent):
        return 0
    count = _place(log, parent, branch.step) + 1
    (first,) = log.range(parent, 0, 1)
    log.append(child, 0, encode(first_frame(decode(first), branch.config, origin(parent, branch))))
    log.share(child, parent, count)
    log.share(child, parent, len(branch.checkpoints) - 1, CHECKPOINTS)
    log.append(child, len(branch.checkpoints) - 1, encode(branch.checkpoints[-1]), CHECKPOINTS)
    return count


def remake(recorder: Recorder, config: RunConfig, origin: Mapping[str, Any]) -> list[Frame]:
    """Train what a fork with ``config`` goes on from up to there, as fast as possible, into its own film; returns its
    checkpoints. Only in a job: it needs torch."""
    from nnprobe_core.training.trainer import Trainer

    saved: list[Frame] = []
    for frame in Trainer(RunConfig.from_mapping(origin["config"])).frames():
        if frame.track == CHECKPOINTS:
            saved.append(frame)
        else:
            recorder.append(frame if frame.step else first_frame(frame, config, origin))
        if saved and saved[-1].step == origin["step"]:
            break
    checkpoints = fork(config, saved, {}, origin["step"]).checkpoints
    for checkpoint in checkpoints:
        recorder.append(checkpoint)
    return checkpoints


def _place(log: FrameLog, run: str, step: int) -> int:
    """Where in the film the scheduled frame of ``step`` is."""
    for seq, head in enumerate(map(header, read(log, run))):
        if head["step"] == step and not head["extra"]:
            return seq
    return log.last(run)
