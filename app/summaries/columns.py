"""A table as lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


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
