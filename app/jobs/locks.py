"""Locks that the operating system releases when their process dies, however it dies: liveness on one machine.

No clock is in them, so that a laptop's sleep ends no job and a killed process is found out at once.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path


class Locks:
    """A :class:`~app.jobs.liveness.Liveness` of files: the name ``runs/one`` is ``runs/one.lock`` below ``home``."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def claim(self, name: str) -> Lock:
        return Lock(self._path(name))

    def held(self, name: str) -> bool:
        return is_held(self._path(name))

    def holder(self, name: str) -> str:
        return holder(self._path(name))

    def touch(self, name: str) -> bool:
        try:
            os.utime(self._path(name))
        except FileNotFoundError:
            return False
        return True

    def touched(self, name: str) -> float:
        try:
            return self._path(name).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def clear(self, room: str) -> None:
        for path in (self._home / room).glob("*.lock"):
            if not is_held(path):
                path.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._home / f"{name}.lock"


class Lock:
    """An exclusive lock on a file, held by this process (and by those it forks) from ``acquire`` to ``release``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def acquire(self, wait: float = 0.0, text: str = "") -> bool:
        """Try for ``wait`` seconds; ``text`` is then what :func:`holder` reads. Whether the lock is held now."""
        until = time.monotonic() + wait
        while self._fd is None:
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            if _locked(fd, fcntl.LOCK_EX) and os.fstat(fd).st_nlink:  # no link: removed by its last holder meanwhile
                os.ftruncate(fd, 0)
                os.write(fd, text.encode())
                self._fd = fd
                break
            os.close(fd)
            if time.monotonic() >= until:
                return False
            time.sleep(0.005)
        return True

    def release(self, *, remove: bool = False) -> None:
        """Let go, and remove the file where nobody will lock it again."""
        if self._fd is None:
            return
        if remove:
            self.path.unlink(missing_ok=True)
        os.close(self._fd)
        self._fd = None

    def __enter__(self) -> Lock:
        if not self.acquire(wait=10):
            raise TimeoutError(f"{self.path} must be free within 10 s; another process holds it.")
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock on ``path``."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        # Shared, so that two who ask at the same time do not take each other for the holder.
        return not _locked(fd, fcntl.LOCK_SH)
    finally:
        os.close(fd)


def holder(path: Path) -> str:
    """The text of the living holder; empty when there is none."""
    if not is_held(path):
        return ""
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def _locked(fd: int, kind: int) -> bool:
    try:
        fcntl.flock(fd, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
