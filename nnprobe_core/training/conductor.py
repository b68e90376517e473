"""Conductor: how a run, a sweep or a study obeys pause, resume, step, stop and pace, and says where it is."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from nnprobe_core.errors import ConfigError
from nnprobe_core.training.inbox import Inbox

#: Seconds that a paced film may catch up with, so that a costly frame now and then does not make it slower.
CATCH_UP = 0.25
_WINDOW = 0.5  # seconds after which the older half is forgotten, so that the figure follows the work


@dataclass
class Progress:
    """Where the work is; another thread may read it at any time. ``steps_per_s`` counts no pauses."""

    step: int
    steps: int
    epoch: float
    lr: float
    pace: float = 0.0
    paused: bool = False
    stopped: bool = False
    steps_per_s: float = 0.0


class Conductor:
    """Between the work and who commands it.

    Parameters
    ----------
    progress : Progress
        Where the work is, as it begins.
    inbox : Inbox, optional
        Where commands arrive.
    pace : float
        Frames per second, 0 for as fast as possible.
    place : int
        What is counted by the commands Step and Epoch, as it begins: the steps of a run, the frames of a study.
    epoch : int
        Places of an Epoch.

    A study asks :meth:`go` between its frames and whenever ``interrupted()``, and tells :meth:`shown` of each frame.
    A run, whose frames need not lie where Step pauses, is told by the parts of both what it has to do.
    """

    def __init__(
        self, progress: Progress, inbox: Inbox | None = None, pace: float = 0, *, place: int = 0, epoch: int = 1
    ) -> None:
        self.progress, self._inbox = progress, Inbox() if inbox is None else inbox
        self.pause_at = math.inf  #: the place at which Step and Epoch pause
        self._place, self._epoch = place, epoch
        self._by_hand = False  # whether it goes on by Step: that waits for no pace
        self._due = 0.0  # when the next frame may come
        progress.pace = pace
        self._mark = (time.monotonic(), float(progress.step))

    def interrupted(self) -> bool:
        """Whether a command waits; cheap enough for every step."""
        return bool(self._inbox)

    def go(self) -> bool:
        """Obey what has arrived, wait as pause and pace ask, and say whether to go on; False once stopped."""
        while True:
            self.obey()
            if self.progress.stopped:
                return False
            if self.ready(self._place + 1):
                return True

    def shown(self, step: int) -> None:
        """A study's frame of this film's step is out."""
        self.tell(step)
        self.framed()
        self.reached(self._place + 1)

    def obey(self) -> float | None:
        """Take every command that has arrived; the learning rate that was asked for last, which a study has none of."""
        progress, rate = self.progress, None
        while (command := self._inbox.poll()) is not None:
            value = command.value
            match command.kind:
                case "pause" | "resume":
                    progress.paused, self.pause_at = command.kind == "pause", math.inf
                case "step" | "epoch":  # two that arrive together are two
                    length = 1 if command.kind == "step" else self._epoch
                    start = self._place if self.pause_at == math.inf else self.pause_at
                    progress.paused, self.pause_at, self._by_hand = False, start + length, length == 1
                case "stop":
                    progress.stopped = True
                case "pace" if value is not None:
                    progress.pace, self._due = value, time.monotonic()
                case "lr" if value is not None:
                    rate = value
                case _:
                    raise ConfigError("command", "one that training knows", command.kind)
        return rate

    def ready(self, due: int) -> bool:
        """Wait as pause and pace ask before the frame at the place ``due``; False where something is to be obeyed."""
        progress = self.progress
        if progress.paused:
            self._inbox.wait()
            now = time.monotonic()
            self._mark, self._due = (now, float(progress.step)), now
            return False
        by_hand = self.pause_at < math.inf and self._by_hand
        if not progress.pace or by_hand or due >= self.pause_at:
            return True
        return not self._inbox.wait(max(0.0, self._due - time.monotonic()))

    def tell(self, step: int) -> None:
        """The film's step that has been come to."""
        progress, (then, start), now = self.progress, self._mark, time.monotonic()
        progress.step = step
        progress.steps_per_s = (step - start) / max(now - then, 1e-9)
        if now - then > _WINDOW:
            self._mark = (then + (now - then) / 2, (start + step) / 2)

    def framed(self) -> None:
        """A frame is out: when the next one may come."""
        if self.progress.pace:
            self._due = max(self._due + 1 / self.progress.pace, time.monotonic() - CATCH_UP)

    def reached(self, place: int) -> bool:
        """The place that has been come to; whether it pauses there."""
        self._place = place
        if place < self.pause_at:
            return False
        self.progress.paused, self.pause_at = True, math.inf
        return True
