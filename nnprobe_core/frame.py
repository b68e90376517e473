"""Frame: one moment of a run as named arrays, its only encoder, and the packing of frames into a film.

A frame's bytes are safetensors with a single metadata key (several come out in random order), so that the
same config gives the same bytes. What differs between two runs of one config (run id, wall time, place in
the log) is not in them: ``seq`` is where a frame stands in its log.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as _load
from safetensors.numpy import save as _save

from nnprobe_core.errors import FilmError

FILM = "film"  #: the track a browser plays
SETTLED = "settled"  #: the maps of a finished film, all in the final frame's plane
CHECKPOINTS = "checkpoints"  #: what a run can be continued from; never sent to a browser
TRACKS = (FILM, SETTLED, CHECKPOINTS)

_KEY = "frame"
_DTYPES = frozenset({"float32", "float64", "uint8", "uint16", "int32", "int64", "bool"})
_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True)
class Frame:
    """One moment of a run.

    Attributes
    ----------
    step : int
        Optimiser steps taken so far.
    arrays : mapping of str to ndarray
        What the probes saw; names and shapes are in docs/film-format.md.
    extra : bool
        True for a frame off the schedule: a step made by hand, or a changed learning rate.
    track : str
        One of :data:`TRACKS`. Not in the bytes: a log keeps tracks apart.
    header : mapping
        Further JSON: ``config`` in the first frame, ``lr`` where it was changed by hand.
    """

    step: int
    arrays: Mapping[str, np.ndarray]
    extra: bool = False
    track: str = FILM
    header: Mapping[str, Any] = field(default_factory=dict)


def encode(frame: Frame) -> bytes:
    """The frame as safetensors bytes; equal frames give equal bytes."""
    arrays = {}
    for name in sorted(frame.arrays):
        value = frame.arrays[name]
        if not isinstance(value, np.ndarray):
            raise FilmError(f"array {name} must be a numpy.ndarray, got {type(value).__name__}.")
        if value.dtype.name not in _DTYPES:
            raise FilmError(f"array {name} must have a dtype of {sorted(_DTYPES)}, got {value.dtype}.")
        # safetensors writes the wrong values for an array that is not C-contiguous, without a word.
        # (Not ascontiguousarray: it would give an array without axes one.)
        arrays[name] = np.asarray(value, order="C")
    head = {**frame.header, "step": int(frame.step), "extra": bool(frame.extra)}
    return _save(arrays, metadata={_KEY: json.dumps(head, sort_keys=True, separators=(",", ":"))})


def decode(data: bytes, *, track: str = FILM) -> Frame:
    """The frame in ``data``; :class:`FilmError` if it is none."""
    head = header(data)
    try:
        arrays = _load(bytes(data))
    except (SafetensorError, ValueError, KeyError) as error:
        raise FilmError(f"a frame must be safetensors bytes, got {len(data)} bytes that are not ({error}).") from error
    step, extra = head.pop("step"), head.pop("extra")
    return Frame(step=step, arrays=arrays, extra=extra, track=track, header=head)


def header(data: bytes) -> dict[str, Any]:
    """The header alone (``step``, ``extra``, …), without touching the arrays."""
    try:
        (size,) = _LENGTH.unpack_from(data)
        head = json.loads(json.loads(bytes(data[8 : 8 + size]))["__metadata__"][_KEY])
    except (struct.error, ValueError, KeyError, TypeError, RecursionError) as error:
        raise FilmError(f"a frame must begin with its header, got {bytes(data[:24])!r}.") from error
    if not isinstance(head, dict) or type(head.get("step")) is not int or type(head.get("extra")) is not bool:
        raise FilmError(f"a frame's header must have step and extra, a whole number and true or false, got {head!r}.")
    return head


def pack(frames: Iterable[bytes]) -> bytes:
    """A film (or a response): each frame behind its length (uint64, little-endian), padded to 8 bytes."""
    out = bytearray()
    for data in frames:
        out += _LENGTH.pack(len(data)) + data + bytes(-len(data) % 8)
    return bytes(out)


def unpack(film: bytes) -> Iterator[bytes]:
    """The encoded frames of a film. A torn last frame (a writer killed while writing) ends it without an error."""
    view, at = memoryview(film), 0
    while at < len(view):
        size = _LENGTH.unpack_from(view, at)[0] if at + 8 <= len(view) else 0
        if at + 8 + size > len(view):
            if at == 0:
                raise FilmError(f"a film must begin with a whole frame, got {len(view)} bytes.")
            return
        yield bytes(view[at + 8 : at + 8 + size])
        at += 8 + size + (-size % 8)
