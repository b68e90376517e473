"""Points of one's own from files: CSV, ``.npz`` and ``.npy``; nothing in them is ever unpickled."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from nnprobe_core.datasets.image_files import NAMES, read_archive, read_array
from nnprobe_core.datasets.own import OwnData, own_data
from nnprobe_core.errors import ConfigError

TEXT = (".csv", ".tsv", ".txt")
_MOST = 64 << 20  #: bytes of a text: many times what may be learnt from
_SETS = ("x_train", "y_train", "x_test", "y_test")


def read_points(path: Path | str, *, seed: int = 0) -> OwnData:
    """The points in the file ``path``; those of the test set are drawn by ``seed`` where it has none of its own.

    - CSV (commas, semicolons, tabs or blanks): a row a point, its class in the last column, as a number or a name;
      the first row may hold the columns' names.
    - ``.npy``: the same as an array of numbers.
    - ``.npz``: ``x`` (n, d) and ``y`` (n,), or ``x_train``, ``y_train``, ``x_test`` and ``y_test``.

    Raises ConfigError, a sentence that names the file, for anything else.
    """
    path = Path(path)
    if not path.is_file():
        raise ConfigError("data", "a file that is there", str(path))
    try:
        if path.suffix in TEXT:
            rows = _rows(path)
            return own_data(_numbers(rows), _labels(rows), seed=seed)
        if path.suffix == ".npy":
            return _of_table(read_array(path), seed)
        if path.suffix == ".npz":
            return _of_arrays(read_archive(path), seed)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error.field}", error.bound, error.got) from None
    raise ConfigError("data", f"a {', '.join(TEXT)}, .npy or .npz file of points", str(path))


def holds_points(path: Path) -> bool:
    """Whether the file holds points (n, d), rather than pictures."""
    if path.suffix == ".npz" and path.is_file():
        arrays = read_archive(path)
        return any(arrays[name].ndim == 2 for name in ("x_train", *NAMES["x"]) if name in arrays)
    return path.suffix in (*TEXT, ".npy")


def _of_arrays(arrays: dict[str, np.ndarray], seed: int) -> OwnData:
    if all(name in arrays for name in _SETS):
        return own_data(*(arrays[name] for name in _SETS))
    x, y = (next((arrays[name] for name in NAMES[side] if name in arrays), None) for side in "xy")
    if x is None or y is None:
        raise ConfigError("arrays", f"{', '.join(_SETS)}, or x and y", sorted(arrays))
    return own_data(x, y, seed=seed)


def _of_table(table: np.ndarray, seed: int) -> OwnData:
    if table.ndim != 2 or table.shape[1] < 2:
        raise ConfigError("array", "a row a point with its class last, (n, d + 1)", table.shape)
    return own_data(table[:, :-1], table[:, -1], seed=seed)


def _rows(path: Path) -> list[list[str]]:
    """The rows of a text without its heading, all of one length."""
    with path.open("rb") as file:
        data = file.read(_MOST + 1)
    if len(data) > _MOST:
        raise ConfigError("text", f"at most {_MOST:,} bytes", "more")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError("text", "in UTF-8", data[:20]) from None
    first = text.partition("\n")[0]
    between = next((mark for mark in "\t;," if mark in first), None)
    parts = (
        csv.reader(io.StringIO(text), delimiter=between) if between else (line.split() for line in io.StringIO(text))
    )
    try:
        rows = [(number, row) for number, row in enumerate(parts, 1) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise ConfigError("text", f"rows of cells ({error})", "others") from None
    if rows and not all(map(_is_number, rows[0][1][:-1])):
        rows = rows[1:]
    if not rows or len(rows[0][1]) < 2:
        raise ConfigError("text", "a row a point, with its class last", first)
    wide = len(rows[0][1])
    for number, row in rows:
        if len(row) != wide:
            raise ConfigError(f"line {number}", f"of {wide} columns like the others", len(row))
        if wrong := [cell for cell in row[:-1] if not _is_number(cell)]:
            raise ConfigError(f"line {number}", "numbers, and the class last", wrong[0])
    return [row for _, row in rows]


def _numbers(rows: list[list[str]]) -> np.ndarray:
    return np.array([[float(cell) for cell in row[:-1]] for row in rows])


def _labels(rows: list[list[str]]) -> np.ndarray:
    """The last column as numbers where it holds nothing else: class 10 then comes after class 9."""
    cells = [row[-1].strip() for row in rows]
    return np.array([float(cell) for cell in cells] if all(map(_is_number, cells)) else cells)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
