"""Slots: how many runs train at once, and the line in front of them, first in first out.

A ticket is a file, replaced whole, that says which server sold it and since when its run stands in line. A slot is a
name that a process holds, so one that dies gives it back without a word; a ticket says when a process has taken it
over, so that one whose process died is known from one whose process has yet to start.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from app.jobs.liveness import SLOTS, Claim, Liveness
from nnprobe_core.errors import QueueFullError

_SUFFIX = ".ticket"


@dataclass(frozen=True)
class Ticket:
    """``since`` is in nanoseconds since the epoch; 0 for a run that was admitted and is not in the line yet.

    ``after`` is the number of the last command that is not for this launch; ``held``, whether a process of the run has
    stood in line with it: from then on it is worth as much as that process lives.
    """

    run: str
    server: str
    after: int = 0
    since: int = 0
    held: bool = False


class Slots:
    """``count`` slots and a line of at most ``limit`` runs in a folder that all processes share.

    ``waits(ticket)`` says whether its run is truly waiting; a ticket whose run is not is thrown away.
    """

    def __init__(
        self, folder: Path, count: int, limit: int, waits: Callable[[Ticket], bool], liveness: Liveness
    ) -> None:
        self.count = count
        self._folder, self._limit, self._waits, self._liveness = folder, limit, waits, liveness
        self._read_before: dict[str, tuple[int, int, Ticket]] = {}  # by file: inode, time of change, what it says

    def admit(self, run: str, server: str, after: int = 0) -> None:
        """Sell ``run`` a ticket at ``server``; QueueFullError when as many wait already."""
        with self._liveness.claim(f"{SLOTS}/admission"):
            tickets = sum(self._valid(ticket) for ticket in self.tickets()) + 1
            waiting = tickets - (self.count - self.taken())  # a free slot will take the others at once
            if waiting > self._limit:
                raise QueueFullError(waiting, self._limit)
            self._write(Ticket(run, server, after))

    def line_up(self, run: str) -> Ticket | None:
        """Go to the end of the line; None for a run without a ticket, or one that is in the line already."""
        ticket = self.ticket(run)
        if ticket is None or ticket.since:
            return None
        ticket = replace(ticket, since=time.time_ns())
        self._write(ticket)
        return ticket

    def hold(self, run: str) -> None:
        """Say that a process of ``run`` stands in line now; that process says so, with the run's lock in its hands."""
        ticket = self.ticket(run)
        if ticket is not None:
            self._write(replace(ticket, held=True))

    def release(self, run: str) -> None:
        """Say that a run in the line is to get another process."""
        ticket = self.ticket(run)
        if ticket is not None:
            self._write(replace(ticket, held=False))

    def leave(self, run: str) -> None:
        """Throw the ticket away."""
        self._path(run).unlink(missing_ok=True)

    def ticket(self, run: str) -> Ticket | None:
        return self._read(f"{run}{_SUFFIX}")

    def place(self, run: str) -> int:
        """Place in the line, counted from 1; 0 for a run that is not in it."""
        own = self.ticket(run)
        if own is None or not own.since:
            return 0
        return 1 + sum(self._valid(ticket) for ticket in self.tickets() if 0 < ticket.since < own.since)

    def line(self, waits: Callable[[Ticket], bool] | None = None) -> Iterator[Ticket]:
        """Those in the line, the first first; whoever is not truly there (``waits``) is thrown out on the way."""
        lined_up = sorted((ticket for ticket in self.tickets() if ticket.since), key=lambda ticket: ticket.since)
        return (ticket for ticket in lined_up if self._valid(ticket, waits))

    def take(self, run: str) -> tuple[Claim, int] | None:
        """A slot and its number for the run at the head of the line, if one is free; its ticket is gone then."""
        if self.place(run) != 1:
            return None
        for number in range(self.count):
            slot = self._liveness.claim(_slot(number))
            if slot.acquire(text=run):
                self.leave(run)
                return slot, number
        return None

    def taken(self) -> int:
        """Slots in use."""
        return sum(self._liveness.held(_slot(number)) for number in range(self.count))

    def holders(self) -> list[str]:
        """The runs whose processes have a slot; one that has just ended may be among them."""
        return [run for number in range(self.count) if (run := self._liveness.holder(_slot(number)))]

    def waiting(self) -> int:
        """Tickets there are; those of the dead are among them until somebody looks."""
        return sum(name.endswith(_SUFFIX) for name in os.listdir(self._folder))

    def _path(self, run: str) -> Path:
        return self._folder / f"{run}{_SUFFIX}"

    def _write(self, ticket: Ticket) -> None:
        draft = self._folder / f"{ticket.run}.draft"
        try:
            draft.write_text(json.dumps([ticket.server, ticket.after, ticket.since, ticket.held]))
            draft.replace(self._path(ticket.run))
        except OSError:  # a full disk
            draft.unlink(missing_ok=True)
            raise

    def _read(self, name: str) -> Ticket | None:
        """What a ticket says; None where it is gone. A file is read once: who changes a ticket writes a new one."""
        path = self._folder / name
        try:
            found = path.stat()
            before = self._read_before.get(name)
            if before is not None and before[:2] == (found.st_ino, found.st_mtime_ns):
                return before[2]
            ticket = Ticket(path.stem, *json.loads(path.read_text()))
        except FileNotFoundError:
            self._read_before.pop(name, None)
            return None
        self._read_before[name] = found.st_ino, found.st_mtime_ns, ticket
        return ticket

    def tickets(self) -> list[Ticket]:
        """All tickets there are."""
        names = [name for name in os.listdir(self._folder) if name.endswith(_SUFFIX)]
        for gone in self._read_before.keys() - set(names):
            self._read_before.pop(gone, None)
        return [ticket for name in names if (ticket := self._read(name)) is not None]

    def _valid(self, ticket: Ticket, waits: Callable[[Ticket], bool] | None = None) -> bool:
        if (waits or self._waits)(ticket):
            return True
        with suppress(OSError):
            self.leave(ticket.run)
        return False


def _slot(number: int) -> str:
    return f"{SLOTS}/slot-{number}"
