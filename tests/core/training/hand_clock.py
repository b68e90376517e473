"""A clock that is set by hand, and an inbox whose waits move it: so the times of frames are known to the last digit."""

from __future__ import annotations

from nnprobe_core.training.inbox import Inbox


class HandClock:
    """Stands in for ``time.monotonic``."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class TimedInbox(Inbox):
    """Waits without waiting; a wait without end for a command that nobody sends is an error, not a hang."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, seconds: float | None = None) -> bool:
        if not self:
            if seconds is None:
                raise AssertionError("it waits for a command, and none will come")
            self._clock.now += seconds
        return bool(self)
