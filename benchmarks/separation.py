"""Henze-Penrose separation of one pair of classes and of all, against a distance matrix and SciPy's spanning tree.

Both sides go from arrays of points to the same numbers. Points are normal, so that no two coincide and SciPy's tree
is right; the growth with N is the slope of log time on log N. The digits' pixels are whole numbers, so many distances
are equal: SciPy takes one tree, ours is the mean over all.
"""

from __future__ import annotations

import sys

from benchmarks.report import Row, interleaved, one_thread, report

one_thread()

from itertools import combinations  # noqa: E402
from time import perf_counter  # noqa: E402

import numpy as np  # noqa: E402
from scipy.sparse.csgraph import minimum_spanning_tree  # noqa: E402
from scipy.spatial.distance import cdist  # noqa: E402
from sklearn.datasets import load_digits  # noqa: E402

from nnprobe_core.maths.henze_penrose import henze_penrose, pairwise  # noqa: E402

BAR = 10.0
PAIRS_BAR = 5.0
BIG_BAR = 20.0  # seconds


def by_scipy(x: np.ndarray, y: np.ndarray) -> float:
    points = np.concatenate([x, y])
    tree = minimum_spanning_tree(cdist(points, points)).tocoo()
    cross = np.count_nonzero((tree.row < len(x)) != (tree.col < len(x)))
    return float(max(0.0, 1 - cross * len(points) / (2 * len(x) * len(y))))


def pair(n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n + d)
    return rng.normal(size=(n // 2, d)), rng.normal(size=(n - n // 2, d)) + 1 / np.sqrt(d)


def pairs_by_scipy(points: np.ndarray, labels: np.ndarray) -> list[float]:
    return [by_scipy(points[labels == a], points[labels == b]) for a, b in combinations(np.unique(labels), 2)]


def digits() -> list[Row]:
    """The 45 pairs of the digits, raw pixels."""
    points, labels = load_digits(return_X_y=True)
    ours, theirs = [each.value for each in pairwise(points, labels).values()], pairs_by_scipy(points, labels)
    if abs(np.mean(ours) - np.mean(theirs)) > 1e-3:  # trees differ where distances tie
        raise AssertionError(f"Both sides must give one mean, got {np.mean(ours)} and {np.mean(theirs)}.")
    mine, scipys = interleaved([lambda: pairwise(points, labels), lambda: pairs_by_scipy(points, labels)])
    return [
        Row("digits, raw pixels, 45 pairs: times faster than SciPy", scipys / mine, "×", PAIRS_BAR),
        Row("digits, raw pixels, 45 pairs", mine * 1e3, "ms"),
        Row("digits, raw pixels, 45 pairs: cdist and SciPy's tree", scipys * 1e3, "ms"),
        Row("digits, raw pixels: mean separation", float(np.mean(ours)), ""),
        Row("digits, raw pixels: least separation", float(np.min(ours)), ""),
    ]


def classes(count: int, each: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(count)
    labels = np.repeat(np.arange(count), each)
    return rng.normal(size=(len(labels), d)) + rng.normal(size=(count, d))[labels] / np.sqrt(d), labels


def all_pairs() -> list[Row]:
    """One layer as wide as MNIST's pictures: all pairs of ten classes of 1 000 points; and how it grows."""
    points, labels = classes(10, 1000, 784)
    began = perf_counter()
    pairwise(points, labels)
    rows = [Row("10 classes of 1000, d = 784: 45 pairs", perf_counter() - began, "s", BIG_BAR, at_least=False)]
    for count in (2, 5, 10, 20):
        points, labels = classes(count, 200, 784)
        (taken,) = interleaved([lambda points=points, labels=labels: pairwise(points, labels)], repeats=3)
        rows.append(Row(f"{count} classes of 200, d = 784: {count * (count - 1) // 2} pairs", taken * 1e3, "ms"))
    for each in (100, 200, 400):
        points, labels = classes(10, each, 784)
        (taken,) = interleaved([lambda points=points, labels=labels: pairwise(points, labels)], repeats=3)
        rows.append(Row(f"10 classes of {each}, d = 784: 45 pairs", taken * 1e3, "ms"))
    return rows


def main() -> bool:
    rows = [*digits(), *all_pairs()]
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
