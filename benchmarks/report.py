"""What every benchmark shares: two sides run in turns, and a table whose last line is JSON.

Absolute times drift with the machine and with whoever else works on it; a ratio of medians of two callables run
in turns on the same work drifts far less. So a bar on speed is a ratio wherever there is something to stand beside.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import Any


def one_thread() -> None:
    """Hold the linear algebra libraries to one thread; call it before NumPy or torch is imported."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


@dataclass(frozen=True)
class Row:
    """One figure. ``bar`` is None for a figure that stands for itself; ``at_least`` says which side of it is good."""

    case: str
    value: float
    unit: str
    bar: float | None = None
    at_least: bool = True

    @property
    def holds(self) -> bool:
        if self.bar is None:
            return True
        return self.value >= self.bar if self.at_least else self.value <= self.bar


def report(name: str, rows: Sequence[Row]) -> bool:
    """Print the table and, as the last line, its JSON; True when every bar holds."""
    width = max([len(row.case) for row in rows] + [4])
    print(f"{name}\n{'case':<{width}}  {'value':>10}  {'unit':<12}  {'bar':>8}  holds")
    for row in rows:
        bar = "" if row.bar is None else f"{'≥' if row.at_least else '≤'} {row.bar:g}"
        says = "" if row.bar is None else ("yes" if row.holds else "NO")
        print(f"{row.case:<{width}}  {row.value:>10.4g}  {row.unit:<12}  {bar:>8}  {says}")
    print(json.dumps({"benchmark": name, "rows": [_json(row) for row in rows]}, ensure_ascii=False), flush=True)
    return all(row.holds for row in rows)


def _json(row: Row) -> Mapping[str, Any]:
    out = asdict(row) | {"value": float(f"{row.value:.6g}"), "holds": row.holds}
    del out["at_least"]
    return out


def interleaved(sides: Iterable[Callable[[], object]], *, repeats: int = 7, warm: int = 1) -> list[float]:
    """Median seconds of a call of each side, all run in turns on this one thread.

    Every round calls each side once, and every other round in reverse order, so that a slow spell of the
    machine falls on all of them. ``warm`` rounds come first and do not count.
    """
    calls = list(sides)
    times: list[list[float]] = [[] for _ in calls]
    for round_ in range(warm + repeats):
        order = range(len(calls)) if round_ % 2 == 0 else reversed(range(len(calls)))
        for index in order:
            began = perf_counter()
            calls[index]()
            taken = perf_counter() - began
            if round_ >= warm:
                times[index].append(taken)
    return [median(each) for each in times]
