"""Sites: points that a layer has put on one another, counted as one place.

A ReLU layer, or a saturated one, collapses many points onto few places. Distances of 0 between them are ties, and
which tree breaks them how decides a count of its edges: values from -.14 to +.64 were seen for one and the same data.
Merged into sites, they leave nothing to decide.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist

Array = np.ndarray

TOLERANCE = 1e-6  #: of the root mean square distance from the centre

_PROJECTIONS = 4


def find_sites(points: Array, tolerance: float = TOLERANCE) -> tuple[Array, Array]:
    """Merge points that lie closer together than ``tolerance`` × the RMS radius.

    Parameters
    ----------
    points : (n, d)
        Finite coordinates.

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
    n, d = points.shape
    if n < 2:
        return np.arange(n), np.arange(n)
    centred = points - points.mean(axis=0)
    largest = float(np.abs(centred).max())
    if largest == 0:
        return np.zeros(n, np.intp), np.arange(1)
    centred /= largest
    limit = tolerance * float(np.sqrt(np.einsum("nd,nd->", centred, centred) / n))
    directions = np.random.default_rng(0).normal(size=(d, _PROJECTIONS))
    group = np.zeros(n, np.intp)
    for along in (centred @ (directions / np.linalg.norm(directions, axis=0))).T:
        order = np.lexsort((along, group))
        begins = (np.diff(group[order]) > 0) | (np.diff(along[order]) > limit)
        group[order[1:]] = np.cumsum(begins)
        group[order[0]] = 0
        if group.max() == n - 1:
            return np.arange(n), np.arange(n)
    group = _part(centred, group, limit)
    _, first, site = np.unique(group, return_index=True, return_inverse=True)
    return site, first


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
