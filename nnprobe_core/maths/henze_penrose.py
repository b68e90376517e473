"""Henze-Penrose separation of two classes by the Friedman-Rafsky statistic.

Friedman & Rafsky 1979 (Ann. Statist. 7, §3) count the edges S of the Euclidean minimum spanning tree of both classes
that join different classes; Henze & Penrose 1999 (Ann. Statist. 27, theorem 2) give its limit; 1 − S·N/(2nm)
estimates the divergence named after them (Berisha et al. 2016, IEEE Trans. Signal Process. 64, §II). 1: separated,
0: one distribution.

Nothing here depends on the order of the points, and no tie is broken: S is the mean over all minimum spanning trees of
the points. Those on one place are merged into a site, with the expectation of S over the trees within it; between two
sites there are as many edges of one length as pairs of their points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np

from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.class_distances import SHARED_FROM, ClassDistances
from nnprobe_core.maths.metrics import as_seen, check_metric, cityblock
from nnprobe_core.maths.sites import find_sites
from nnprobe_core.maths.spanning_tree import resolved_trees, squared_distances, trees_of
from nnprobe_core.maths.tied_trees import all_trees

Array = np.ndarray

CONVENTIONS = ("friedman-rafsky", "balanced")

_BATCH = 2**21  # entries of a batch of distance matrices: 16 MiB


@dataclass(frozen=True)
class HenzePenrose:
    """Separation of two classes.

    Attributes
    ----------
    value : float
        In [0, 1]: 1 separated, 0 the same distribution.
    raw : float
        Before the clip at 0: its mean over samples of one distribution is 0, that of ``value`` is not.
    cross : float
        Expected edges S that join the classes.
    n, m : int
        Points of each class.
    sites : int
        Distinct places among the n + m points.
    """

    value: float
    raw: float
    cross: float
    n: int
    m: int
    sites: int


def henze_penrose(x: Array, y: Array, *, convention: str = "friedman-rafsky") -> HenzePenrose:
    """Separation of the points ``x`` (n, d) from ``y`` (m, d).

    ``convention="balanced"`` gives 1 − 2·min(N/2, S)/N, which is equal for n = m and wrong otherwise (100 and 900
    points of one distribution: .64). It is there for comparison with work that used it.

    Raises
    ------
    ConfigError
        For an empty class, different dimensions, values that are not finite, or an unknown convention.
    """
    x, y = _points("x", x), _points("y", y)
    if x.shape[1] != y.shape[1]:
        raise ConfigError("y", f"points of {x.shape[1]} dimensions, like x", y.shape)
    _check(convention)
    points = np.concatenate([x, y])
    is_x = np.arange(len(points)) < len(x)
    return _separations(points, [np.arange(len(points))], [is_x], convention)[0]


def pairwise(
    points: Array,
    labels: Array,
    *,
    convention: str = "friedman-rafsky",
    sites: tuple[Array, Array] | None = None,
    metric: str = "euclidean",
) -> dict[tuple[int, int], HenzePenrose]:
    """Separation of every pair of classes (a, b), a < b, among ``points`` (n, d) with integer ``labels`` (n,).

    ``sites`` is what :func:`find_sites` says of the points (of :func:`~nnprobe_core.maths.metrics.as_seen` of them),
    for a caller who has it. ``metric``: which distance the trees are laid by; the statistic holds for any.
    """
    check_metric(metric)
    points, labels, classes = _labelled(as_seen(points, metric), labels)
    _check(convention)
    pairs = list(combinations(range(len(classes)), 2))
    members = [np.flatnonzero(labels == label) for label in classes]
    subsets = [np.concatenate([members[a], members[b]]) for a, b in pairs]
    first = [np.arange(len(subset)) < len(members[a]) for subset, (a, _) in zip(subsets, pairs, strict=True)]
    shared: list[Callable[[], Array]] | None = None
    if metric == "l1":
        shared = [partial(_cityblock, points, subset) for subset in subsets]
    elif len(classes) > 2 and points.shape[1] >= SHARED_FROM:
        distances = ClassDistances(points, members)
        shared = [partial(distances.of_pair, a, b) for a, b in pairs]
    found = _separations(points, subsets, first, convention, sites, shared, metric)
    return {(classes[a], classes[b]): result for (a, b), result in zip(pairs, found, strict=True)}


def _cityblock(points: Array, subset: Array) -> Array:
    return cityblock(points[subset])[None]


def draw_subsets(labels: Array, *, resamples: int = 30, per_class: int = 80, seed: int = 0) -> Array:
    """Indices (resamples, K, c) of c points of each of the K classes present, without replacement.

    c = ``per_class``, or four fifths of the smallest class where that is less, so that resamples differ.
    """
    labels = np.asarray(labels)
    members = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    count = max(1, min(per_class, 4 * min(map(len, members), default=0) // 5))
    rng = np.random.default_rng(seed)
    return np.array(
        [[rng.choice(of_class, count, replace=False) for of_class in members] for _ in range(resamples)], np.intp
    )


def resampled(
    points: Array,
    labels: Array,
    subsets: Array | None = None,
    *,
    resamples: int = 30,
    per_class: int = 80,
    seed: int = 0,
    sites: tuple[Array, Array] | None = None,
) -> Array:
    """Unclipped separation (resamples,) of seeded subsets of the points, all solved in lock step.

    With more than two classes each value is the mean over class pairs. ``subsets`` are those of
    :func:`draw_subsets`, drawn once by a caller who compares moments; else they are drawn from ``seed``. ``sites``
    is what :func:`find_sites` says of the points, for a caller who has it.
    Resamples overlap: their spread is not that of independent samples, and no test may treat it so.
    """
    points, labels, classes = _labelled(points, labels)
    if subsets is None:
        subsets = draw_subsets(labels, resamples=resamples, per_class=per_class, seed=seed)
    count = subsets.shape[2]
    pairs = list(combinations(range(len(classes)), 2))
    chosen = [np.concatenate([subset[a], subset[b]]) for subset in subsets for a, b in pairs]
    is_first = np.arange(2 * count) < count
    results = _separations(points, chosen, [is_first] * len(chosen), CONVENTIONS[0], sites)
    values = np.array([each.raw for each in results]).reshape(len(subsets), len(pairs))
    return np.asarray(values.mean(axis=1))


def _separations(
    points: Array,
    subsets: Sequence[Array],
    first: Sequence[Array],
    convention: str,
    sites: tuple[Array, Array] | None = None,
    distances: Sequence[Callable[[], Array]] | None = None,
    metric: str = "euclidean",
) -> list[HenzePenrose]:
    """One result per subset (indices into ``points``); ``first`` says which of its points are of the first class.

    ``distances`` gives the squared distances of each subset alone, where a caller has them at less than their price;
    of another ``metric``, the distances themselves.
    """
    if not subsets:
        return []
    site, places = sites or find_sites(points)
    results: list[HenzePenrose] = []
    at_once = 1 if distances else max(1, _BATCH // max(map(len, subsets)) ** 2)
    for begin in range(0, len(subsets), at_once):
        some, theirs = subsets[begin : begin + at_once], first[begin : begin + at_once]
        width = max(map(len, some))
        index = np.zeros((len(some), width), np.intp)
        counts = np.zeros((2, len(some), width))  # per site, at the place of its first point in the subset
        for b, (subset, is_first) in enumerate(zip(some, theirs, strict=True)):
            index[b, : len(subset)] = subset
            at = _first_of_site(site[subset]) if len(places) < len(points) else np.arange(len(subset))
            for side, weights in enumerate((is_first, ~is_first)):
                counts[side, b] = np.bincount(at, weights, width)
        squares = distances[begin]() if distances else squared_distances(points[index])
        finer = None if metric == "l1" else partial(_points_of, points, index)
        found = _cross_edges(squares, counts, finer)
        for cross, in_first, in_second in zip(found, *counts, strict=True):
            n, m = int(in_first.sum()), int(in_second.sum())
            raw = _statistic(cross, n, m, convention)
            distinct = int(np.count_nonzero(in_first + in_second))
            results.append(HenzePenrose(max(0.0, raw), raw, cross, n, m, distinct))
    return results


def _points_of(points: Array, index: Array, sets: Array) -> Array:
    return np.asarray(points[index[sets]])


def _first_of_site(site: Array) -> Array:
    """For every point the place of the first point on the same site."""
    _, first, inverse = np.unique(site, return_index=True, return_inverse=True)
    return np.asarray(first[inverse])


def _cross_edges(squares: Array, counts: Array, points: Callable[[Array], Array] | None) -> list[float]:
    """Expected edges that join the classes, of each of B sets: distances (B, n, n), class counts per site (2, B, n).

    Within a site of a and b points, any tree of its a + b − 1 edges of length 0 is as good as another, and has
    2ab/(a + b) edges across in the mean. An edge between two sites may end at any point of each. ``points`` gives the
    coordinates of some of the sets, None where ``squares`` need not be made finer.
    """
    a, b = counts
    total = a + b
    share = a / np.maximum(total, 1)
    within = (2 * b * share).sum(axis=1)
    trees = trees_of(squares, total > 0) if points is None else resolved_trees(squares, total > 0, points)
    between = _across(share, trees.edges[:, :, 0], trees.edges[:, :, 1], np.arange(len(share))[:, None])
    between = np.where(trees.edges[:, :, 0] >= 0, between, 0).sum(axis=1)
    tied = np.flatnonzero(trees.tied)
    if len(tied):
        every = all_trees(squares[tied] if len(tied) < len(squares) else squares, trees.edges[tied], total[tied])
        across = _across(share[tied], every.edges[:, 0], every.edges[:, 1], every.of)
        between[tied] = np.bincount(every.of, every.share * across, len(tied))
    return [float(value) for value in within + between]


def _across(share: Array, u: Array, v: Array, of: Array) -> Array:
    """The chance that the ends u, v of an edge of set ``of`` differ, each end being of the first class by ``share``."""
    here, there = share[of, u], share[of, v]
    return np.asarray(here * (1 - there) + there * (1 - here))


def _statistic(cross: float, n: int, m: int, convention: str) -> float:
    total = n + m
    if convention == "balanced":
        return 1 - 2 * min(total / 2, cross) / total
    return 1 - cross * total / (2 * n * m)


def _points(name: str, points: Array) -> Array:
    points = np.asarray(points, np.float64)
    if points.ndim != 2 or points.shape[0] < 1 or points.shape[1] < 1:
        raise ConfigError(name, "an array (points, dimensions) with at least one point", points.shape)
    if not np.isfinite(points).all():
        raise ConfigError(name, "finite", f"{np.count_nonzero(~np.isfinite(points))} values that are not")
    return points


def _labelled(points: Array, labels: Array) -> tuple[Array, Array, list[int]]:
    points, labels = _points("points", points), np.asarray(labels)
    if labels.shape != points.shape[:1]:
        raise ConfigError("labels", f"one per point, {len(points)} in all", labels.shape)
    classes = [int(label) for label in np.unique(labels)]
    if len(classes) < 2:
        raise ConfigError("labels", "of two classes or more", classes)
    return points, labels, classes


def _check(convention: str) -> None:
    if convention not in CONVENTIONS:
        raise ConfigError("convention", f"one of {', '.join(CONVENTIONS)}", convention)
