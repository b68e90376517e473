"""A sweep's film in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.summaries.columns import aligned

WANTS = ("sweep.cells", "sweep.state", "sweep.scores")
_DONE = 2
_SHOWN = 5


def lines(
    config: Any,  # noqa: ARG001
    head: Mapping[str, Any],  # noqa: ARG001
    history: Mapping[str, list[np.ndarray]],
) -> tuple[list[str], list[str]]:
    """How many networks; then how many are done, their test accuracy, and the best of them."""
    cells = history["sweep.cells"][0] if "sweep.cells" in history else np.empty((0, 3), np.int32)
    asked = [f"sweep        {len(cells):,} networks, {len(set(cells[:, 2].tolist()))} seeds"]
    if "sweep.state" not in history or "sweep.scores" not in history:
        return asked, []
    done = history["sweep.state"][-1] == _DONE
    found = [f"done         {int(done.sum()):,} of {len(done):,} networks"]
    if done.any():
        accuracy = history["sweep.scores"][-1][:, 3]
        low, middle, high = np.quantile(accuracy[done], (0, 0.5, 1))
        found.append(f"accuracy     {middle:.2%} test (median), {low:.2%} to {high:.2%}")
        best = [index for index in np.argsort(-accuracy, kind="stable") if done[index]][:_SHOWN]
        rows: list[Sequence[Any]] = [("network", "axis 1", "axis 2", "seed", "test accuracy")]
        rows += [(str(index), *(str(part) for part in cells[index]), f"{accuracy[index]:.2%}") for index in best]
        found += ["", *aligned(rows)]
    return asked, found
