"""Slots: how many runs train at once, and the line in front of them, first in first out.

A ticket is a file, replaced whole, that says which server sold it and since when its run stands in line. A slot is a
lock, so a process that dies gives it back without a word.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from app.locks import Lock, is_held
from nnprobe_core.errors import QueueFullError


@dataclass(frozen=True)
class Ticket:
    """``since`` is in nanoseconds since the epoch; 0 for a run that was admitted and is not in the line yet.

    ``after`` is the number of the last command that is not for this launch.
    """

    run: str
    server: str
    after: int = 0
    since: int = 0


class Slots:
    """``count`` slots and a line of at most ``limit`` runs in a folder that all processes share.

    ``waits(ticket)`` says whether its run is truly waiting; a ticket whose run is not is thrown away.
    """

    def __init__(self, folder: Path, count: int, limit: int, waits: Callable[[Ticket], bool]) -> None:
        self.count = count
        self._folder, self._limit, self._waits = folder, limit, waits

    def admit(self, run: str, server: str, after: int = 0) -> None:
        """Sell ``run`` a ticket at ``server``; QueueFullError when as many wait already."""
        with Lock(self._folder / "admission.lock"):
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

    def leave(self, run: str) -> None:
        """Throw the ticket away."""
        self._path(run).unlink(missing_ok=True)

    def ticket(self, run: str) -> Ticket | None:
        return self._read(self._path(run))

    def place(self, run: str) -> int:
        """Place in the line, counted from 1; 0 for a run that is not in it."""
        own = self.ticket(run)
        if own is None or not own.since:
            return 0
        ahead = [ticket for ticket in self.tickets() if 0 < ticket.since < own.since]
        return 1 + sum(self._valid(ticket) for ticket in ahead)

    def take(self, run: str) -> tuple[Lock, int] | None:
        """A slot and its number for the run at the head of the line, if one is free; its ticket is gone then."""
        if self.place(run) != 1:
            return None
        for number in range(self.count):
            slot = Lock(self._slot(number))
            if slot.acquire(text=run):
                self.leave(run)
                return slot, number
        return None

    def taken(self) -> int:
        """Slots in use."""
        return sum(is_held(self._slot(number)) for number in range(self.count))

    def _slot(self, number: int) -> Path:
        return self._folder / f"slot-{number}.lock"

    def _path(self, run: str) -> Path:
        return self._folder / f"{run}.ticket"

    def _write(self, ticket: Ticket) -> None:
        draft = self._folder / f"{ticket.run}.draft"
        draft.write_text(json.dumps([ticket.server, ticket.after, ticket.since]))
        draft.replace(self._path(ticket.run))

    def _read(self, path: Path) -> Ticket | None:
        try:
            return Ticket(path.stem, *json.loads(path.read_text()))
        except FileNotFoundError:
            return None

    def tickets(self) -> list[Ticket]:
        """All tickets there are."""
        read = (self._read(path) for path in self._folder.glob("*.ticket"))
        return [ticket for ticket in read if ticket is not None]

    def _valid(self, ticket: Ticket) -> bool:
        if self._waits(ticket):
            return True
        self.leave(ticket.run)
        return False
