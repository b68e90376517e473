"""Euclidean minimum spanning trees, exact, of many point sets at once.

Prim's algorithm (Prim 1957) on a dense matrix of squared distances, which is the right form for points in many
dimensions: n steps of a few whole-array operations, for all sets in lock step. Distances come from a Gram matrix of
centred points in float64; uncentred or in float32 they are wrong by enough to change a count. Beside one point that is
far away even those are too coarse for the rest: such a set's distances are found again from differences.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial.distance import cdist

from nnprobe_core.errors import ConfigError

Array = np.ndarray

_RESOLUTION = 2.0**-40  # of the largest squared norm: squared distances that differ by less are one distance
_AT_ONCE = 2**15  # distances worked on at a time, so that they stay in the processor's cache
_COARSE = 2.0**-34  # of the longest squared distance: a shorter edge is not well told from others of its length


@dataclass(frozen=True)
class SpanningTrees:
    """Minimum spanning trees of B sets of n points.

    Attributes
    ----------
    edges : int (B, n - 1, 2)
        The two points of each edge, in the order in which Prim's algorithm takes them; -1 where a set has no more.
    tied : bool (B,)
        False: the set's tree is the only one. True: edges of one length met, so there may be others.
    """

    edges: Array
    tied: Array


def spanning_trees(points: Array, present: Array | None = None) -> SpanningTrees:
    """The minimum spanning tree of each of B sets of points.

    Parameters
    ----------
    points : (B, n, d)
        Finite coordinates, n ≥ 1.
    present : bool (B, n), optional
        Which points take part (all, unless given); at least one in each set.

    Notes
    -----
    Lengths count as equal when their squares differ by less than about 1e-12 of the largest squared distance from
    the centre (of themselves, in a set with edges much shorter than that), so that rounding decides no tie. Between
    equal ones the point first in order is taken first; another order of the points may therefore give another tree, of
    the same length. Time O(B n²), memory 8 B n² bytes.

    Raises
    ------
    ConfigError
        For another shape, a value that is not finite, or a set without points.
    """
    points = np.asarray(points, np.float64)
    if points.ndim != 3 or points.shape[1] < 1:
        raise ConfigError("points", "an array (sets, points, dimensions) with at least one point", points.shape)
    if not np.isfinite(points).all():
        raise ConfigError("points", "finite", f"{np.count_nonzero(~np.isfinite(points))} values that are not")
    outside = np.ones(points.shape[:2], bool) if present is None else np.array(present, bool)
    if outside.shape != points.shape[:2] or not outside.any(axis=1).all():
        raise ConfigError("present", f"booleans {points.shape[:2]} with a point in every set", outside.shape)
    return resolved_trees(squared_distances(points), outside, lambda sets: points[sets])


def resolved_trees(squares: Array, outside: Array, points: Callable[[Array], Array]) -> SpanningTrees:
    """As :func:`trees_of`; where an edge is too short for ``squares`` to tell, they are made finer, in place.

    ``points`` gives the coordinates (S, n, d) of some of the sets.
    """
    trees = trees_of(squares, outside)
    sets = np.arange(len(squares))
    begin, end = trees.edges[:, :, 0], trees.edges[:, :, 1]
    short = np.where(begin >= 0, squares[sets[:, None], begin, end], np.inf).min(axis=1, initial=np.inf)
    from_one = squares[sets, outside.argmax(axis=1)]
    longest = np.max(from_one, axis=1, where=from_one < np.inf, initial=0)
    coarse = np.flatnonzero(short < _COARSE * longest)
    if len(coarse):
        finer = _by_differences(points(coarse))
        again = trees_of(finer, outside[coarse])
        squares[coarse], trees.edges[coarse], trees.tied[coarse] = finer, again.edges, again.tied
    return trees


def trees_of(squares: Array, outside: Array) -> SpanningTrees:
    """The trees of sets whose :func:`squared_distances` (B, n, n) are known; ``outside`` as ``present`` above.

    Distances to points that take no part become inf in ``squares``.
    """
    if not outside.all():
        squares[~np.broadcast_to(outside[:, None, :], squares.shape)] = np.inf
    if len(squares) == 1:
        edges, tied = _prim(squares[0], outside[0])
        return SpanningTrees(edges[None], np.array([tied]))
    return _prim_in_lock_step(squares, outside)


def edge_lengths(points: Array, edges: Array) -> Array:
    """Euclidean lengths (n - 1,) of ``edges`` (n - 1, 2) between ``points`` (n, d), to full precision."""
    points = np.asarray(points, np.float64)
    return np.asarray(np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1))


def squared_distances(points: Array) -> Array:
    """Squared distances (B, n, n) of ``points`` (B, n, d), rounded, in units of each set's own.

    What matters to a tree is their order, and that they are symmetric to the last bit. On the diagonal: inf.
    """
    points = centred(points)
    halves = np.einsum("bnd,bnd->bn", points, points) / 2
    squares = np.matmul(points, points.mT)
    for products, half in zip(squares, halves, strict=True):
        products_to_squares(products, half, float(half.max(initial=0)))
    return np.asarray(squares)


def _by_differences(points: Array) -> Array:
    """As :func:`squared_distances`, but right to the last places of each: rounded to 2⁻⁴⁰ of itself, in d times the
    time."""
    largest = np.abs(points).max(axis=(1, 2), keepdims=True, initial=0)
    points = np.ldexp(points, 400 - np.frexp(largest)[1].clip(-600))  # no square overflows, nor soon is 0
    squares = np.stack([cdist(some, some, "sqeuclidean") for some in points])
    parts, exponent = np.frexp(squares)
    squares = np.ldexp(np.rint(parts / _RESOLUTION) * _RESOLUTION, exponent)
    squares[:, np.arange(squares.shape[1]), np.arange(squares.shape[1])] = np.inf
    return np.asarray(squares)


def centred(points: Array) -> Array:
    """``points`` (B, n, d) about each set's mean, the largest coordinate 1, so that no square overflows."""
    points = points - points.mean(axis=1, keepdims=True)
    largest = np.abs(points).max(axis=(1, 2), keepdims=True, initial=0)
    points /= np.where(largest > 0, largest, 1)
    return np.asarray(points)


