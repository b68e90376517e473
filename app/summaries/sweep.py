"""A sweep's film in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.summaries.columns import aligned
from nnprobe_core.columns import by_column
from nnprobe_core.sweeps.config import SweepConfig
from nnprobe_core.sweeps.results import DONE

WANTS = ("sweep.state", "sweep.scores", "sweep.noise", "sweep.attack")


def lines(
    config: SweepConfig,
    head: Mapping[str, Any],  # noqa: ARG001
    history: Mapping[str, Sequence[np.ndarray]],
) -> tuple[list[str], list[str]]:
    """How many networks of what; then a table with a row for each combination of values, over its seeds."""
    over = " × ".join(f"{axis.field} ({', '.join(axis.texts)})" for axis in config.axes)
    asked = [f"sweep        {len(config.cells):,} networks: {f'{over} × ' if over else ''}{config.seeds} seeds"]
    latest = {name: values[-1] for name, values in history.items()}
    state, scores = latest.get("sweep.state"), latest.get("sweep.scores")
    if state is None or scores is None:
        return asked, []
    found = [f"done         {int((state == DONE).sum()):,} of {len(state):,} networks"]
    names = [axis.field for axis in config.axes] or ["all"]
    rows: list[Sequence[Any]] = [(*names, "done", "test accuracy", "lowest", "highest", *_stresses(config))]
    for place, (i, j) in enumerate(config.bases):
        cells = np.arange(place * config.seeds, (place + 1) * config.seeds)
        cells = cells[state[cells] == DONE]
        values = [axis.texts[at] for axis, at in zip(config.axes, (i, j), strict=False)] or [""]
        accuracy = by_column("sweep.scores", scores[cells])["test_accuracy"]
        rows.append(
            (*values, len(cells), *(_share(f, accuracy) for f in (np.mean, np.min, np.max)), *_under(latest, cells))
        )
    return asked, [*found, "", *aligned(rows)]


def _stresses(config: SweepConfig) -> list[str]:
    """Titles of the columns of the largest noise, and the largest attack."""
    return [
        *(f"noise {config.test_noise[-1]:g}" for _ in config.test_noise[:1]),
        *(f"FGSM {config.epsilons[-1]:g}" for _ in config.epsilons[:1]),
    ]


def _under(latest: Mapping[str, np.ndarray], cells: np.ndarray) -> list[str]:
    arrays = [latest.get("sweep.noise"), latest.get("sweep.attack")]
    return [_share(np.mean, array[cells, -1]) for array in arrays if array is not None and array.shape[1]]


def _share(of: Any, values: np.ndarray) -> str:
    """A share of points in words; networks whose numbers are not finite count for nothing."""
    known = values[np.isfinite(values)]
    return f"{of(known):.1%}" if len(known) else "–"
