"""Tests of a study's differences: the original's Fisher tests with their warning, and the honest one over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.permutation import LEAST_RUNS, WARNING, fisher_test, sign_flip_test
from nnprobe_core.separation.table import Table

Array = np.ndarray

TESTS = ("training", "layers")


@dataclass(frozen=True)
class Tested:
    """What a test says of one layer.

    Attributes
    ----------
    layer, against : int
        Places of the layer and of what it is held against: itself before training, or the layer before it. The input
        has no test: training leaves it as it is, and nothing comes before.
    difference : float
        In the mean.
    p_value, adjusted : float
        The latter by Holm over all layers; NaN where the test is of pairs.
    count : int
        Class pairs, or runs.
    """

    layer: int
    against: int
    difference: float
    p_value: float
    adjusted: float
    count: int


def pair_tests(
    test: str, first: Array, last: Array, *, permutations: int = 10_000, seed: int = 0, device: str = "cpu"
) -> list[Tested]:
    """Fisher's tests over class pairs: separations (L, P) of every layer and pair, before and after training.

    ``test``: training holds each layer against itself before, layers against the one before it, both after.
    """
    out = []
    for layer, against in _held(test, len(last)):
        x = first[against] if test == "training" else last[against]
        found = fisher_test(x, last[layer], permutations=permutations, seed=seed, device=device)
        out.append(Tested(layer, against, found.difference, found.p_value, float("nan"), len(x)))
    return out


def seed_tests(test: str, first: Array, last: Array) -> list[Tested]:
    """The exact tests over runs: mean separations (R, L) of every run and layer, before and after training."""
    moved = (last - first)[:, 1:] if test == "training" else np.diff(last, axis=1)
    found = sign_flip_test(moved)
    each = zip(found.difference.tolist(), found.p_value.tolist(), found.adjusted.tolist(), strict=True)
    return [Tested(*places, *row, found.runs) for places, row in zip(_held(test, last.shape[1]), each, strict=True)]


def _held(test: str, layers: int) -> list[tuple[int, int]]:
    return [(layer, layer if test == "training" else layer - 1) for layer in range(1, layers)]


def fisher_tests(
    table: Table,
    *,
    set: str = "train",  # noqa: A002
    tests: Sequence[str] = TESTS,
    stage: str | None = None,
    permutations: int = 10_000,
    seed: int = 0,
    device: str = "cpu",
) -> list[dict[str, Any]]:
    """Fisher's permutation tests over class pairs, as a tidy list.

    ``training``: the first against the last stage, per layer but the input, which stays as it is. ``layers``: each
    layer against the one after it, at ``stage`` (the last unless given). Each record: test, set, stage, layer, against,
    difference, p_value, permutations, pairs, warning. They are the thesis's, and wrong as they stand: see the warning.
    """
    _check(tests)
    stage = table.stages[-1] if stage is None else stage
    records = []
    for test in tests:
        ends = (table.stages[0], table.stages[-1]) if test == "training" else (stage, stage)
        if test == "training" and len(table.stages) < 2:
            continue
        before, after = (np.stack([table.values(set, each, layer) for layer in table.layers]) for each in ends)
        for found in pair_tests(test, before, after, permutations=permutations, seed=seed, device=device):
            layer, against = table.layers[found.layer], table.layers[found.against]
            records.append(
                {
                    "test": test,
                    "set": set,
                    "stage": ends[0],
                    "layer": against,
                    "against": ends[1] if test == "training" else layer,
                    "difference": found.difference,
                    "p_value": found.p_value,
                    "permutations": permutations,
                    "pairs": found.count,
                    "warning": WARNING,
                }
            )
    return records


def honest_tests(
    tables: Sequence[Table],
    *,
    set: str = "train",  # noqa: A002
    tests: Sequence[str] = TESTS,
) -> list[dict[str, Any]]:
    """Exact sign-flip tests over runs, each table one of a seed of its own, adjusted by Holm over layers.

    What is tested is each run's difference of mean separations. Records as of :func:`fisher_tests`, with ``adjusted``
    and ``runs`` in place of permutations, pairs and warning. Raises ConfigError for fewer than 8 runs, or runs of
    different layers or stages.
    """
    _check(tests)
    if len(tables) < LEAST_RUNS:
        raise ConfigError("tables", f"of at least {LEAST_RUNS} runs, each of a seed of its own", len(tables))
    first = tables[0]
    for table in tables[1:]:
        if (table.layers, table.stages) != (first.layers, first.stages):
            raise ConfigError("tables", "of the same layers and stages", (table.layers, table.stages))
    means = np.stack([table.means(set) for table in tables])  # (runs, stages, layers)
    records: list[dict[str, Any]] = []
    for test in tests:
        if test == "training" and len(first.stages) < 2:
            continue
        stages = (first.stages[0], first.stages[-1]) if test == "training" else (first.stages[-1],) * 2
        for found in seed_tests(test, means[:, 0], means[:, -1]):
            layer, against = first.layers[found.layer], first.layers[found.against]
            records.append(
                {
                    "test": test,
                    "set": set,
                    "stage": stages[0],
                    "layer": against,
                    "against": stages[1] if test == "training" else layer,
                    "difference": found.difference,
                    "p_value": found.p_value,
                    "adjusted": found.adjusted,
                    "runs": found.count,
                }
            )
    return records


def effect_sizes(table: Table, *, set: str = "train") -> Array:  # noqa: A002
    """Mean separation at each stage less that at the first, (stages, layers): what is shown while it runs."""
    means = table.means(set)
    return np.asarray(means - means[0])


def _check(tests: Sequence[str]) -> None:
    unknown = [test for test in tests if test not in TESTS]
    if unknown:
        raise ConfigError("tests", f"among {', '.join(TESTS)}", unknown)
