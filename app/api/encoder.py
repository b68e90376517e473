"""Encoder: bodies compressed once and sent many times.

Brotli where a client takes it, gzip else. (Browsers take Brotli over HTTPS and from localhost alone: in a classroom
that reaches the lab by its address it is gzip.) Levels are those that cost a request some milliseconds, a script of
5 MB a fifth of a second, once: the last fifteenth of size would cost a hundred times as much.
"""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol

import brotli

BROTLI, GZIP = "br", "gzip"
KEPT, FRESH = 5, 1  #: levels: of what will be asked for again and again, and of what is new sixty times a second
_LIMIT = 64 << 20


class Accepted(Protocol):
    """werkzeug.datastructures.Accept, as far as it is used."""

    def quality(self, key: str) -> float: ...


def choose(accepted: Accepted) -> str:
    """The content coding for a client that accepts these; empty for none."""
    wanted = [(accepted.quality(coding), coding) for coding in (BROTLI, GZIP)]
    quality, coding = max(wanted, key=lambda pair: pair[0])  # of equals the first
    return coding if quality > 0 and quality >= accepted.quality("identity") else ""


class Encoder:
    """Keeps at most ``limit`` bytes of encoded bodies, those used last."""

    def __init__(self, limit: int = _LIMIT) -> None:
        self._limit, self._size = limit, 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def __call__(self, key: Hashable, coding: str, make: Callable[[], bytes], level: int = KEPT) -> bytes:
        """What ``make`` gives, in ``coding`` (empty: as it is); ``key`` names it, whatever the coding.

        Of several threads that ask for the same at once one makes it, and the others wait for that.
        """
        entry = (key, coding)
        if (found := self._get(entry)) is not None:
            return found
        with self._lock:
            making = self._making.setdefault(entry, threading.Lock())
        with making:
            if (found := self._get(entry)) is not None:
                return found
            try:
                found = _encode(make(), coding, level)
                self._put(entry, found)
            finally:
                with self._lock:
                    self._making.pop(entry, None)
        return found

    def _get(self, entry: Hashable) -> bytes | None:
        with self._lock:
            if entry in self._kept:
                self._kept.move_to_end(entry)
            return self._kept.get(entry)

    def _put(self, entry: Hashable, data: bytes) -> None:
        with self._lock:
            self._size += len(data) - len(self._kept.pop(entry, b""))
            self._kept[entry] = data
            while self._size > self._limit:
                self._size -= len(self._kept.popitem(last=False)[1])


def _encode(data: bytes, coding: str, level: int) -> bytes:
    if coding == BROTLI:
        return bytes(brotli.compress(data, quality=level))  # other threads run meanwhile
    if coding == GZIP:
        packer = zlib.compressobj(level + (level > 1), wbits=31)  # 31: zlib with gzip's header
        return packer.compress(data) + packer.flush()
    return data
