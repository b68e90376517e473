"""A run's film in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.summaries.columns import aligned, with_chance
from nnprobe_core.columns import by_column
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
        seen = by_column("series.loss", loss)
        found.append(f"loss         {seen['train_loss']:.4f} train, {seen['test_loss']:.4f} test")
        found.append(f"accuracy     {seen['train_accuracy']:.2%} train, {seen['test_accuracy']:.2%} test")
    if (verdict := latest.get("series.verdict")) is not None:
        said = by_column("series.verdict", verdict)
        found.append(f"verdict      {verdict_sentence(*(int(said[name]) for name in ('code', 'layer', 'step')))}")
    return asked, [*found, "", *_table(config.widths, latest)]


def _table(widths: Sequence[int], latest: Mapping[str, np.ndarray]) -> list[str]:
    separation = latest.get("series.separation")
    mapping = latest.get("series.mapping")
    if separation is None or mapping is None:
        return []
    names = ["input", *(f"hidden {index}" for index in range(1, len(widths) - 1)), "logits"]
    rows: list[Sequence[Any]] = [("layer", "units", "separation", "linear probe", "95 % interval", "in plane")]
    for name, units, seen, mapped in zip(names, widths, separation, mapping, strict=True):
        of, share = by_column("series.separation", seen), by_column("series.mapping", mapped)["share"]
        interval = f"{of['low']:.1%} – {of['high']:.1%}"
        rows.append((name, units, f"{of['value']:.3f}", f"{of['probe']:.1%}", interval, f"{share:.0%}"))
    return aligned(with_chance(rows, latest.get("series.baseline")))
