"""Fisher's permutation test of two means, 10 000 permutations of 45 against 45 values, against a loop in Python.

Both sides draw as many permutations and count as large differences of means; their p-values agree within chance.
"""

from __future__ import annotations

import sys

from benchmarks.report import Row, interleaved, one_thread, report

one_thread()

import numpy as np  # noqa: E402

from nnprobe_core.maths.permutation import fisher_test  # noqa: E402

BAR = 5.0
PERMUTATIONS = 10_000


def by_loop(x: np.ndarray, y: np.ndarray, seed: int = 0) -> float:
    rng, pooled, n = np.random.default_rng(seed), np.concatenate([x, y]), len(x)
    least, as_large = abs(x.mean() - y.mean()), 0
    for _ in range(PERMUTATIONS):
        drawn = rng.permutation(pooled)
        as_large += abs(drawn[:n].mean() - drawn[n:].mean()) >= least
    return float((1 + as_large) / (PERMUTATIONS + 1))


def main() -> bool:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=45), rng.normal(size=45) + 0.3
    ours, theirs = fisher_test(x, y, permutations=PERMUTATIONS).p_value, by_loop(x, y)
    if abs(ours - theirs) > 5 * np.sqrt(2 * theirs * (1 - theirs) / PERMUTATIONS):
        raise AssertionError(f"Both sides must give one p-value within chance, got {ours} and {theirs}.")
    mine, loop = interleaved([lambda: fisher_test(x, y, permutations=PERMUTATIONS), lambda: by_loop(x, y)], repeats=9)
    case = "10 000 permutations, 45 against 45"
    return report(
        "permutation",
        [
            Row(f"{case}: times faster than a loop", loop / mine, "×", BAR),
            Row(f"{case}: ours", mine * 1e3, "ms"),
            Row(f"{case}: a loop in Python", loop * 1e3, "ms"),
        ],
    )


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
