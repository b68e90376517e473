"""An attack study's film in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.summaries.columns import aligned
from nnprobe_core.columns import by_column

WANTS = ("attack.epsilons", "series.")


def lines(
    config: Any,  # noqa: ARG001
    head: Mapping[str, Any],
    history: Mapping[str, Sequence[np.ndarray]],
) -> tuple[list[str], list[str]]:
    """Classes and sizes; then the network's accuracy, and per ε the accuracy under attack and under noise."""
    epsilons = history["attack.epsilons"][0] if "attack.epsilons" in history else np.empty(0)
    asked = [f"attack       {len(epsilons)} sizes, {len(head.get('classes', ()))} classes"]
    found = []
    if "series.loss" in history:
        loss = by_column("series.loss", history["series.loss"][-1])
        found.append(f"accuracy     {loss['train_accuracy']:.2%} train, {loss['test_accuracy']:.2%} test")
    rows: list[Sequence[Any]] = [("ε", "under attack", "under noise", "confidence before", "after")]
    for epsilon, seen in zip(epsilons, history.get("series.attack", ()), strict=False):  # stopped: fewer frames than ε
        of = by_column("series.attack", seen)
        shown = ("accuracy", "noise_accuracy", "confidence_before", "confidence_after")
        rows.append((f"{epsilon:g}", *(f"{of[name]:.1%}" for name in shown)))
    return asked, [*found, "", *aligned(rows)]
