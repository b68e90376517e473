"""Series: the small arrays of all frames at once, for a browser that comes late to a film."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable

import numpy as np

from nnprobe_core.columns import COLUMNS
from nnprobe_core.errors import FilmError
from nnprobe_core.frame import Frame, encode, pack

PREFIX = "series."
_DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "I64": "<i8",
    "I32": "<i4",
    "U16": "<u2",
    "U8": "|u1",
    "BOOL": "|b1",
}


def stack_series(frames: Iterable[bytes]) -> bytes:
    """One packed frame: ``step`` int32 (F,), ``extra`` uint8 (F,), and each series of ``frames``, stacked (F, …).

    Where a frame has no such series: NaN, or −1 for whole numbers. The header has ``columns``: of each series the names
    of its columns, where they have any.
    """
    steps, extras, seen = list[int](), list[bool](), dict[str, dict[int, np.ndarray]]()
    for index, data in enumerate(frames):
        step, extra, arrays = read_series(data)
        steps.append(step)
        extras.append(extra)
        for name, value in arrays.items():
            seen.setdefault(name, {})[index] = value
    out: dict[str, np.ndarray] = {"step": np.array(steps, np.int32), "extra": np.array(extras, np.uint8)}
    for name, rows in seen.items():
        first = next(iter(rows.values()))
        empty = np.nan if first.dtype.kind == "f" else -1
        stacked = np.full((len(steps), *first.shape), empty, first.dtype)
        for index, value in rows.items():
            stacked[index] = value
        out[name] = stacked
    header = {"columns": {name: COLUMNS[name] for name in out if name in COLUMNS}}
    return pack([encode(Frame(step=steps[-1] if steps else 0, arrays=out, header=header))])


def read_series(data: bytes, prefixes: tuple[str, ...] = (PREFIX,)) -> tuple[int, bool, dict[str, np.ndarray]]:
    """Step, extra and the series of an encoded frame (or what else begins so), without reading its larger arrays."""
    try:
        (size,) = struct.unpack_from("<Q", data)
        table = json.loads(data[8 : 8 + size])
        head = json.loads(table.pop("__metadata__")["frame"])
    except (struct.error, ValueError, KeyError) as error:
        raise FilmError(f"a frame must begin with its header, got {data[:24]!r}.") from error
    arrays = {}
    for name, entry in table.items():
        if name.startswith(prefixes):
            start, stop = entry["data_offsets"]
            flat = np.frombuffer(data[8 + size + start : 8 + size + stop], _DTYPES[entry["dtype"]])
            arrays[name] = flat.reshape(entry["shape"])
    return int(head["step"]), bool(head["extra"]), arrays
