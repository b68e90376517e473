"""A run's film in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.summaries.columns import aligned, with_chance
from nnprobe_core.config import RunConfig
from nnprobe_core.probes.verdict import verdict_sentence

WANTS = ("series.",)


def lines(
    config: RunConfig, head: Mapping[str, Any], history: Mapping[str, Sequence[np.ndarray]]
) -> tuple[list[str], list[str]]:
    """Data and network; then loss, accuracy, verdict, and a table with a row for each layer."""
    asked = [
        f"dataset      {'own points' if config.data else config.dataset}, {config.points:,} training points",
        f"network      {'-'.join(map(str, config.widths))} {config.activation}, {config.optimiser}, "
        f"learning rate {config.lr:g}",
    ]
    if fork := head.get("fork"):
        changed = [name for name, value in config.to_mapping().items() if fork["config"].get(name) != value]
        asked.append(f"forked       from run {fork['run']} at step {fork['step']:,}, with another {', '.join(changed)}")
    latest = {name: values[-1] for name, values in history.items()}
    found = []
    if (loss := latest.get("series.loss")) is not None:
        found.append(f"loss         {loss[0]:.4f} train, {loss[1]:.4f} test")
        found.append(f"accuracy     {loss[2]:.2%} train, {loss[3]:.2%} test")
    if (verdict := latest.get("series.verdict")) is not None:
        found.append(f"verdict      {verdict_sentence(*(int(value) for value in verdict[:3]))}")
    return asked, [*found, "", *_table(config.widths, latest)]


def _table(widths: Sequence[int], latest: Mapping[str, np.ndarray]) -> list[str]:
    separation = latest.get("series.separation")
    mapping = latest.get("series.mapping")
    if separation is None or mapping is None:
        return []
    names = ["input", *(f"hidden {index}" for index in range(1, len(widths) - 1)), "logits"]
    rows: list[Sequence[Any]] = [("layer", "units", "separation", "linear probe", "95 % interval", "in plane")]
    for name, units, seen, mapped in zip(names, widths, separation, mapping, strict=True):
        interval = f"{seen[2]:.1%} – {seen[3]:.1%}"
        rows.append((name, units, f"{seen[0]:.3f}", f"{seen[1]:.1%}", interval, f"{mapped[0]:.0%}"))
    return aligned(with_chance(rows, latest.get("series.baseline")))
