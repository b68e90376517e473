"""Dispatcher: starts the processes of waiting runs when their turn is near, and finds out how they ended."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from multiprocess.connection import wait
from multiprocess.process import BaseProcess

from app.runs import Runs
from nnprobe_core.errors import RunNotFoundError
from nnprobe_core.record import FAILED, STOPPED

NEVER_LAUNCHED = "The page that asked for this run never started it."
LAUNCH_WITHIN = 30.0  #: seconds
_log = logging.getLogger(__name__)


class Dispatcher:
    """One thread of a web process that owns the processes it starts.

    A hundred waiting runs should not be a hundred idle processes: only those near the head of the line get one, and
    each then takes its own slot (app/slots.py), so that several web processes keep one line together.
    """

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._expected: dict[str, float] = {}
        self._waiting: dict[str, Callable[[], BaseProcess]] = {}
        self._live: dict[str, BaseProcess] = {}
        self._news = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="dispatcher", daemon=True)
        self._thread.start()

    def expect(self, run: str) -> None:
        """``run`` was admitted and should be launched soon."""
        with self._news:
            self._expected[run] = time.monotonic() + LAUNCH_WITHIN
            self._news.notify()

    def put(self, run: str, make: Callable[[], BaseProcess]) -> None:
        """Start the process that ``make`` gives when the turn of ``run`` is near."""
        with self._news:
            self._expected.pop(run, None)
            self._waiting[run] = make
            self._news.notify()

    def close(self, patience: float = 3.0) -> None:
        """End all processes: politely, and after ``patience`` seconds for good."""
        with self._news:
            closed, self._closed = self._closed, True
            self._news.notify()
        self._thread.join()
        if closed:
            return
        for process in self._live.values():
            process.terminate()
        until = time.monotonic() + patience
        for process in self._live.values():
            process.join(max(0.0, until - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()

    def _work(self) -> None:
        while not self._closed:
            with self._news:
                if not self._closed and not self._waiting:
                    self._news.wait(0.25 if self._expected or self._live else None)
                waiting, expected = list(self._waiting), list(self._expected)
            for task, names in ((self._start, waiting), (self._forget, expected), (self._reap, list(self._live))):
                for run in names:
                    try:
                        task(run)
                    except Exception:  # one run's trouble must not stop the others
                        _log.exception("run %s", run)
            if self._waiting:
                wait([process.sentinel for process in self._live.values()], 0.05)

    def _start(self, run: str) -> None:
        place = self._runs.slots.place(run)
        if place > self._runs.slots.count:
            return
        with self._news:
            make = self._waiting.pop(run)
        if place == 0:  # stopped while it waited
            return
        try:
            process = make()
            process.start()
        except Exception as error:
            self._runs.settle(run, FAILED, f"The process could not be started: {error}.")
            raise
        self._live[run] = process

    def _forget(self, run: str) -> None:
        with self._news:
            if self._expected.get(run, time.monotonic()) >= time.monotonic():
                return
            self._expected.pop(run, None)
        self._runs.settle(run, STOPPED, NEVER_LAUNCHED)

    def _reap(self, run: str) -> None:
        process = self._live[run]
        if process.is_alive():
            return
        process.join()
        del self._live[run]
        try:
            self._runs.status(run)  # buries it, unless it stands in line again already
        except RunNotFoundError:  # pruned since
            return
