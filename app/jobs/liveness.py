"""Liveness: who lives, told by names of which each is held by one living process at a time.

Servers, jobs and slots hold names, in a room each (``servers/<id>``, ``runs/<run>``, ``slots/<number>``), and whoever
asks learns at once that a holder has died. Another way to tell than :class:`app.jobs.locks.Locks`, for more than one
machine, is a file beside that one and what :func:`open_liveness` gives; tests/app/jobs/test_liveness.py holds it to
the same.
"""

from __future__ import annotations

from typing import Protocol

from app.jobs.locks import Locks
from app.settings import Settings

RUNS, SERVERS, SLOTS, SHARED = "runs", "servers", "slots", "shared"  #: the rooms


class Claim(Protocol):
    """One name, held by this process (and by those it forks) from ``acquire`` to ``release``."""

    def acquire(self, wait: float = 0.0, text: str = "") -> bool:
        """Try for ``wait`` seconds; ``text`` is then what :meth:`Liveness.holder` reads. Whether it is held now."""

    def release(self, *, remove: bool = False) -> None:
        """Let go; ``remove`` the name where nobody will claim it again."""

    def __enter__(self) -> object:
        """Held; TimeoutError where it is not free within 10 s."""

    def __exit__(self, *_: object) -> None: ...


class Liveness(Protocol):
    """Which names are held. Asking never looks like holding, and a holder that dies, however it dies, holds no more."""

    def claim(self, name: str) -> Claim:
        """To be acquired by who wants to hold ``name``."""

    def held(self, name: str) -> bool:
        """Whether a living process holds it."""

    def holder(self, name: str) -> str:
        """The text of the living holder; empty when there is none."""

    def touch(self, name: str) -> bool:
        """Note that somebody cares for it at this moment; False where there is no such name."""

    def touched(self, name: str) -> float:
        """When it was last touched or acquired (seconds since the epoch); 0 where there is no such name."""

    def clear(self, room: str) -> None:
        """Forget the names of a room that nobody holds."""


def open_liveness(settings: Settings) -> Liveness:
    """How the processes of this home tell who lives."""
    for room in (RUNS, SERVERS, SLOTS, SHARED):
        settings.folder(room)
    return Locks(settings.home)
