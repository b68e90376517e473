"""Henze-Penrose separation of one pair of classes, against a distance matrix and SciPy's spanning tree.

Both sides go from two arrays of points to the same number. Points are normal, so that no two coincide and SciPy's tree
is right; the growth with N is the slope of log time on log N.
"""

from __future__ import annotations

import sys

from benchmarks.report import Row, interleaved, one_thread, report

one_thread()

import numpy as np  # noqa: E402
from scipy.sparse.csgraph import minimum_spanning_tree  # noqa: E402
from scipy.spatial.distance import cdist  # noqa: E402

from nnprobe_core.maths.henze_penrose import henze_penrose  # noqa: E402

BAR = 10.0


def by_scipy(x: np.ndarray, y: np.ndarray) -> float:
    points = np.concatenate([x, y])
    tree = minimum_spanning_tree(cdist(points, points)).tocoo()
    cross = np.count_nonzero((tree.row < len(x)) != (tree.col < len(x)))
    return float(max(0.0, 1 - cross * len(points) / (2 * len(x) * len(y))))


def pair(n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n + d)
    return rng.normal(size=(n // 2, d)), rng.normal(size=(n - n // 2, d)) + 1 / np.sqrt(d)


def main() -> bool:
    rows = []
    for n, d in ((1000, 2), (1000, 64), (1000, 784)):
        x, y = pair(n, d)
        ours, theirs = henze_penrose(x, y).value, by_scipy(x, y)
        if abs(ours - theirs) > 1e-12:
            raise AssertionError(f"Both sides must give one value at N = {n}, d = {d}, got {ours} and {theirs}.")
        mine, scipys = interleaved([lambda x=x, y=y: henze_penrose(x, y), lambda x=x, y=y: by_scipy(x, y)], repeats=15)
        rows.append(Row(f"N = {n}, d = {d}: times faster than SciPy", scipys / mine, "×", BAR if d == 64 else None))
        rows.append(Row(f"N = {n}, d = {d}: one pair", mine * 1e3, "ms"))
        rows.append(Row(f"N = {n}, d = {d}: cdist and SciPy's tree", scipys * 1e3, "ms"))
    sizes, taken = (200, 500, 1000, 2000, 5000), []
    pairs = [pair(n, 64) for n in sizes]
    taken = interleaved([lambda x=x, y=y: henze_penrose(x, y) for x, y in pairs], repeats=5)
    rows += [Row(f"N = {n}, d = 64: one pair (growth)", t * 1e3, "ms") for n, t in zip(sizes, taken, strict=True)]
    exponent = np.polyfit(np.log(sizes), np.log(taken), 1)[0]
    rows.append(Row("exponent of growth, N = 200 to 5000, d = 64", float(exponent), ""))
    return report("separation", rows)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
