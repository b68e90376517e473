"""Checkpoints: what a run is continued from, byte for byte; and the history its settled maps are made from."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import CHECKPOINTS, Frame
from nnprobe_core.training.network import Array, Network
from nnprobe_core.training.optimisers import Optimiser
from nnprobe_core.training.probing import Probes

_IN_MEMORY = 64 << 20  # bytes of history beyond which a wide network's goes to a temporary file


class History:
    """A network's snapshots at the scheduled frames, one after another, and their ``steps``."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (closed with the run)
        self._dtype, self._size = np.dtype("float32"), 0
        self.steps: list[int] = []

    def __len__(self) -> int:
        return len(self.steps)

    def append(self, step: int, snapshot: Array) -> None:
        self._dtype, self._size = snapshot.dtype, snapshot.nbytes
        self._file.seek(0, 2)
        self._file.write(snapshot.tobytes())
        self.steps.append(step)

    def __getitem__(self, index: int) -> Array:
        self._file.seek(index * self._size)
        return np.frombuffer(self._file.read(self._size), self._dtype).copy()

    def __iter__(self) -> Iterator[Array]:
        return (self[index] for index in range(len(self)))

    def since(self, start: int) -> Array:
        """The snapshots from ``start`` on, (count, size)."""
        return np.stack([self[index] for index in range(start, len(self))])

    def close(self) -> None:
        self._file.close()

    __del__ = close  # a trainer that was never run out has nobody else to do it


def save(
    step: int, config: RunConfig, network: Network, optimiser: Optimiser, probes: Probes, history: History, start: int
) -> Frame:
    """The checkpoint after the newest frame of ``history``, with its snapshots from ``start`` on."""
    arrays = {f"optimiser.{key}": value for key, value in optimiser.state().items()}
    generator = network.generator()
    if generator is not None:
        arrays["generator"] = generator
    arrays.update(probes.state())
    # The newest of the history is the network as it stands.
    arrays["history"] = history.since(start)
    arrays["history.steps"] = np.array(history.steps[start:], np.int32)
    return Frame(step=step, arrays=arrays, track=CHECKPOINTS, header={"config": config.to_mapping(), "first": start})


def load(
    checkpoints: Sequence[Frame],
    config: RunConfig,
    network: Network,
    optimiser: Optimiser,
    probes: Probes,
    history: History,
) -> tuple[int, RunConfig]:
    """Bring network, optimiser, probes and history to where the last of ``checkpoints`` (all of a run's) left them.

    Returns its step and the config to go on with: rates set by hand before that step are the checkpoint's, later ones
    those of ``config``. ConfigError where the checkpoints are of another config or network, or not all are there.
    """
    last = checkpoints[-1]
    saved = RunConfig.from_mapping(last.header["config"])
    schedule = (
        *(pair for pair in saved.lr_schedule if pair[0] < last.step),
        *(pair for pair in config.lr_schedule if pair[0] >= last.step),
    )
    config = replace(config, lr_schedule=schedule)
    if replace(saved, lr_schedule=schedule) != config:
        raise ConfigError("checkpoints", "of the same config, but for lr_schedule", saved.to_query())
    size, here = last.arrays["history"].shape[1], network.snapshot().size
    if size != here or ("generator" in last.arrays) != (network.generator() is not None):
        raise ConfigError("checkpoints", f"of the same network, of {here} numbers", f"those of another one, of {size}")
    for checkpoint in checkpoints:
        if checkpoint.header["first"] != len(history):
            raise ConfigError("checkpoints", "all of a run's, from its first on", f"the one of step {checkpoint.step}")
        for at, snapshot in zip(checkpoint.arrays["history.steps"], checkpoint.arrays["history"], strict=True):
            history.append(int(at), snapshot)
    network.restore(history[len(history) - 1])
    if "generator" in last.arrays:
        network.set_generator(last.arrays["generator"])
    prefix = "optimiser."
    state = {key.removeprefix(prefix): value for key, value in last.arrays.items() if key.startswith(prefix)}
    if state:  # a fork with another optimiser has none
        optimiser.restore(state)
    probes.restore(last.arrays)
    return last.step, config
