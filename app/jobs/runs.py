"""Runs: the log's runs, with what only the operating system knows: whether their processes live.

A status in the log is the last word somebody wrote. Whoever reads it here finds out if that somebody died since, and
writes the truth down.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from functools import cache

from app.jobs.liveness import RUNS, SERVERS, Claim, open_liveness
from app.jobs.slots import Slots, Ticket
from app.settings import Settings
from app.store.failures import StorageError
from nnprobe_core.errors import NnprobeError, RunNotFoundError
from nnprobe_core.record import LOST, QUEUED, STOPPED, FrameLog, Status, check_run_id

IN_SIGHT = 600.0  #: seconds that a film stays after somebody has looked at it
SERVER_ENDED = "The server ended."
KILLED = "Stopped: the process did not obey within a second and was killed."
PROCESS_DIED = "The process died without a last word; the film ends at its last whole frame."


class Runs:
    """The runs of a log; the job of each holds the name ``runs/<run>``, with its pid as the text."""

    def __init__(self, settings: Settings, log: FrameLog) -> None:
        self.settings, self.log = settings, log
        self.liveness = open_liveness(settings)
        self.slots = Slots(settings.folder("slots"), settings.max_jobs, settings.max_waiting, self.waits, self.liveness)
        self._sights = settings.folder("sights")
        self._seen: dict[str, float] = {}

    def lock(self, run: str) -> Claim:
        """What the job of ``run`` holds while it lives."""
        return self.liveness.claim(_name(run))

    def server_lives(self, server: str) -> bool:
        return self.liveness.held(f"{SERVERS}/{server}")

    def has_process(self, run: str) -> bool:
        return self.liveness.held(_name(run))

    def waits(self, ticket: Ticket) -> bool:
        """Whether the run of a ticket is truly waiting."""
        return self._waits(ticket, (), self.server_lives)

    def _waits(self, ticket: Ticket, queued: Collection[str], lives: Callable[[str], bool]) -> bool:
        """The same; runs among ``queued`` are known to be, and ``lives`` says whether a server does."""
        if self.has_process(ticket.run):
            return True
        if ticket.held:
            return False  # its process stood in line, and is no more
        try:
            waiting = ticket.run in queued or self.log.status(ticket.run).state == QUEUED
        except RunNotFoundError:
            waiting = True  # a ticket is bought a moment before its run is written down
        return waiting and lives(ticket.server)

    def status(self, run: str) -> Status:
        """The status of ``run``, true at this moment."""
        status = self.log.status(check_run_id(run))
        if not status.active or self.has_process(run):
            return status
        ticket = self.slots.ticket(run) if status.state == QUEUED else None
        if ticket is None or ticket.held:
            return self.bury(run)
        if not self.server_lives(ticket.server):
            return self.settle(run, STOPPED, SERVER_ENDED)
        return replace(status, queue_place=self.slots.place(run))

    def bury(self, run: str) -> Status:
        """Write the last word for a run whose process has died, if it left none."""
        commands = self.log.commands(run, 0)
        if commands and commands[-1][1].kind == "stop":
            return self.settle(run, STOPPED, KILLED)
        return self.settle(run, LOST, PROCESS_DIED)

    def all(self) -> list[Status]:
        """All runs, newest first; the line is gone through once for all of them."""
        statuses = self.log.runs()
        if not any(status.active for status in statuses):
            return statuses
        queued, lives = {status.run for status in statuses if status.state == QUEUED}, cache(self.server_lives)
        line = self.slots.line(lambda ticket: self._waits(ticket, queued, lives))
        places = {ticket.run: place for place, ticket in enumerate(line, 1)}
        return [
            replace(status, queue_place=places[status.run])
            if status.state == QUEUED and status.run in places
            else self.status(status.run)
            if status.active
            else status
            for status in statuses
        ]

    def training(self) -> list[str]:
        """The runs that have a slot and are not at their end."""
        found = []
        for run in self.slots.holders():
            with suppress(RunNotFoundError):
                if self.log.status(run).active:
                    found.append(run)
        return found

    def sweep(self) -> None:
        """Find out whose process or server has died among those with a ticket, and write their last word."""
        for ticket in self.slots.tickets():
            if not self.waits(ticket):
                with suppress(NnprobeError):
                    self.status(ticket.run)
                self.slots.leave(ticket.run)

    def settle(self, run: str, state: str, message: str) -> Status:
        """Write the last word for a run that has no process (any more); the run's own last word goes first."""
        lock = self.lock(run)
        if not lock.acquire():
            return self.log.status(run)  # it lives, or another reader is at it
        try:
            status = self.log.status(run)
            if status.active:
                self.slots.leave(run)  # first: whoever stands behind moves up, though nothing can be written
                frames = self.log.last(run) + 1
                status = replace(
                    status, state=state, message=message, frames=frames, queue_place=0, updated=time.time()
                )
                with suppress(StorageError):  # true all the same; it is written down when there is room again
                    self.log.set_status(status)
            return status
        finally:
            lock.release(remove=True)

    def pid(self, run: str) -> int | None:
        """The process that trains ``run``, None when there is none."""
        text = self.liveness.holder(_name(run))
        return int(text) if text.isdecimal() else None

    def kill(self, run: str, pid: int, patience: float) -> bool:
        """SIGKILL the process of ``run`` unless it ends within ``patience`` seconds; whether it was killed."""
        if self._ended(run, pid, patience):
            return False
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return self._ended(run, pid, 5.0)

    def _ended(self, run: str, pid: int, patience: float) -> bool:
        until = time.monotonic() + patience
        while self.pid(run) == pid:
            if time.monotonic() >= until:
                return False
            time.sleep(0.01)
        return True

    def watch(self, run: str, *, active: bool = True) -> None:
        """Note that somebody looks at ``run``: a paused one keeps its slot for that, and a film its place."""
        now = time.monotonic()
        if now - self._seen.get(run, -1e9) < (1.0 if active else IN_SIGHT / 20):
            return
        if len(self._seen) > 10_000:
            self._seen.clear()
        self._seen[run] = now
        try:
            if not active:
                (self._sights / run).touch()
            elif not self.liveness.touch(_name(run)):
                self._seen.pop(run, None)
        except FileNotFoundError:
            self._seen.pop(run, None)
        except OSError:  # a full disk
            return

    def in_sight(self) -> set[str]:
        """The films somebody has looked at within the last minutes; no other run's growth removes them."""
        seen, now = set(), time.time()
        for path in self._sights.iterdir():
            with suppress(FileNotFoundError):
                if now - path.stat().st_mtime < IN_SIGHT:
                    seen.add(path.name)
                else:
                    path.unlink()
        return seen

    def watched(self, run: str) -> float:
        """When somebody last looked (seconds since the epoch)."""
        return self.liveness.touched(_name(run))


def _name(run: str) -> str:
    return f"{RUNS}/{run}"
