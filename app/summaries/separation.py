"""A separation study's film in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.summaries.columns import aligned, with_chance
from nnprobe_core.columns import by_column

WANTS = ("separation.", "series.probe", "series.baseline")


def lines(
    config: Any,  # noqa: ARG001
    head: Mapping[str, Any],
    history: Mapping[str, Sequence[np.ndarray]],
) -> tuple[list[str], list[str]]:
    """Layers and class pairs; then each layer's mean separation at the first and the last stage, and its probe."""
    layers = [str(name) for name in head.get("layers", ())]
    asked = [f"separation   {len(layers)} layers, {len(head.get('classes', ()))} classes"]
    if "separation.test" not in history:
        return asked, []
    first, last = history["separation.test"][0], history["separation.test"][-1]
    probe = history["series.probe"][-1] if "series.probe" in history else np.full((len(layers), 4), np.nan)
    rows: list[Sequence[Any]] = [("layer", "before", "after", "linear probe", "95 % interval")]
    for name, before, after, seen in zip(layers, first, last, probe, strict=True):
        of = by_column("series.probe", seen)
        interval = f"{of['low']:.1%} – {of['high']:.1%}"
        rows.append((name, f"{np.nanmean(before):.3f}", f"{np.nanmean(after):.3f}", f"{of['accuracy']:.1%}", interval))
    chance = history["series.baseline"][-1] if "series.baseline" in history else None
    table = aligned(with_chance(rows, chance))
    return asked, [f"pairs        {first.shape[1]}, mean separation on the test set", "", *table]
