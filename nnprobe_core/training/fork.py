"""Forks: a run that leaves another one at a checkpoint and goes on with other settings; NumPy only.

A fork is a stopped run that is continued. Its checkpoints are its parent's, of which the last says the new config; the
trainer goes on from there as from its own, so that with nothing changed it gives the bytes its parent gave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError, UnknownFieldError
from nnprobe_core.frame import Frame

#: What may be other than in the parent. The rest is what the film shows up to there: points and network.
CHANGEABLE = (
    "optimiser",
    "lr",
    "lr_schedule",
    "momentum",
    "weight_decay",
    "batch_size",
    "steps",
    "shuffle",
    "seed_batch",
    "frames",
)


@dataclass(frozen=True)
class Fork:
    """Where a run is forked, and what it goes on with.

    Attributes
    ----------
    config : RunConfig
        Of the new run.
    parent : RunConfig
        What the checkpoint says that was gone on with up to here.
    step : int
        Of that checkpoint.
    checkpoints : list of Frame
        What ``Trainer(config, checkpoints=…)`` is to go on from.
    fresh : bool
        Whether the optimiser starts with nothing remembered, since it is another one.
    """

    config: RunConfig
    parent: RunConfig
    step: int
    checkpoints: list[Frame]
    fresh: bool


def fork(config: RunConfig, checkpoints: Sequence[Frame], changes: Mapping[str, Any], step: int) -> Fork:
    """The run of ``config`` with ``checkpoints`` (all of its track, oldest first), left at its newest one up to
    ``step`` with ``changes`` of its settings.

    A changed ``lr`` or ``lr_schedule`` holds from the fork on, the rate at that step as an entry of the schedule: so
    the config says of every step at which rate it was taken. Epochs, and the order of the points in each, are counted
    by the new ``batch_size`` as if it had always been that.

    Raises ConfigError for a field that cannot be changed or not to this, and where no checkpoint is that early.
    """
    kept = [checkpoint for checkpoint in checkpoints if checkpoint.step <= step]
    if not kept:
        first = f"at least {checkpoints[0].step}" if checkpoints else "of a checkpoint"
        raise ConfigError("step", f"{first}, where the run can be forked first", step)
    last, saved = kept[-1], RunConfig.from_mapping(kept[-1].header["config"])
    wanted = _changed(config, changes)
    if wanted.steps <= last.step:
        raise ConfigError("steps", f"above {last.step}, at which the run is forked", wanted.steps)
    new = replace(wanted, lr=config.lr, lr_schedule=_rates(saved, config, wanted, last.step))
    fresh = _memory(new) != _memory(saved)
    arrays = {name: value for name, value in last.arrays.items() if not (fresh and name.startswith("optimiser."))}
    header = {**last.header, "config": new.to_mapping()}
    return Fork(new, saved, last.step, [*kept[:-1], replace(last, arrays=arrays, header=header)], fresh)


def _changed(config: RunConfig, changes: Mapping[str, Any]) -> RunConfig:
    """``config`` with ``changes``; ConfigError for what must stay."""
    known = [item.name for item in fields(RunConfig)]
    unknown = sorted(str(name) for name in changes if name not in known)
    if unknown:
        raise UnknownFieldError(unknown, list(CHANGEABLE))
    wanted = RunConfig.from_mapping({**config.to_mapping(), **changes})
    for name in known:
        here = getattr(config, name)
        if name not in CHANGEABLE and getattr(wanted, name) != here:
            shown = "-".join(map(str, here)) if isinstance(here, tuple) else here
            raise ConfigError(name, f"{shown} as in the run that is forked, of which it goes on", changes[name])
    return wanted


def _rates(saved: RunConfig, config: RunConfig, wanted: RunConfig, step: int) -> tuple[tuple[int, float], ...]:
    """The schedule of a fork at ``step``: as it was up to there, then as it is wanted."""
    past = [pair for pair in saved.lr_schedule if pair[0] < step]
    coming = [pair for pair in wanted.lr_schedule if pair[0] >= step]
    was = replace(config, lr_schedule=tuple(past)).lr_at(step)
    if wanted.lr_schedule != config.lr_schedule:
        rate = wanted.lr_at(step)
    else:
        rate = was if wanted.lr == config.lr else wanted.lr
    if rate != was and not (coming and coming[0][0] == step):
        coming.insert(0, (step, rate))
    return (*past, *coming)


def _memory(config: RunConfig) -> tuple[str, bool]:
    """What an optimiser's state belongs to: its kind, and whether it keeps a momentum."""
    return config.optimiser, config.optimiser == "momentum" and config.momentum > 0
