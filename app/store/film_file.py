"""Films in files, read frame by frame: plain, gzipped or xz, and whatever else somebody may call a film.

A file is not trusted: what it claims is checked before memory is taken, so that no more than a frame is held at a time,
however much a few compressed bytes, or a length, may promise.
"""

from __future__ import annotations

import lzma
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from nnprobe_core.errors import FilmError
from nnprobe_core.frame import CHECKPOINTS, FILM, SETTLED, header

#: Bytes of the largest frame by track: checkpoints hold every parameter of a network some twenty times.
MAX_FRAME = {FILM: 64 << 20, SETTLED: 64 << 20, CHECKPOINTS: 1280 << 20}
_MAX_HEADER = 8 << 20
_PIECE = 1 << 16
_XZ_MEMORY = 128 << 20  # what its dictionary may take
_TWO_LENGTHS = struct.Struct("<QQ")  # of a frame, and of the header that it begins with


class TornFilmError(FilmError):
    """The film ends within a frame; those before it are whole."""


def read_film(path: Path, track: str = FILM) -> Iterator[bytes]:
    """The encoded frames of the file ``path``, one after another.

    Raises TornFilmError after the last whole frame where the file was cut off within one, and FilmError for what is no
    film; each names the file.
    """
    with path.open("rb") as file:
        pieces = _Pieces(_unpacked(file, path))
        count = 0
        while head := pieces.take(16):
            if len(head) < 16:
                raise _torn(path, count)
            size, inner = _TWO_LENGTHS.unpack(head)
            if not 16 <= size <= MAX_FRAME[track] or inner > min(size - 8, _MAX_HEADER):
                told = f"{size:,} bytes with a header of {inner:,}"
                raise FilmError(
                    f"{path} must be a film, of frames up to {MAX_FRAME[track]:,} bytes, "
                    f"got {told} for its frame {count + 1}."
                )
            begin = head[8:] + pieces.take(inner)
            if len(begin) < 8 + inner:
                raise _torn(path, count)
            header(begin)  # whoever says nothing sensible is not asked for the rest
            body = pieces.take(size - len(begin) + -size % 8)
            if len(begin) + len(body) < size:
                raise _torn(path, count)
            yield begin + body[: size - len(begin)]
            count += 1
        if not count or pieces.cut_off:
            raise _torn(path, count)


def _torn(path: Path, count: int) -> FilmError:
    if not count:
        return FilmError(f"{path} must be a film, which begins with a whole frame, got less than one.")
    frames = f"{count:,} whole frame{'s' if count > 1 else ''}"
    return TornFilmError(f"{path} must be whole, got {frames} and no end: was it cut off?")


class _CutOffError(Exception):
    """Packed data that do not come to their end."""


class _Decompressor(Protocol):
    """What lzma's and our gzip decompressor have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """zlib's decompressor with lzma's manners: input that was not used yet is kept."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)
        self._left = b""

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._left

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        out = self._inner.decompress(self._left + data, max_length)
        self._left = self._inner.unconsumed_tail
        return out


def _unpacked(file: IO[bytes], path: Path) -> Iterator[bytes]:
    """The contents of ``file`` in pieces; CutOff after the last of them where packed data do not come to their end."""
    first = file.read(_PIECE)
    if first[:2] == b"\x1f\x8b":
        yield from _decompressed(file, first, path, "gzip")
    elif first[:6] == b"\xfd7zXZ\0":
        yield from _decompressed(file, first, path, "xz")
    else:
        while first:
            yield first
            first = file.read(_PIECE)


def _decompressed(file: IO[bytes], data: bytes, path: Path, kind: str) -> Iterator[bytes]:
    def new() -> _Decompressor:
        return _Gzip() if kind == "gzip" else lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)

    stream = new()
    try:
        while data or not stream.needs_input:
            yield stream.decompress(data, _PIECE)
            if stream.eof:  # another may follow
                data = stream.unused_data.lstrip(b"\0") or file.read(_PIECE)
                if not data:
                    return
                stream = new()
            else:
                data = file.read(_PIECE) if stream.needs_input else b""
    except (zlib.error, lzma.LZMAError) as error:
        raise FilmError(f"{path} must be whole, got {kind} data that cannot be read ({error}).") from None
    raise _CutOffError


class _Pieces:
    """Takes so many bytes at a time from pieces of any length."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""
        self.cut_off = False

    def take(self, count: int) -> bytes:
        """``count`` bytes, fewer where there are no more."""
        out = bytearray(self._left[:count])
        self._left = self._left[count:]
        while len(out) < count:
            try:
                piece = next(self._pieces)
            except StopIteration:
                break
            except _CutOffError:
                self.cut_off = True
                break
            room = count - len(out)
            out += piece[:room]
            self._left = piece[room:]
        return bytes(out)
