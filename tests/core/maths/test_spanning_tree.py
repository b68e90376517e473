"""The spanning tree against SciPy's and networkx's, and what it says about ties."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import cdist

from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.spanning_tree import edge_lengths, spanning_trees, squared_distances


def networkx_edges(points):
    graph = nx.Graph()
    distance = cdist(points, points)
    for i in range(len(points)):
        for j in range(i):
            graph.add_edge(i, j, weight=distance[i, j])
    return {frozenset(edge) for edge in nx.minimum_spanning_tree(graph).edges}


def as_sets(edges):
    return {frozenset(edge) for edge in edges.tolist()}


@pytest.mark.parametrize("d", [1, 2, 64])
@pytest.mark.parametrize("offset", [0, 1e6])
def test_same_edges_as_networkx(d, offset):
    points = np.random.default_rng(d).normal(size=(120, d)) + offset
    trees = spanning_trees(points[None])
    assert as_sets(trees.edges[0]) == networkx_edges(points)
    assert not trees.tied[0]


@pytest.mark.parametrize("scale", [1e-30, 1, 1e150])
def test_same_length_as_scipy_at_any_scale(scale):
    points = np.random.default_rng(5).normal(size=(1000, 8))
    ours = edge_lengths(points, spanning_trees(points[None] * scale).edges[0])
    theirs = minimum_spanning_tree(cdist(points, points)).data
    np.testing.assert_allclose(np.sort(ours), np.sort(theirs), rtol=1e-9)


def test_lock_step_gives_the_tree_of_each_set_alone():
    rng = np.random.default_rng(3)
    points = rng.normal(size=(7, 60, 5)) * rng.uniform(1e-3, 1e3, size=(7, 1, 1))
    together = spanning_trees(points)
    for b in range(7):
        np.testing.assert_array_equal(together.edges[b], spanning_trees(points[b : b + 1]).edges[0])
    assert not together.tied.any()


def test_absent_points_take_no_part():
    rng = np.random.default_rng(4)
    points = rng.normal(size=(5, 40, 3))
    present = rng.random((5, 40)) < 0.6
    present[4] = False
    present[4, 11] = True
    trees = spanning_trees(points, present)
    for b in range(5):
        kept = np.flatnonzero(present[b])
        edges = trees.edges[b][: len(kept) - 1]
        assert as_sets(edges) == {frozenset(kept[list(edge)].tolist()) for edge in networkx_edges(points[b][kept])}
        assert (trees.edges[b][len(kept) - 1 :] == -1).all()
    alone = spanning_trees(points[:1], present[:1])
    np.testing.assert_array_equal(alone.edges[0], trees.edges[0])
    assert not trees.tied.any()


@settings(max_examples=60, deadline=None)
@given(arrays(np.float64, st.tuples(st.integers(1, 14), st.integers(1, 3)), elements=st.integers(0, 3).map(float)))
def test_always_a_tree_and_never_longer_than_networkx(points):
    edges = spanning_trees(points[None]).edges[0]
    graph = nx.Graph()
    graph.add_nodes_from(range(len(points)))
    graph.add_edges_from(edges.tolist())
    assert nx.is_tree(graph)
    shortest = sum(np.linalg.norm(points[i] - points[j]) for i, j in map(tuple, networkx_edges(points)))
    assert edge_lengths(points, edges).sum() == pytest.approx(shortest)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=7, unique=True), st.booleans())
def test_untied_means_there_is_one_tree(places, batched):
    """All orders of the points give one tree wherever the tree is called untied."""
    points = np.array(places, float) * np.array([1, np.sqrt(2)])
    trees = spanning_trees(np.stack([points, points]) if batched else points[None])
    if trees.tied[0]:
        return
    rng = np.random.default_rng(0)
    for _ in range(10):
        order = rng.permutation(len(points))
        assert as_sets(order[spanning_trees(points[order][None]).edges[0]]) == as_sets(trees.edges[0])


def test_a_square_is_tied_and_an_isosceles_trapezium_too():
    square = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]) / 3
    trapezium = np.array([[-1, 0], [1, 0], [-1.5, 4], [1.5, 4.0]])
    for points in (square, trapezium):
        assert spanning_trees(points[None]).tied[0]
        assert spanning_trees(np.stack([points, points])).tied.all()


@pytest.mark.parametrize(
    ("points", "field"),
    [(np.zeros((3, 2)), "points"), (np.full((1, 3, 2), np.nan), "points"), (np.zeros((1, 0, 2)), "points")],
)
def test_refuses_what_has_no_tree(points, field):
    with pytest.raises(ConfigError, match=f"{field} must be"):
        spanning_trees(points)


def test_refuses_a_set_without_points():
    with pytest.raises(ConfigError, match="present must be"):
        spanning_trees(np.zeros((2, 3, 2)), np.array([[True] * 3, [False] * 3]))


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e12])
def test_lengths_that_differ_by_rounding_alone_are_one_length(scale):
    """.1 + .2 is not .3; and what differs by a hundred-millionth is another length."""
    points = scale * np.array([[0, 0], [0.1 + 0.2, 0], [0, 0.3], [0, -0.3 * (1 + 1e-8)]])
    (found,) = squared_distances(points[None])
    assert found[0, 1] == found[0, 2]
    assert found[0, 3] > found[0, 2]
