"""Shared runs: who asks for a config that is training, or has been trained, is given that run's film.

Same config, same film; so thirty browsers on one link need one run. A run is given away as long as it is its config's
film and nothing else: not if it was forked, or driven by hand (another learning rate, single steps), not while somebody
has paused it, and not if it ended before its end. One that a student's own code trains is nobody else's.
"""

from __future__ import annotations

from pathlib import Path

from app.jobs.liveness import SHARED, Claim
from app.jobs.runs import Runs
from nnprobe_core.errors import NnprobeError
from nnprobe_core.kinds import Config
from nnprobe_core.record import DONE, QUEUED, RUNNING, Status

_GIVEN = frozenset({QUEUED, RUNNING, DONE})
_BY_HAND = frozenset({"lr", "step", "epoch", "pause"})


class SharedRuns:
    """Which of ``runs`` serve whom; what has been given away is noted beside the runs' locks, for all processes."""

    def __init__(self, runs: Runs, folder: Path) -> None:
        self._runs, self._folder = runs, folder

    def opening(self) -> Claim:
        """To be held by who has found none, from a second look to the new run."""
        return self._runs.liveness.claim(f"{SHARED}/opening")

    def find(self, config: Config) -> Status | None:
        """The newest run that is the film of ``config``; None where there is none to be had."""
        if config.get("engine") == "course":
            return None
        wanted = config.to_mapping()
        for known in self._runs.log.runs():
            if known.state not in _GIVEN or known.fork is not None or dict(known.config) != wanted:
                continue
            try:
                status = self._runs.status(known.run)
                commands = self._runs.log.commands(known.run, 0)
            except NnprobeError:  # removed to make room meanwhile
                continue
            if status.state in _GIVEN and not any(command.kind in _BY_HAND for _, command in commands):
                return status
        return None

    def give(self, status: Status) -> None:
        """Note that somebody else has opened this run: its starter's next Train does not end it."""
        if status.active:
            for old in self._folder.glob("*.shared"):
                if not self._is_active(old.stem):
                    old.unlink(missing_ok=True)
            self._path(status.run).touch()

    def is_given(self, run: str) -> bool:
        """Whether somebody else has opened ``run``."""
        return self._path(run).exists()

    def _is_active(self, run: str) -> bool:
        try:
            return self._runs.log.status(run).active
        except NnprobeError:
            return False

    def _path(self, run: str) -> Path:
        return self._folder / f"{run}.shared"
