"""Henze-Penrose against the mean over all minimum spanning trees of the points themselves, none merged, in exact
arithmetic; and beside points that are far away."""

from fractions import Fraction
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import cdist

from nnprobe_core.maths.henze_penrose import henze_penrose, pairwise, resampled
from nnprobe_core.maths.sites import find_sites
from nnprobe_core.maths.tied_trees import effective_resistances

Places = list[tuple[int, int]]


def lengths(points: Places) -> dict[tuple[int, int], int]:
    return {
        (i, j): sum((a - b) ** 2 for a, b in zip(points[i], points[j], strict=True))
        for i, j in combinations(range(len(points)), 2)
    }


def by_enumeration(points: Places, labels: list[int]) -> Fraction:
    """Edges across in the mean over all minimum spanning trees, each drawn up by networkx."""
    graph = nx.Graph()
    graph.add_weighted_edges_from((i, j, length) for (i, j), length in lengths(points).items())
    least, across, count = None, 0, 0
    for tree in nx.SpanningTreeIterator(graph):
        weight = tree.size(weight="weight")
        least = weight if least is None else least
        if weight > least:
            break
        count += 1
        across += sum(labels[i] != labels[j] for i, j in tree.edges)
    return Fraction(across, count)


def by_matrix_tree(points: Places, labels: list[int]) -> float:
    """The same by Kirchhoff's theorem in fractions, without sites or levels.

    An edge of the k-th length weighs ε^k, so a tree weighs the more the shorter it is, and of all trees drawn by
    weight only the shortest remain as ε goes to 0. An edge is in one of them with weight × resistance.
    """
    of = lengths(points)
    rank = {length: k for k, length in enumerate(sorted(set(of.values())))}
    weight = {edge: Fraction(1, 10 ** (14 * rank[length])) for edge, length in of.items()}
    n = len(points) - 1  # the last point is grounded
    matrix = [[Fraction(0)] * (2 * n) for _ in range(n)]
    for (i, j), w in weight.items():
        for a, b in ((i, j), (j, i)):
            if a < n:
                matrix[a][a] += w
                if b < n:
                    matrix[a][b] -= w
    for i in range(n):
        matrix[i][n + i] = Fraction(1)
    for i in range(n):  # Gauss and Jordan: its diagonal is never 0, being positive definite
        matrix[i] = [value / matrix[i][i] for value in matrix[i]]
        for k in range(n):
            if k != i and (factor := matrix[k][i]):
                matrix[k] = [a - factor * b for a, b in zip(matrix[k], matrix[i], strict=True)]
    inverse = [[*row[n:], Fraction(0)] for row in matrix] + [[Fraction(0)] * (n + 1)]
    return float(
        sum(
            w * (inverse[i][i] + inverse[j][j] - 2 * inverse[i][j])
            for (i, j), w in weight.items()
            if labels[i] != labels[j]
        )
    )


def crossed(points: Places, labels: list[int]) -> float:
    array, of = np.array(points, float), np.array(labels)
    return henze_penrose(array[of == 0], array[of == 1]).cross


def labelled(most: int):
    """Points on a 3 × 2 grid, many on one place, with a label each; both classes present."""
    places = st.tuples(st.integers(0, 2), st.integers(0, 1))
    both = st.lists(st.tuples(places, st.integers(0, 1)), min_size=2, max_size=most)
    return both.filter(lambda items: len({label for _, label in items}) == 2)


