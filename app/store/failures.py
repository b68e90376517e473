"""Storage: what can go wrong with a disk, in sentences; and a reserve for last words when it is full."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import diskcache

from nnprobe_core.errors import NnprobeError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
RESERVE = 2 << 20  #: bytes
P = ParamSpec("P")
R = TypeVar("R")


class StorageError(NnprobeError):
    """The home folder cannot be read or written; nothing that was there is lost by that."""

    http_status = 503


class DiskFullError(StorageError):
    """There is no room left where films are kept."""

    http_status = 507


def storage_error(error: BaseException, folder: Path) -> StorageError:
    """``error`` of a file or a database below ``folder``, as a sentence that says what to do."""
    full = getattr(error, "errno", None) in FULL or "disk is full" in str(error)
    if full or (isinstance(error, diskcache.Timeout) and folder.exists() and _free(folder) < RESERVE):
        return DiskFullError(f"The disk with {folder} is full: make room there, then try again or continue the run.")
    if not folder.exists():
        return StorageError(f"The folder {folder} is gone: start the server again, and it is made anew.")
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        return StorageError(f"The database in {folder} is damaged: move that folder away and start the server again.")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error) or "it is busy"
    return StorageError(f"The folder {folder} must be readable and writable; it is not ({reason}).")


class _Stored(Protocol):
    @property
    def folder(self) -> Path: ...


S = TypeVar("S", bound=_Stored)


def told(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """``method`` of what lies in ``self.folder``, with a StorageError for what goes wrong with files and database."""

    @wraps(method)
    def call(self: S, /, *args: P.args, **rest: P.kwargs) -> R:
        try:
            return method(self, *args, **rest)
        except (sqlite3.Error, OSError, diskcache.Timeout) as error:
            raise storage_error(error, self.folder) from error

    return call


class Reserve:
    """A file that takes up room until the disk is full: then it goes, and the last words of runs find room."""

    def __init__(self, home: Path) -> None:
        self._path = home / "reserve"

    def fill(self) -> None:
        """Take the room, where there is enough; silently not where there is not."""
        with suppress(OSError):
            if not self._path.exists() and _free(self._path.parent) > 4 * RESERVE:
                self._path.write_bytes(os.urandom(RESERVE))  # nothing that a file system could store for nothing

    def spend(self) -> None:
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _free(folder: Path) -> int:
    try:
        state: Any = os.statvfs(folder)
    except OSError:
        return 0
    return int(state.f_bavail * state.f_frsize)
