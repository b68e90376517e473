"""All minimum spanning trees at once, where edges of one length meet.

Which of several equally short trees is taken decides a count of its edges; the mean over all of them needs no choice.
Level by level of length, a minimum spanning tree is a spanning tree of the graph whose nodes are what shorter edges
have joined already, and what is chosen on one level changes nothing on another (Kruskal 1956, Proc. AMS 7). So an edge
is in a tree drawn uniformly from all with the probability that a uniform spanning tree of its level has: its effective
resistance (Kirchhoff 1847; Lyons & Peres 2016, Probability on Trees and Networks, §4.2).

Between places of c and c′ points there are c · c′ edges of one length. Any of them may be the tree's, so together they
are one edge of conductance c · c′, and it is in a tree with the probability conductance × effective resistance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

Array = np.ndarray

_TOGETHER = 256  # nodes of several small graphs that are inverted as one
_EXACT = 1500  # nodes of one graph up to which its Laplacian is inverted
_SKETCHES = 64
_ENTRIES = 2**22  # of a table of nodes by level: 32 MiB


@dataclass(frozen=True)
class AllTrees:
    """Every edge of some minimum spanning tree of B sets of points.

    Attributes
    ----------
    of : int (E,)
        The set of each edge.
    edges : int (E, 2)
        Its two points.
    share : float (E,)
        Of all minimum spanning trees of the set, the part that it is in: in (0, 1].
    """

    of: Array
    edges: Array
    share: Array


def all_trees(squares: Array, trees: Array, sizes: Array | None = None) -> AllTrees:
    """Of B sets of n points, the edges of all minimum spanning trees.

    Parameters
    ----------
    squares : (B, n, n)
        Distances of any kind, of which equal ones are equal to the last bit, and inf on the diagonal.
    trees : int (B, n − 1, 2)
        One tree of each set, (parent, newest) in the order in which Prim's algorithm takes them; −1 where it has ended.
    sizes : (B, n), optional
        How many points each place stands for; one, unless given.

    Notes
    -----
    Exact, but for more than 1 500 places that tie with one another, as on a large grid: there shares are estimated
    from 64 seeded random projections (Spielman & Srivastava 2011, SIAM J. Comput. 40, §4). O(B n²).
    """
    sets, n = len(squares), squares.shape[1]
    ended = trees[:, :, 1] < 0
    came = squares[np.arange(sets)[:, None], trees[:, :, 0], trees[:, :, 1]]  # by which length each point came in
    of, step, at, length = _candidates(squares, trees, np.where(ended, np.nan, came))
    to = trees[of, step, 1]
    parallel = np.ones(len(of)) if sizes is None else np.asarray(sizes, np.float64)[of, at] * sizes[of, to]
    share = np.ones(len(of))
    place = np.zeros((sets, n), np.intp)  # of each point, in the order in which they came
    where, when = np.nonzero(~ended)
    place[where, trees[where, when, 1]] = when + 1
    came = np.concatenate([np.full((sets, 1), np.inf), np.where(ended, -np.inf, came)], axis=1)
    _share_out(share, of, place[of, at], step + 1, parallel, length, came)
    return AllTrees(of, np.stack([at, to], axis=1), share)


def _candidates(squares: Array, trees: Array, came: Array) -> tuple[Array, Array, Array, Array]:
    """Set, step, earlier point and length of each edge no longer than the longest on the tree's path between its ends.

    That longest one is the largest length of those by which the points between them came in.
    """
    sets, n = len(squares), squares.shape[1]
    flat, first = squares.reshape(sets * n, n), np.arange(sets) * n
    widest = np.full((sets, n), np.nan)  # NaN: not in yet, or no more
    widest.put(first + trees[:, 0, 0], -np.inf)
    distances, mask = np.empty((sets, n)), np.empty((sets, n), bool)
    found = []
    for step in range(n - 1):
        newest = first + trees[:, step, 1].clip(0)
        flat.take(newest, axis=0, out=distances, mode="clip")
        np.maximum(widest, came[:, step, None], out=widest)
        hits = np.flatnonzero(np.equal(distances, widest, out=mask))
        found.append((hits // n, np.full(len(hits), step), hits % n, widest.take(hits)))
        widest.put(newest, -np.inf)
    of, steps, at, length = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return of, steps, at, length


def _share_out(share: Array, of: Array, begin: Array, end: Array, parallel: Array, length: Array, came: Array) -> None:
    """Lower ``share`` of the edges on which trees differ; ``begin`` and ``end`` are places in the order of coming,
    ``parallel`` the edges of points that each stands for."""
    n = came.shape[1]
    of_tree, there = np.nonzero(np.isfinite(came))
    _, rank = np.unique(np.concatenate([length, came[of_tree, there]]), return_inverse=True)
    key = np.concatenate([of, of_tree]) * (rank.max() + 1) + rank
    _, first, level = np.unique(key, return_index=True, return_inverse=True)
    all_, of_trees = (np.bincount(part, minlength=len(first)) for part in (level[: len(of)], level[len(of) :]))
    several = np.flatnonzero(all_ > of_trees)  # levels on which some edge may be left out
    row = np.full(len(first), -1)
    at_once = max(1, _ENTRIES // n)
    for start in range(0, len(several), at_once):
        some = several[start : start + at_once]
        row[:], row[some] = -1, np.arange(len(some))
        tied = np.flatnonzero(row[level[: len(of)]] >= 0)
        # Shorter edges join runs of places: a node is the first of its run, on each level.
        edge = first[some]  # the edges of a level come before the tree's in what was made unique
        runs = np.where(came[of[edge]] >= length[edge, None], np.arange(n), 0)
        np.maximum.accumulate(runs, axis=1, out=runs)
        rows = row[level[tied]]
        u, v = (rows * n + runs[rows, side[tied]] for side in (begin, end))
        share[tied] = _shares(u, v, parallel[tied])


def _shares(begin: Array, end: Array, parallel: Array) -> Array:
    """Share of the spanning forests of a graph of many small parts that an edge (E,), or one parallel to it, is in."""
    share = np.ones(len(begin))
    u, v, _, parts, part = _compact(begin, end)
    size, edges = np.bincount(part), np.bincount(part[u], minlength=parts)
    cyclic = np.flatnonzero(edges >= size)
    batch = np.full(parts, -1)  # of parts whose Laplacians are inverted as one matrix
    batch[cyclic] = np.cumsum(size[cyclic]) // _TOGETHER
    of_edge = batch[part[u]]
    for some in np.unique(batch[cyclic]):
        here = of_edge == some
        share[here] = parallel[here] * effective_resistances(u[here], v[here], parallel[here])
    return share


def effective_resistances(begin: Array, end: Array, conductance: Array | None = None) -> Array:
    """Between the ends of each edge (E,) of a graph of resistors; estimated where it has more than 1 500 nodes.

    ``conductance`` (E,) is 1 unless given. Times it, each is the share of the graph's spanning trees (forests, where it
    is in several parts) that the edge is in, where an edge of conductance c stands for c of them side by side.
    """
    u, v, n, parts, part = _compact(begin, end)
    c = np.ones(len(u)) if conductance is None else np.asarray(conductance, np.float64)
    _, first = np.unique(part, return_index=True)  # one node a part is grounded: currents between others stay
    if n <= _EXACT:
        adjacent = np.bincount(u * n + v, c, minlength=n * n).reshape(n, n)
        adjacent += adjacent.T
        grounded = np.diag(adjacent.sum(axis=0)) - adjacent
        grounded[first, first] *= 2
        inverse = np.linalg.inv(grounded)
        diagonal = inverse.diagonal()
        return np.asarray(diagonal[u] + diagonal[v] - 2 * inverse[u, v])
    m, root = len(u), np.sqrt(c)
    ends = np.stack([u, v], axis=1).ravel()
    incidence = csr_array((np.outer(root, [1.0, -1.0]).ravel(), ends, np.arange(0, 2 * m + 1, 2)), shape=(m, n))
    laplacian = incidence.T @ incidence
    ground = csr_array((laplacian.diagonal()[first], (first, first)), shape=(n, n))
    signs = np.random.default_rng(0).choice([-1.0, 1.0], (m, _SKETCHES))
    potential = splu((laplacian + ground).tocsc()).solve(np.asarray(incidence.T @ signs))
    sketch = np.square(potential[u] - potential[v]).mean(axis=1)
    return np.asarray(sketch * ((n - parts) / (c * sketch).sum()))  # Foster 1949: shares sum to the edges of a tree


def _compact(begin: Array, end: Array) -> tuple[Array, Array, int, int, Array]:
    """Edges between nodes counted from 0, how many nodes and connected parts there are, and the part of each node."""
    nodes, ends = np.unique(np.concatenate([begin, end]), return_inverse=True)
    (u, v), n = ends.reshape(2, -1), len(nodes)
    parts, part = connected_components(csr_array((np.ones(len(u)), (u, v)), shape=(n, n)), directed=False)
    return u, v, n, parts, part