@settings(max_examples=25, deadline=None)
@given(labelled(6))
def test_is_the_mean_over_all_trees_one_by_one(items):
    points, labels = [place for place, _ in items], [label for _, label in items]
    assert crossed(points, labels) == pytest.approx(float(by_enumeration(points, labels)), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(labelled(10))
def test_is_the_mean_over_all_trees_by_the_matrix_tree_theorem(items):
    points, labels = [place for place, _ in items], [label for _, label in items]
    assert crossed(points, labels) == pytest.approx(by_matrix_tree(points, labels), abs=1e-9)


def test_the_references_agree():
    points, labels = [(0, 0), (0, 0), (1, 0), (0, 1), (1, 1), (1, 1)], [0, 1, 0, 1, 1, 0]
    assert by_matrix_tree(points, labels) == pytest.approx(float(by_enumeration(points, labels)), abs=1e-12)


def test_subsets_in_lock_step_and_pairs_of_a_study_are_means_over_all_trees():
    """The live probe solves all subsets at once; a study takes pair after pair, from products shared by all of them."""
    rng = np.random.default_rng(0)
    points = rng.integers(0, 3, (16, 2))
    labels = np.arange(16) % 2
    subsets = np.stack([[rng.choice(np.flatnonzero(labels == k), 4, replace=False) for k in (0, 1)] for _ in range(12)])
    values = resampled(points.astype(float), labels, subsets)
    for value, subset in zip(values, subsets, strict=True):
        chosen = [tuple(map(int, points[i])) for i in subset.ravel()]
        assert value == pytest.approx(1 - by_matrix_tree(chosen, [0] * 4 + [1] * 4) * 8 / (2 * 4 * 4), abs=1e-9)
    wide = np.concatenate([points[:15], np.zeros((15, 300), int)], axis=1).astype(float)  # distances are shared
    of = np.arange(15) % 3
    for (a, b), found in pairwise(wide, of).items():
        chosen = [tuple(map(int, points[i])) for k in (a, b) for i in np.flatnonzero(of == k)]
        assert found.cross == pytest.approx(by_matrix_tree(chosen, [0] * 5 + [1] * 5), abs=1e-9)


def test_a_site_of_thirty_points_on_the_corner_of_a_square():
    """Each of its sides is thirty edges: only one tree in 62 does without any of them, where one in four would."""
    x, y = np.zeros((30, 2)), np.array([[0.0, 1], [1, 0], [1, 1]])
    found = henze_penrose(x, y)
    assert found.cross == pytest.approx(2 * 61 / 62, abs=1e-12)
    assert found.value == pytest.approx(1 - 2 * 61 / 62 * 33 / (2 * 30 * 3), abs=1e-12)


def test_a_large_graph_of_unequal_wires_is_estimated_near_its_resistances():
    side = 40
    number = np.arange(side * side).reshape(side, side)
    begin = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    end = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    conductance = np.random.default_rng(0).integers(1, 50, len(begin)).astype(float)
    laplacian = np.zeros((side * side, side * side))
    np.subtract.at(laplacian, (begin, end), conductance)
    laplacian += laplacian.T - np.diag((laplacian + laplacian.T).sum(axis=0))
    laplacian[0, 0] *= 2  # grounded: no current leaves there
    inverse = np.linalg.inv(laplacian)
    exact = inverse[begin, begin] + inverse[end, end] - 2 * inverse[begin, end]
    found = effective_resistances(begin, end, conductance)
    assert (conductance * found).sum() == pytest.approx(side * side - 1)
    ratio = found / exact
    assert np.abs(ratio - 1).mean() < 0.2  # √(2/64) in the mean square
    assert ratio.mean() == pytest.approx(1, abs=0.05)


def by_scipy(x: np.ndarray, y: np.ndarray) -> float:
    points = np.concatenate([x, y])
    tree = minimum_spanning_tree(cdist(points, points)).tocoo()
    return float(np.count_nonzero((tree.row < len(x)) != (tree.col < len(x))))


@pytest.mark.parametrize("far", [1e7, 1e9])
@pytest.mark.parametrize("d", [2, 16])
def test_one_point_far_away_merges_no_others(d, far):
    rng = np.random.default_rng(d)
    x, y = rng.normal(size=(80, d)), rng.normal(size=(80, d)) + 2.5 / np.sqrt(d)
    alone = henze_penrose(x, y)
    beside = np.concatenate([x, np.full((1, d), far)])
    found = henze_penrose(beside, y)
    assert found.sites == 161
    assert found.cross == pytest.approx(by_scipy(beside, y), abs=1e-9)
    assert found.raw == pytest.approx(alone.raw, abs=0.03)
    points, labels = np.concatenate([beside, y]), np.arange(161) >= 81
    subsets = np.stack([[[80, *range(40)], [*range(81, 122)]], [[80, *range(20, 60)], [*range(110, 151)]]])
    values = resampled(points, labels, subsets)
    for value, (first, second) in zip(values, subsets, strict=True):
        expected = 1 - by_scipy(points[first], points[second]) * 82 / (2 * 41 * 41)
        assert value == pytest.approx(expected, abs=1e-9)
    of_three = pairwise(np.concatenate([points, y + 3]), np.repeat([0, 1, 2], [81, 80, 80]))
    assert of_three[0, 1].cross == pytest.approx(found.cross, abs=1e-9)


def test_an_outlier_as_far_as_numbers_reach_rounds_no_others_together():
    points = np.random.default_rng(5).normal(size=(160, 2))
    assert len(find_sites(np.concatenate([points, [[1e18, 1e18]]]))[1]) == 161


@pytest.mark.parametrize("apart", [1e7, 1e10])
def test_clusters_far_apart_keep_their_inner_structure(apart):
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(2, 120, 2)) + np.arange(2)[:, None, None] * 2
    where = (np.arange(120) % 3)[:, None] * apart
    found = henze_penrose(x + where, y + where)
    assert found.sites == 240
    assert found.cross == pytest.approx(by_scipy(x + where, y + where), abs=1e-9)


@pytest.mark.parametrize("far", [0, 1e7])
def test_collapsed_points_merge_beside_an_outlier_too(far):
    rng = np.random.default_rng(4)
    places = rng.normal(size=(40, 3))
    which = rng.integers(0, 40, 300)
    noise = rng.normal(size=(300, 3)) * (1e-12 if far else 1e-9)
    points = np.concatenate([places[which] + noise, [[far] * 3]]) if far else places[which] + noise
    site, first = find_sites(points)
    assert len(first) == len(np.unique(which)) + bool(far)
    assert all(len(np.unique(site[:300][which == place])) == 1 for place in np.unique(which))
