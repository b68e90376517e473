"""Inbox: how commands reach a running trainer from another thread."""

from __future__ import annotations

import threading
from collections import deque

from nnprobe_core.record import Command


class Inbox:
    """A thread-safe queue of commands. Any thread puts; the trainer's polls between steps and waits between frames."""

    def __init__(self) -> None:
        self._queue: deque[Command] = deque()
        self._arrived = threading.Condition()

    def put(self, command: Command) -> None:
        """Add a command and wake a waiting trainer."""
        with self._arrived:
            self._queue.append(command)
            self._arrived.notify_all()

    def __bool__(self) -> bool:
        """Whether a command is waiting; takes no lock, so cheap enough for every step."""
        return bool(self._queue)

    def poll(self) -> Command | None:
        """The next command, None when there is none."""
        try:
            return self._queue.popleft()
        except IndexError:
            return None

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until a command is there, at most ``seconds`` (None: for ever); whether one is."""
        with self._arrived:
            return self._arrived.wait_for(lambda: bool(self._queue), seconds)
