"""Dispatcher: starts the processes of waiting runs when their turn is near, and finds out how they ended."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from itertools import islice

from multiprocess.connection import wait
from multiprocess.process import BaseProcess

from app.jobs.runs import Runs
from app.store.failures import Reserve, StorageError, storage_error
from nnprobe_core.errors import RunNotFoundError
from nnprobe_core.record import FAILED, STOPPED

NEVER_LAUNCHED = "The page that asked for this run never started it."
LAUNCH_WITHIN = 30.0  #: seconds
SWEEP_EVERY = 1.0  #: seconds between two looks at who died in the line
_log = logging.getLogger(__name__)


class Dispatcher:
    """One thread of a web process that owns the processes it starts.

    A hundred waiting runs should not be a hundred idle processes: only those near the head of the line get one, and
    each then takes its own slot (app/jobs/slots.py), so that several web processes keep one line together.
    """

    def __init__(self, runs: Runs) -> None:
        self._runs = runs
        self._told = ""  # the last word on what is wrong with the home
        self._reserve = Reserve(runs.settings.home)
        self._expected: dict[str, float] = {}
        self._waiting: dict[str, Callable[[], BaseProcess]] = {}
        self._live: dict[str, BaseProcess] = {}
        self._since: dict[str, int] = {}  # of the live: when their ticket came into the line
        self._swept = time.monotonic()
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
                    self._news.wait(0.25 if self._expected or self._live else SWEEP_EVERY)
                waiting, expected = list(self._waiting), list(self._expected)
            tasks = [(self._forget, expected), (self._reap, list(self._live))]
            if waiting:
                tasks.insert(0, (self._start, [run for run in self._near_the_head() if run in waiting]))
                tasks.insert(1, (self._drop, waiting))
            for task, names in tasks:
                for run in names:
                    self._try(task, run)
            if time.monotonic() - self._swept >= SWEEP_EVERY:
                self._swept = time.monotonic()
                self._try(lambda _: self._runs.sweep(), "")
                self._reserve.fill()
            if self._waiting:
                wait([process.sentinel for process in self._live.values()], 0.05)

    def _try(self, task: Callable[[str], None], run: str) -> None:
        """One run's trouble must not stop the others."""
        try:
            task(run)
        except (OSError, StorageError) as error:
            self._tell(error)
        except Exception:
            _log.exception("run %s", run)

    def _near_the_head(self) -> list[str]:
        """The runs that may get a process: as many as there are slots."""
        try:
            return [ticket.run for ticket in islice(self._runs.slots.line(), self._runs.slots.count)]
        except (OSError, StorageError) as error:  # nothing starts until it is mended
            self._tell(error)
            time.sleep(SWEEP_EVERY)
            return []

    def _tell(self, error: OSError | StorageError) -> None:
        """Log what is wrong with the home, once."""
        sentence = str(error if isinstance(error, StorageError) else storage_error(error, self._runs.settings.home))
        if sentence != self._told:
            self._told = sentence
            _log.error(sentence)

    def _drop(self, run: str) -> None:
        """Forget a run that was stopped while it waited."""
        if run in self._waiting and self._runs.slots.ticket(run) is None:
            with self._news:
                self._waiting.pop(run, None)

    def _start(self, run: str) -> None:
        with self._news:
            make = self._waiting.pop(run)
        try:
            process = make()
            process.start()
        except Exception as error:
            self._runs.settle(run, FAILED, f"The process could not be started: {error}.")
            raise
        ticket = self._runs.slots.ticket(run)
        self._live[run] = process
        self._since[run] = ticket.since if ticket else 0

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
        ticket, since = self._runs.slots.ticket(run), self._since.pop(run)
        if ticket is not None and ticket.since == since and not self._runs.has_process(run):
            self._runs.slots.leave(run)  # it died before it said that it stood in line; else it has a newer ticket
        try:
            self._runs.status(run)  # buries it, unless it stands in line again already
        except RunNotFoundError:  # pruned since
            return
