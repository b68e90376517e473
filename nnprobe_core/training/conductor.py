"""Conductor: how a study of many pieces of work obeys pause, resume, step, stop and pace."""

from __future__ import annotations

import time

from nnprobe_core.errors import ConfigError
from nnprobe_core.record import Command
from nnprobe_core.training.inbox import Inbox
from nnprobe_core.training.trainer import CATCH_UP, Progress


class Conductor:
    """Between its frames, and whenever ``interrupted()``, a study asks :meth:`go`, and tells :meth:`shown` of each.

    ``pace``: frames per second, 0 for as fast as possible.
    """

    def __init__(self, progress: Progress, inbox: Inbox | None = None, pace: float = 0) -> None:
        self.progress, self._inbox = progress, Inbox() if inbox is None else inbox
        progress.pace = pace
        self._due = 0.0  # when the next frame may come
        self._frames_to_pause = 0  # Step asks for one frame; 0: go on without end
        self._mark = (time.monotonic(), progress.step)

    def interrupted(self) -> bool:
        """Whether a command waits; cheap enough for every step."""
        return bool(self._inbox)

    def go(self) -> bool:
        """Obey what has arrived, wait as pause and pace ask, and say whether to go on; False once stopped."""
        progress, inbox = self.progress, self._inbox
        while True:
            while (command := inbox.poll()) is not None:
                self._obey(command)
            if progress.stopped:
                return False
            if progress.paused:
                inbox.wait()
                self._mark = (time.monotonic(), progress.step)
                self._due = time.monotonic()
            elif not progress.pace or self._frames_to_pause or not inbox.wait(max(0.0, self._due - time.monotonic())):
                return True

    def shown(self, step: int) -> None:
        """A frame of this step is out."""
        progress, now = self.progress, time.monotonic()
        progress.step = step
        (then, start) = self._mark
        progress.steps_per_s = (step - start) / max(now - then, 1e-9)
        if now - then > 1:  # forget the older half, so that the figure follows the work
            self._mark = (then + (now - then) / 2, (start + step) // 2)
        if progress.pace:
            self._due = max(self._due + 1 / progress.pace, now - CATCH_UP)
        if self._frames_to_pause:
            self._frames_to_pause -= 1
            progress.paused = not self._frames_to_pause

    def _obey(self, command: Command) -> None:
        progress, value = self.progress, command.value
        match command.kind:
            case "pause":
                progress.paused, self._frames_to_pause = True, 0
            case "resume":
                progress.paused, self._frames_to_pause = False, 0
            case "step" | "epoch":  # the next frame, whatever it is a frame of; two that arrive together are two
                progress.paused, self._frames_to_pause = False, self._frames_to_pause + 1
            case "stop":
                progress.stopped = True
            case "pace" if value is not None:
                progress.pace, self._due = value, time.monotonic()
            case "lr":  # a study's rates are its config's
                return
            case _:
                raise ConfigError("command", "one that a study knows", command.kind)
