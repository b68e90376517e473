"""The mean over all minimum spanning trees, against every one of them drawn up by networkx."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from nnprobe_core.maths.class_distances import ClassDistances
from nnprobe_core.maths.henze_penrose import henze_penrose
from nnprobe_core.maths.spanning_tree import squared_distances, trees_of
from nnprobe_core.maths.tied_trees import all_trees, effective_resistances


def by_enumeration(points: np.ndarray) -> tuple[dict[frozenset[int], float], int]:
    """The share of all minimum spanning trees that each edge is in, and how many trees there are."""
    graph = nx.Graph()
    squares = np.rint(cdist(points, points, "sqeuclidean") * 1e6)
    graph.add_weighted_edges_from((i, j, squares[i, j]) for i in range(len(points)) for j in range(i))
    seen: Counter[frozenset[int]] = Counter()
    least, count = None, 0
    for tree in nx.SpanningTreeIterator(graph):
        weight = tree.size(weight="weight")
        least = weight if least is None else least
        if weight > least:
            break
        count += 1
        seen.update(frozenset(edge) for edge in tree.edges)
    return {edge: times / count for edge, times in seen.items()}, count


def ours(points: np.ndarray) -> dict[frozenset[int], float]:
    squares = squared_distances(points[None])
    trees = trees_of(squares, np.ones((1, len(points)), bool))
    every = all_trees(squares, trees.edges)
    return {frozenset(edge): share for edge, share in zip(every.edges.tolist(), every.share, strict=True)}


@pytest.mark.parametrize(
    "points",
    [
        [(0, 0), (0, 1), (1, 0), (1, 1)],  # a square: each side in three of four trees
        [(x, y) for x in range(3) for y in range(3)],  # 192 trees
        [(x, 1.5 * y) for x in range(3) for y in range(3)],  # two levels: rows first
        [(0, 0), (1, 0), (0, 1), (5, 5), (6, 5), (5, 6), (6, 6)],  # two clusters
        [(0, 0), (2, 0), (1, np.sqrt(3)), (1, 0)],
    ],
)
def test_each_edge_has_its_share_of_all_trees(points):
    points = np.array(points, float)
    expected, count = by_enumeration(points)
    found = ours(points)
    assert found.keys() == expected.keys()
    for edge, share in expected.items():
        assert found[edge] == pytest.approx(share, abs=1e-9), (edge, count)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=2, max_size=7, unique=True))
def test_shares_of_any_few_points(places):
    points = np.array(places, float)
    expected, _ = by_enumeration(points)
    found = ours(points)
    assert found == pytest.approx(expected, abs=1e-9)


def test_sets_in_lock_step_are_sets_alone_and_absent_points_take_no_part():
    rng = np.random.default_rng(0)
    points = rng.integers(0, 4, size=(5, 12, 2)).astype(float) + np.arange(12)[:, None] * 1e-3 * (rng.random(2) < 2)
    points = np.round(points)
    present = np.zeros((5, 12), bool)
    for b in range(5):
        present[b, np.unique(points[b], axis=0, return_index=True)[1]] = True  # no two on one place
    squares = squared_distances(points)
    every = all_trees(squares, trees_of(squares, present).edges)
    for b in range(5):
        kept = np.flatnonzero(present[b])
        alone = ours(points[b, kept])
        here = every.of == b
        together = {
            frozenset(edge): share for edge, share in zip(every.edges[here].tolist(), every.share[here], strict=True)
        }
        assert together == pytest.approx({frozenset(kept[list(edge)].tolist()): s for edge, s in alone.items()})


def test_the_middle_of_a_grid_is_crossed_as_often_as_all_its_trees_do_in_the_mean():
    grid = np.stack(np.meshgrid(np.arange(3.0), np.arange(4.0)), -1).reshape(-1, 2)
    left = grid[:, 0] < 1
    expected, count = by_enumeration(grid)
    assert count == 2415  # known: spanning trees of the 3 × 4 grid
    cross = sum(share for edge, share in expected.items() if len({bool(left[i]) for i in edge}) == 2)
    assert henze_penrose(grid[left], grid[~left]).cross == pytest.approx(cross, abs=1e-9)


def test_a_grid_too_large_to_be_exact_is_near_its_symmetry():
    """In a large grid rows and columns are alike, so half of the tree's edges lie along each."""
    side = 45
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2).astype(float)
    squares = squared_distances(grid[None])
    every = all_trees(squares, trees_of(squares, np.ones((1, len(grid)), bool)).edges)
    assert every.share.sum() == pytest.approx(len(grid) - 1)
    along = grid[every.edges[:, 0], 0] != grid[every.edges[:, 1], 0]
    assert every.share[along].sum() == pytest.approx((len(grid) - 1) / 2, rel=0.01)


def test_resistances_of_a_wheatstone_bridge_and_of_parallel_wires():
    begin, end = np.array([0, 0, 1, 2, 1, 7, 7]), np.array([1, 2, 3, 3, 2, 8, 8])
    np.testing.assert_allclose(effective_resistances(begin, end), [5 / 8, 5 / 8, 5 / 8, 5 / 8, 1 / 2, 1 / 2, 1 / 2])


@pytest.mark.parametrize("far", [0, 1e6, 1e9])
def test_shared_distances_are_those_of_each_pair_alone(far):
    """Beside a class far away, too: it must not coarsen the distances among the others."""
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 4, 120)
    points = rng.normal(size=(120, 300)) + labels[:, None]
    if far:
        points[labels == 3] += far
    members = [np.flatnonzero(labels == each) for each in range(4)]
    shared = ClassDistances(points, members)
    for a in range(3 if far else 4):
        for b in range(a):
            both = points[np.concatenate([members[b], members[a]])]
            squares = shared.of_pair(b, a)
            assert np.array_equal(squares, squares.mT)
            np.testing.assert_array_equal(
                trees_of(squares, np.ones((1, len(both)), bool)).edges,
                trees_of(squared_distances(both[None]), np.ones((1, len(both)), bool)).edges,
            )
