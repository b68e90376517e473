"""Reporter: keeps a run's status true while it trains, without writing it more often than anyone can read."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nnprobe_core.record import PAUSED, RUNNING, FrameLog, Status

if TYPE_CHECKING:
    from app.store.recorder import Recorder
    from nnprobe_core.training.conductor import Progress

_EVERY = 0.1


class Reporter:
    """The only one in a job that writes its status; two threads of the job call it."""

    def __init__(self, log: FrameLog, status: Status) -> None:
        self._log, self._status = log, status
        self._lock = threading.RLock()
        self._source: tuple[Progress, Recorder] | None = None
        self._told = self._looked = time.monotonic()
        self._elapsed = status.elapsed
        self._paused_at: float | None = None

    @property
    def status(self) -> Status:
        return self._status

    @property
    def paused_at(self) -> float | None:
        """Since when the run has been paused (seconds since the epoch); None while it is not."""
        return self._paused_at

    def say(self, **changes: Any) -> None:
        """Change fields of the status and write it down."""
        with self._lock:
            self._status = replace(self._status, **changes, updated=time.time())
            self._log.set_status(self._status)
            self._told = time.monotonic()

    def follow(self, progress: Progress, recorder: Recorder) -> None:
        """From now on :meth:`tell` reports what these two say."""
        with self._lock:
            self._source, self._looked = (progress, recorder), time.monotonic()

    def tell(self) -> None:
        """Write the status if its state has changed; if anything else has, ten times a second."""
        with self._lock:
            if self._source is None:
                return
            figures, now = self._figures(), time.monotonic()
            changed = figures["state"] != self._status.state
            if changed:
                self._paused_at = time.time() if figures["state"] == PAUSED else None
            quiet = figures["state"] == PAUSED and figures["frames"] == self._status.frames
            if changed or (not quiet and now - self._told >= _EVERY):
                self.say(**figures)

    def end(self, state: str, message: str) -> None:
        """The last word."""
        with self._lock:
            figures = self._figures() if self._source else {}
            self._source = None
            self.say(**{**figures, "state": state, "message": message, "queue_place": 0})

    def _figures(self) -> dict[str, Any]:
        assert self._source is not None
        progress, recorder = self._source
        now = time.monotonic()
        passed, self._looked = now - self._looked, now
        if self._status.state == RUNNING:
            self._elapsed += passed
        return {
            "state": PAUSED if progress.paused else RUNNING,
            "step": progress.step,
            "steps": progress.steps,
            "epoch": progress.epoch,
            "lr": progress.lr,
            "pace": progress.pace,
            "steps_per_s": progress.steps_per_s,
            "frames": recorder.count,
            "elapsed": self._elapsed,
        }