def products_to_squares(products: Array, half: Array, largest: float) -> None:
    """Turn inner products (n, n) into half the squared distances, in place, given half the points' squared norms (n,).

    They are rounded to 2⁻⁴⁰ of ``largest``, half the largest squared distance from the centre.
    """
    n = len(products)
    rows = max(1, _AT_ONCE // n)
    unit = largest * (_RESOLUTION * 2.0**52)
    for part, own in ((products[at : at + rows], half[at : at + rows]) for at in range(0, n, rows)):
        np.subtract(own[:, None] + half, part, out=part)
        part += unit  # a sum with a large number is rounded to that number's last binary place
        part -= unit
    np.fill_diagonal(products, np.inf)


def _prim(squares: Array, outside: Array) -> tuple[Array, bool]:
    """One tree: edges (n - 1, 2), tied."""
    n, count = len(outside), int(np.count_nonzero(outside))
    edges = np.full((n - 1, 2), -1, np.intp)
    tied = False
    newest = int(outside.argmax())
    place = np.full(n, n)  # in the order in which points came in; n: outside
    place[newest] = 0
    wall = np.where(place < n, np.inf, 0)  # added to a distance, it keeps points inside from being chosen
    best = squares[newest] + wall  # from each point outside to the nearest one inside
    mask = np.empty(n, bool)
    for step in range(count - 1):
        newest = int(best.argmin())
        length, distances = best[newest], squares[newest]
        # Another tree needs a second point as near to the tree, or a second one as near to the new point.
        tied = tied or bool(np.count_nonzero(np.equal(best, length, out=mask)) > 1)
        parent = int(np.equal(distances, length, out=mask).argmax())
        if np.count_nonzero(mask) > 1:
            tied, parent = True, int(np.where(mask, place, n).argmin())
        edges[step] = parent, newest
        place[newest], wall[newest] = step + 1, np.inf
        np.minimum(best, distances, out=best)
        best += wall
    return edges, tied


def _prim_in_lock_step(squares: Array, outside: Array) -> SpanningTrees:
    """The same for B sets, one step of all of them at a time."""
    sets, n = outside.shape
    counts = outside.sum(axis=1)
    flat, first = squares.reshape(sets * n, n), np.arange(sets) * n  # rows of all sets, and where each set begins
    edges = np.full((sets, n - 1, 2), -1, np.intp)
    tied = np.zeros(sets, bool)
    at = first + outside.argmax(axis=1)
    place = np.full((sets, n), n)
    place.put(at, 0)
    wall = np.where(place < n, np.inf, 0)
    distances = flat[at]
    best = distances + wall
    mask = np.empty((sets, n), bool)
    for step in range(int(counts.max()) - 1):
        newest = best.argmin(axis=1)
        at = first + newest
        length = best.take(at)[:, None]
        # Rare, and much cheaper to ask of all sets than of each.
        if np.count_nonzero(np.equal(best, length, out=mask)) > sets:
            tied |= (np.count_nonzero(mask, axis=1) > 1) & (length[:, 0] < np.inf)
        flat.take(at, axis=0, out=distances, mode="clip")  # with "raise" it would be buffered
        parent = np.equal(distances, length, out=mask).argmax(axis=1)
        if np.count_nonzero(mask) > sets:
            several = np.flatnonzero((np.count_nonzero(mask, axis=1) > 1) & (length[:, 0] < np.inf))
            tied[several] = True
            parent[several] = np.where(mask[several], place[several], n).argmin(axis=1)
        edges[:, step, 0], edges[:, step, 1] = parent, newest
        place.put(at, step + 1)
        wall.put(at, np.inf)
        np.minimum(best, distances, out=best)
        best += wall
    edges[np.arange(n - 1) >= counts[:, None] - 1] = -1  # a set of fewer points ends earlier
    return SpanningTrees(edges, tied)
