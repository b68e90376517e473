"""The one FrameLog over the user's own films, those that ship with the package, and those made on request."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from app.store.shipped import ShippedFilms, is_shipped
from nnprobe_core.errors import WriterConflictError
from nnprobe_core.frame import FILM
from nnprobe_core.record import Command, FrameLog, Status, check_track

UNTRAINED = "untrained-"  #: how the ids of untrained networks begin


def is_untrained(run: str) -> bool:
    """Whether ``run`` is the id of an untrained network."""
    return run.startswith(UNTRAINED)


class Opens(Protocol):
    """What makes films on request."""

    def open(self, run: str) -> FrameLog:
        """The log that holds the one run; RunNotFoundError for one that is not to be had."""


class RoutedFrameLog:
    """A FrameLog that reads ``preset-…`` from the shipped films, ``untrained-…`` from those made on request, and keeps
    everything else in ``own``.

    The first two can be read only; they are not among :meth:`runs`, and count for no limit.
    """

    def __init__(self, shipped: ShippedFilms, own: FrameLog, untrained: Opens | None = None) -> None:
        self.shipped, self._own, self._untrained = shipped, own, untrained

    def edition(self, run: str) -> str:
        """A name under which the frames of ``run`` never change."""
        return self.shipped.edition(run) if is_shipped(run) else run

    def _to_read(self, run: str) -> FrameLog:
        if self._untrained is not None and is_untrained(run):
            return self._untrained.open(run)
        return self.shipped.open(run) if is_shipped(run) else self._own

    def _to_write(self, run: str) -> FrameLog:
        if is_shipped(run) or is_untrained(run):
            raise WriterConflictError(f"A run that is written must be one's own, got {run}.")
        return self._own

    def create(self, status: Status) -> None:
        self._to_write(status.run).create(status)

    def append(self, run: str, seq: int, data: bytes, track: str = FILM) -> None:
        self._to_write(run).append(run, seq, data, check_track(track))

    def share(self, run: str, source: str, stop: int, track: str = FILM) -> None:
        self._to_write(run).share(run, source, stop, track)

    def since(self, run: str, after: int, limit: int, track: str = FILM) -> list[bytes]:
        return self._to_read(run).since(run, after, limit, track)

    def range(self, run: str, start: int, stop: int, track: str = FILM) -> list[bytes]:
        return self._to_read(run).range(run, start, stop, track)

    def last(self, run: str, track: str = FILM) -> int:
        return self._to_read(run).last(run, track)

    def status(self, run: str) -> Status:
        return self._to_read(run).status(run)

    def set_status(self, status: Status) -> None:
        self._to_write(status.run).set_status(status)

    def runs(self) -> list[Status]:
        return self._own.runs()

    def send(self, run: str, command: Command) -> int:
        return self._to_write(run).send(run, command)

    def commands(self, run: str, after: int) -> list[tuple[int, Command]]:
        return self._to_read(run).commands(run, after)

    def size(self, run: str | None = None) -> int:
        return self._own.size(run)

    def prune(self, limit: int, keep: Collection[str] = ()) -> list[str]:
        return self._own.prune(limit, keep)
