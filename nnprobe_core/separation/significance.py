"""Tests of a study's differences: the original's Fisher tests with their warning, and the honest one over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.permutation import LEAST_RUNS, WARNING, fisher_test, sign_flip_test
from nnprobe_core.separation.table import Table

Array = np.ndarray

TESTS = ("training", "layers")


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
    compared = [
        (test, *each)
        for test in tests
        for each in (
            [((table.stages[0], layer), (table.stages[-1], layer)) for layer in table.layers[1:]]
            if test == "training"
            else [((stage, before), (stage, after)) for before, after in pairwise(table.layers)]
        )
        if test != "training" or len(table.stages) > 1
    ]
    records = []
    for test, before, after in compared:
        x, y = table.values(set, *before), table.values(set, *after)
        found = fisher_test(x, y, permutations=permutations, seed=seed, device=device)
        records.append(
            {
                "test": test,
                "set": set,
                "stage": before[0],
                "layer": before[1],
                "against": after[0] if test == "training" else after[1],
                "difference": found.difference,
                "p_value": found.p_value,
                "permutations": permutations,
                "pairs": len(x),
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
        if test == "training":
            if len(first.stages) < 2:
                continue
            found = sign_flip_test((means[:, -1] - means[:, 0])[:, 1:])
            names = [(first.stages[0], layer, first.stages[-1]) for layer in first.layers[1:]]
        else:
            found = sign_flip_test(np.diff(means[:, -1], axis=1))
            names = [(first.stages[-1], before, after) for before, after in pairwise(first.layers)]
        for (stage, layer, against), difference, p_value, adjusted in zip(
            names, found.difference, found.p_value, found.adjusted, strict=True
        ):
            records.append(
                {
                    "test": test,
                    "set": set,
                    "stage": stage,
                    "layer": layer,
                    "against": against,
                    "difference": float(difference),
                    "p_value": float(p_value),
                    "adjusted": float(adjusted),
                    "runs": found.runs,
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
