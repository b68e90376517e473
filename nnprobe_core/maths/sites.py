"""Sites: points that a layer has put on one another, counted as one place.

A ReLU layer, or a saturated one, collapses many points onto few places. Distances of 0 between them are ties, and
which tree breaks them how decides a count of its edges: values from -.14 to +.64 were seen for one and the same data.
Merged into sites, they leave nothing to decide.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist

Array = np.ndarray

TOLERANCE = 1e-6  #: of the distances to near points

_PROJECTIONS = 4
_SAMPLE = 64  # points whose near distances are looked at
_ROUNDING = 1e-13  # of the largest coordinate: two projections of one place may differ by it


def find_sites(points: Array, tolerance: float | None = None) -> tuple[Array, Array]:
    """Merge points that lie on one place, but for rounding.

    Parameters
    ----------
    points : (n, d)
        Finite coordinates.
    tolerance : float, optional
        Points closer than that × the RMS distance from the middle merge. Left out: 10⁻⁶ of that distance, and no more
        than 10⁻⁶ of the distance to the √n-th nearest point (in the median over points), lest a far outlier, or
        clusters far apart, make one place of points that are well apart.

    Returns
    -------
    site : int (n,)
        The site of each point, counted from 0. Chains merge: sites are the connected components (single linkage).
    first : int (S,)
        The first point of each site.

    Notes
    -----
    Near points are near in every projection. So points are sorted along a few fixed directions and parted at gaps
    wider than the tolerance, which leaves only groups that are (nearly) sites already: O(d n + n log n).
    """
    points = np.asarray(points, np.float64)
    n = len(points)
    if n < 2:
        return np.arange(n), np.arange(n)
    centred = points - np.median(points, axis=0)  # a mean is dragged along by an outlier, and rounds the rest
    largest = float(np.abs(centred).max())
    if largest == 0:
        return np.zeros(n, np.intp), np.arange(1)
    centred /= largest
    about_mean = centred - centred.mean(axis=0)
    radius = float(np.sqrt(np.einsum("nd,nd->", about_mean, about_mean) / n))
    limit = radius * (TOLERANCE if tolerance is None else tolerance)
    group = _groups(centred, limit)
    if tolerance is None and not _identical(centred, group):
        near = TOLERANCE * _near(centred)
        if near < limit:
            limit, group = near, _groups(centred, near)
    if group.max() == n - 1:
        return np.arange(n), np.arange(n)
    group = _part(centred, group, limit)
    _, first, site = np.unique(group, return_index=True, return_inverse=True)
    return site, first


def _directions(d: int) -> Array:
    drawn = np.random.default_rng(0).normal(size=(d, _PROJECTIONS))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=0))


def _groups(points: Array, limit: float) -> Array:
    """A label a point, 0…: points closer than ``limit``, and chains of them, have one; a few others may share it."""
    n, gap = len(points), limit + _ROUNDING
    group = np.zeros(n, np.intp)
    for along in (points @ _directions(points.shape[1])).T:
        order = np.lexsort((along, group))
        begins = (np.diff(group[order]) > 0) | (np.diff(along[order]) > gap)
        group[order[1:]] = np.cumsum(begins)
        group[order[0]] = 0
        if group.max() == n - 1:
            break
    return group


def _identical(points: Array, group: Array) -> bool:
    """Whether the points of each group have the same coordinates."""
    _, first, group = np.unique(group, return_index=True, return_inverse=True)
    return bool(np.array_equal(points, points[first[group]]))


def _near(points: Array) -> float:
    """The distance to the √n-th nearest point: the median of 64 points chosen evenly along a direction."""
    n = len(points)
    order = np.argsort(points @ _directions(points.shape[1])[:, 0], kind="stable")
    some = points[order[np.linspace(0, n - 1, min(n, _SAMPLE)).astype(np.intp)]]
    nth = min(n - 1, math.isqrt(n - 1) + 1)  # the nearest is the point itself
    return float(np.median(np.partition(cdist(some, points), nth, axis=1)[:, nth]))


def _part(points: Array, group: Array, limit: float) -> Array:
    """Part each group into its connected components; most are one, by a cheap test."""
    _, first, group = np.unique(group, return_index=True, return_inverse=True)
    away = np.linalg.norm(points - points[first[group]], axis=1) > limit
    fresh = len(points)  # labels not in use yet
    for index in np.unique(group[away]):  # not all within the limit of the group's first point
        members = np.flatnonzero(group == index)
        near = csr_array(cdist(points[members], points[members]) <= limit)
        parts, part = connected_components(near, directed=False)
        group[members] = fresh + part
        fresh += parts
    return np.asarray(group)
