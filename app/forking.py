"""Forking a recorded run: where it can be left, and the copy of its film up to there that a new run goes on with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.weights import read_checkpoints
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError, NnprobeError, UnknownFieldError
from nnprobe_core.fields import whole
from nnprobe_core.frame import CHECKPOINTS, FILM, decode, encode, header
from nnprobe_core.record import FrameLog
from nnprobe_core.training.fork import Fork, fork

_BATCH = 64


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
    # The weights that ship with a film are enough to read, and not to go on from.
    found = [saved for saved in read_checkpoints(log, run) if any(name.startswith("probe.") for name in saved.arrays)]
    if not found:
        raise NoForkError(f"The run {run} must have a checkpoint to be forked; it has none.")
    seq = whole("seq", request.get("seq", last), 0, 2**31)
    step = header(log.range(run, min(seq, last), min(seq, last) + 1)[0])["step"]
    return fork(RunConfig.from_mapping(log.status(run).config), found, changes, step)


def copy_film(log: FrameLog, parent: str, child: str, branch: Fork) -> int:
    """Give ``child`` the frames of ``parent`` up to the fork, and the checkpoints it goes on from; returns how many
    frames. The first one says the new config, and ``fork``: of which run, at which step, whether the optimiser starts
    anew."""
    count = 0
    for count, data in enumerate(_frames_up_to(log, parent, branch.step), 1):
        if count == 1:
            first = decode(data)
            head = {"config": branch.config.to_mapping(), "fork": origin(parent, branch)}
            data = encode(replace(first, header={**first.header, **head}))
        log.append(child, count - 1, data)
    for seq, checkpoint in enumerate(branch.checkpoints):
        log.append(child, seq, encode(checkpoint), CHECKPOINTS)
    return count


def origin(parent: str, branch: Fork) -> dict[str, Any]:
    """How a status and a film name where a run comes from."""
    return {"run": parent, "step": branch.step, "fresh": branch.fresh}


def _frames_up_to(log: FrameLog, run: str, step: int) -> Iterator[bytes]:
    """The frames up to the scheduled one of ``step``, those made by hand included."""
    for start in range(0, log.last(run) + 1, _BATCH):
        for data in log.range(run, start, start + _BATCH, FILM):
            yield data
            head = header(data)
            if head["step"] == step and not head["extra"]:
                return
