"""The probes of a run, asked together: what goes into a frame, and what goes into a checkpoint."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnprobe_core.probes.protocol import Array, Probe, Setup, StepView
from nnprobe_core.registry import PROBES, load


class Probes:
    """One of each registered probe, in the registry's order."""

    def __init__(self, setup: Setup) -> None:
        self._probes: dict[str, Probe] = {name: load(PROBES, name, "probe")(setup) for name in PROBES}

    def __getitem__(self, name: str) -> Probe:
        return self._probes[name]

    def look(self, view: StepView, index: int, last: int) -> dict[str, Array]:
        """All arrays of the scheduled frame ``index`` of 0…``last``."""
        due = [probe for probe in self._probes.values() if probe.due(index, last)]
        return _ask(due, view, first=index == 0)

    def look_aside(self, view: StepView, last: int, *, costly: bool) -> dict[str, Array]:
        """All arrays of a frame off the schedule; the probes forget it, so that later frames stay as they would be.

        Without ``costly`` only those look that look at every frame.
        """
        asked = {name: probe for name, probe in self._probes.items() if costly or probe.due(1, last)}
        states = {name: {key: value.copy() for key, value in probe.state().items()} for name, probe in asked.items()}
        try:
            return _ask(list(asked.values()), view, first=False)
        finally:
            for name, probe in asked.items():
                probe.restore(states[name])

    def state(self) -> dict[str, Array]:
        """What the probes carry from frame to frame, as ``probe.<name>.<key>``."""
        return {
            f"probe.{name}.{key}": np.array(value)
            for name, probe in self._probes.items()
            for key, value in probe.state().items()
        }

    def restore(self, arrays: Mapping[str, Array]) -> None:
        for name, probe in self._probes.items():
            prefix = f"probe.{name}."
            probe.restore({key.removeprefix(prefix): value for key, value in arrays.items() if key.startswith(prefix)})


def _ask(probes: list[Probe], view: StepView, *, first: bool) -> dict[str, Array]:
    arrays: dict[str, Array] = {}
    # A diverged network is a result, not a fault: its numbers are NaN, without a warning.
    with np.errstate(all="ignore"):
        for probe in probes:
            arrays.update(probe.look(view, first=first))
    return arrays
