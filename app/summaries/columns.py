"""A table as lines of text, and a column that several have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def with_chance(rows: Sequence[Sequence[Any]], chance: np.ndarray | None) -> list[Sequence[Any]]:
    """``rows``, the first of them heads, with what 95 % of shuffled labels get (layers, 2), where a film says it."""
    if chance is None:
        return list(rows)
    return [(*row, said) for row, said in zip(rows, ["shuffled labels", *map(_range, chance)], strict=True)]


def _range(interval: np.ndarray) -> str:
    return f"{interval[0]:.0%} – {interval[1]:.0%}"


def aligned(rows: Sequence[Sequence[Any]]) -> list[str]:
    """Columns: the first to the left, the others to the right."""
    text = [[str(cell) for cell in row] for row in rows]
    sizes = [max(len(row[column]) for row in text) for column in range(len(text[0]))]
    return [
        "  ".join(
            cell.rjust(size) if column else cell.ljust(size)
            for column, (cell, size) in enumerate(zip(row, sizes, strict=True))
        )
        for row in text
    ]
