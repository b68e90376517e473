"""Allowance: what room, time and memory a run may take; whoever is past one ends with a sentence, and nobody else."""

from __future__ import annotations

import time

import psutil

from app.jobs.runs import Runs
from app.store.names import Names
from nnprobe_core.errors import FilmError
from nnprobe_core.record import FrameLog

_LOOKS = 200  #: at the room of all films, while one that takes all of it is recorded
_LOOK_EVERY = 1.0  #: seconds between two looks at time and memory


class TooLargeError(FilmError):
    """A run's film is larger than there is room for it."""


class Room:
    """What the run of a job may add to the films there are.

    A run ends by its own quota, or where all films are too many by its share: what films that are watched, named or
    train leave, divided by those that train. So the run that breaks the limit is the one that ends, however many look.
    """

    def __init__(self, runs: Runs, run: str) -> None:
        self._runs, self._log, self._run = runs, runs.log, run
        self._limit, self._quota = runs.settings.max_bytes, runs.settings.run_bytes
        self._added = 0

    def add(self, count: int) -> None:
        """``count`` bytes were added; TooLargeError where the run must end."""
        self._added += count
        if self._added >= self._limit // _LOOKS:
            self.look()

    def look(self) -> None:
        """Remove the oldest films that nobody needs, as far as there must be room; TooLargeError as above."""
        self._added = 0
        own = self._log.size(self._run)
        if own > self._quota:
            raise TooLargeError(
                f"A film must have at most {self._quota} bytes (NNPROBE_MAX_RUN_BYTES), got {own} by now: ask for "
                "fewer frames, or a smaller network."
            )
        if self._log.size() <= self._limit:
            return
        self._log.prune(self._limit, keep=self._runs.in_sight() | Names(self._runs.settings, self._log).given())
        size = self._log.size()
        if size <= self._limit:
            return
        live = [status.run for status in self._log.runs() if status.active]
        trained = sum(_size(self._log, run) for run in live)
        share = max(0, self._limit - (size - trained)) // max(1, len(live))
        if own >= share:
            raise TooLargeError(
                f"All films together must be at most {self._limit} bytes (NNPROBE_MAX_BYTES), got {size} in films that "
                f"train, are watched or have a name; this one has {own}."
            )


class Stint:
    """How long, and in how much memory, a job may train; looked at by a thread of its process."""

    def __init__(self, seconds: float, memory: int) -> None:
        self._seconds, self._memory = seconds, memory
        self._process = psutil.Process()
        self._trained = 0.0
        self._looked = time.monotonic()

    def over(self, *, paused: bool) -> str:
        """Why the run must end now; empty where it need not."""
        passed = time.monotonic() - self._looked
        if passed < _LOOK_EVERY:
            return ""
        self._looked += passed
        self._trained += 0.0 if paused else passed
        if self._trained > self._seconds:
            return (
                f"Stopped after {self._seconds:g} seconds of training, the most at a time (NNPROBE_MAX_SECONDS); it "
                "can be continued."
            )
        if (used := self._process.memory_info().rss) > self._memory:
            return (
                f"Stopped: its process must take at most {self._memory} bytes of memory (NNPROBE_MAX_MEMORY), got "
                f"{used}. A smaller network or fewer points take less."
            )
        return ""


def _size(log: FrameLog, run: str) -> int:
    try:
        return log.size(run)
    except KeyError:  # gone since
        return 0
