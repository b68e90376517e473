"""A table of separations in words: means by layer, before and after, and the tests over pairs and over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from app.summaries.columns import aligned
from nnprobe_core.maths.metrics import METRICS

if TYPE_CHECKING:
    from nnprobe_core.separation.table import ProbeRow, Table


def lines(table: Table) -> list[str]:
    """Classes, stages, and the mean separation of each layer, before and after."""
    shown = list(dict.fromkeys([table.stages[0], table.stages[-1]]))
    points = {name: _points(table, name) for name in table.sets}
    told = ", ".join(f"{count:,} {name} points" for name, count in points.items())
    pairs = len(table.select(table.sets[0], table.stages[0], table.layers[0]))
    lines = [
        f"classes      {len(table.classes)}, {pairs} pairs; {told}",
        f"stages       {len(table.stages)}: {_list(table.stages)}",
        f"convention   {table.convention}"
        + (": equal for classes of one size and wrong otherwise" if table.convention == "balanced" else ""),
        *([f"distance     {table.distance}"] if table.distance != METRICS[0] else []),
        "",
        "Mean Henze-Penrose separation of class pairs: what neighbours can see at this many points.",
    ]
    heads = ["layer", *(f"{name}, {stage}" for name in table.sets for stage in shown), "hardest pair"]
    heads += [f"linear probe, {stage}" for stage in shown if table.probes]
    heads += [f"shuffled labels, {table.stages[-1]}"] if table.probes else []
    rows = [heads]
    for layer in table.layers:
        cells = [layer]
        cells += [_figure(table.values(name, stage, layer).mean()) for name in table.sets for stage in shown]
        last = table.select(table.sets[-1], table.stages[-1], layer)
        least = min(last, key=lambda row: row.raw)
        cells.append(f"{least.a}, {least.b}: {_figure(least.raw)}" if np.isfinite(least.raw) else "–")
        cells += [_figure(probe.accuracy) for stage in shown if (probe := table.probe(stage, layer))]
        cells += [_chance(probe)] if (probe := table.probe(table.stages[-1], layer)) else []
        rows.append(cells)
    return [*lines, *aligned(rows), *([""] if table.notes else []), *table.notes]


def _points(table: Table, name: str) -> int:
    """Points of all classes of a set, from the pairs' counts."""
    counts = {row.a: row.n for row in table.select(name, table.stages[0], table.layers[0])}
    counts |= {row.b: row.m for row in table.select(name, table.stages[0], table.layers[0])}
    return sum(counts.values())


def fisher(table: Table, permutations: int, device: str) -> list[str]:
    from nnprobe_core.maths.permutation import WARNING
    from nnprobe_core.separation.significance import fisher_tests

    records = fisher_tests(table, set=table.sets[0], permutations=permutations, device=device)
    lines = [
        f"Fisher's permutation tests over class pairs, {table.sets[0]} set, {permutations:,} permutations",
        WARNING,
    ]
    rows = [["test", "from", "to", "difference", "p"]]
    for record in records:
        before = f"{record['layer']}, {record['stage']}" if record["test"] == "training" else record["layer"]
        rows.append([record["test"], before, record["against"], f"{record['difference']:+.3f}", _p(record["p_value"])])
    return [*lines, *aligned(rows)]


def honest(tables: Sequence[Table]) -> list[str]:
    from nnprobe_core.separation.significance import honest_tests

    records = honest_tests(tables, set=tables[0].sets[0])
    lines = [f"Exact sign-flip test over {len(tables)} seeds, {tables[0].sets[0]} set, adjusted by Holm over layers"]
    rows = [["test", "from", "to", "difference", "p", "adjusted"]]
    for record in records:
        before = f"{record['layer']}, {record['stage']}" if record["test"] == "training" else record["layer"]
        figures = [f"{record['difference']:+.3f}", _p(record["p_value"]), _p(record["adjusted"])]
        rows.append([record["test"], before, record["against"], *figures])
    return [*lines, *aligned(rows)]


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 6 else f"{', '.join(names[:3])}, … {names[-1]}"


def _figure(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.3f}"


def _chance(probe: ProbeRow) -> str:
    """What shuffled labels get, and what 95 % of shuffles lie between."""
    low, high = probe.baseline_low, probe.baseline_high
    return _figure(probe.baseline) + ("" if np.isnan(low) else f" ({low:.2f} to {high:.2f})")


def _p(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2g}"
