"""Derived: bytes that can be worked out again, kept in files so that all web processes have them.

A backend of flask-caching, whose own ones pickle what they keep. Bytes in, bytes out: nothing that was stored is ever
unpickled, or run. A cache that cannot be read or written is slow, and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_caching import Cache
from flask_caching.backends.base import BaseCache

_SUFFIX = ".bin"
_SUM = 16  #: bytes of the checksum that a file begins with
_MOST = 500  #: files
_LOOK_EVERY = 50  #: writes between two looks at how many there are


def derived_cache(folder: Path) -> Cache:
    """A cache in ``folder``, for :meth:`flask_caching.Cache.init_app`."""
    place = f"{Derived.__module__}.{Derived.__name__}"
    return Cache(config={"CACHE_TYPE": place, "CACHE_DIR": str(folder), "CACHE_THRESHOLD": _MOST})


class Derived(BaseCache):
    """A folder of at most some 500 values, the oldest of which go first; any number of processes may use it."""

    def __init__(self, folder: Path, most: int = _MOST) -> None:
        super().__init__(default_timeout=0)  # what is here stays true
        self._folder, self._most, self._writes = folder, most, 0
        with suppress(OSError):
            for path in folder.iterdir():  # what another version left, or a process that was killed
                if path.is_file() and path.suffix != _SUFFIX:
                    path.unlink(missing_ok=True)

    @classmethod
    def factory(cls, app: Flask, config: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> Derived:
        """What flask-caching calls with its settings."""
        del app, args, kwargs
        return cls(Path(config["CACHE_DIR"]), int(config["CACHE_THRESHOLD"]))

    def get(self, key: str) -> bytes | None:
        """What was stored under ``key``, None where there is nothing (any more) or what is there is damaged."""
        try:
            data = self._path(key).read_bytes()
        except OSError:
            return None
        value = data[_SUM:]
        return value if _sum(value) == data[:_SUM] else None

    def set(self, key: str, value: bytes, timeout: timedelta | int | None = None) -> bool:
        """Store ``value``, whole or not at all; whether that was possible."""
        del timeout
        draft = self._folder / f"{secrets.token_hex(8)}.draft"
        try:
            draft.write_bytes(_sum(value) + value)
            draft.replace(self._path(key))
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            return False
        self._writes += 1
        if self._writes % _LOOK_EVERY == 0:
            self._prune()
        return True

    def delete(self, key: str) -> bool:
        """Forget what was stored under ``key``; whether there was something."""
        try:
            self._path(key).unlink()
        except OSError:
            return False
        return True

    def _prune(self) -> None:
        with suppress(OSError):
            found = [(entry.stat().st_mtime, entry.path) for entry in os.scandir(self._folder)]
            for _, path in sorted(found)[: max(0, len(found) - self._most)]:
                Path(path).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / (hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest() + _SUFFIX)


def _sum(value: bytes) -> bytes:
    return hashlib.blake2b(value, digest_size=_SUM).digest()
