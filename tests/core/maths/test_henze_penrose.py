"""Henze-Penrose separation against SciPy's tree, closed forms and published figures."""

import numpy as np
import pytest
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import cdist
from sklearn.datasets import load_digits

from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.henze_penrose import draw_subsets, henze_penrose, pairwise, resampled


def by_scipy(x, y):
    points = np.concatenate([x, y])
    tree = minimum_spanning_tree(cdist(points, points)).tocoo()
    cross = np.count_nonzero((tree.row < len(x)) != (tree.col < len(x)))
    return 1 - cross * len(points) / (2 * len(x) * len(y))


@pytest.mark.parametrize(("n", "m", "d"), [(100, 100, 2), (30, 170, 5), (1, 50, 3), (200, 150, 64)])
def test_equals_scipy_on_distinct_points(n, m, d):
    rng = np.random.default_rng(n)
    x, y = rng.normal(size=(n, d)), rng.normal(size=(m, d)) + 0.5
    result = henze_penrose(x, y)
    assert result.raw == pytest.approx(by_scipy(x, y), abs=1e-12)
    assert result.value == max(0, result.raw)
    assert (result.n, result.m, result.sites) == (n, m, n + m)


def test_digits_as_published():
    """Raw pixels of the 8 x 8 digits, 45 class pairs: integer coordinates, so with many ties."""
    points, labels = load_digits(return_X_y=True)
    values = {pair: result.value for pair, result in pairwise(points, labels).items()}
    assert len(values) == 45
    assert np.mean(list(values.values())) == pytest.approx(0.991, abs=0.001)
    assert min(values, key=values.get) == (1, 8)
    assert values[1, 8] == pytest.approx(0.966, abs=0.001)


def test_separated_classes_have_one_edge_across():
    rng = np.random.default_rng(0)
    result = henze_penrose(rng.normal(size=(50, 2)), rng.normal(size=(50, 2)) + 100)
    assert result.cross == 1
    assert result.raw == 1 - 100 / (2 * 50 * 50)


def test_unbalanced_classes_of_one_distribution_are_not_separated():
    rng = np.random.default_rng(1)
    values = [henze_penrose(rng.normal(size=(10, 2)), rng.normal(size=(990, 2))).raw for _ in range(12)]
    assert abs(np.mean(values)) < 0.06
    x, y = rng.normal(size=(100, 2)), rng.normal(size=(900, 2))
    assert henze_penrose(x, y, convention="balanced").value == pytest.approx(0.64, abs=0.05)
    assert abs(henze_penrose(x, y).raw) < 0.15


def test_conventions_agree_on_equal_classes():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(80, 3)), rng.normal(size=(80, 3)) + 1
    assert henze_penrose(x, y, convention="balanced").value == pytest.approx(henze_penrose(x, y).value, abs=1e-12)


def test_sites_in_closed_form():
    """One site of 2 + 3 points and one of 4 + 1, and a lone point: S is their expectation."""
    x = np.array([[0.0, 0]] * 2 + [[1, 0]] * 4)
    y = np.array([[0.0, 0]] * 3 + [[1, 0]] * 1 + [[3, 0]])
    within = 2 * 2 * 3 / 5 + 2 * 4 * 1 / 5
    between = 2 / 5 * 1 / 5 + 3 / 5 * 4 / 5
    to_the_lone_point = 4 / 5
    result = henze_penrose(x, y)
    assert result.cross == pytest.approx(within + between + to_the_lone_point, abs=1e-12)
    assert result.sites == 3


def test_sites_match_the_mean_over_trees_of_shuffled_jittered_points():
    """Breaking the same ties at random, many times, comes to the expectation."""
    rng = np.random.default_rng(6)
    x = np.maximum(rng.normal(size=(60, 2)), 0)
    y = np.maximum(rng.normal(size=(60, 2)) + 0.3, 0)
    result = henze_penrose(x, y)
    assert result.sites < 110
    trees = [by_scipy(x + rng.normal(size=x.shape) * 1e-8, y + rng.normal(size=y.shape) * 1e-8) for _ in range(300)]
    assert np.mean(trees) == pytest.approx(result.raw, abs=4 * np.std(trees) / np.sqrt(300) + 0.01)


def test_neither_order_nor_scale_nor_place_of_the_points_matters():
    rng = np.random.default_rng(7)
    x, y = np.maximum(rng.normal(size=(2, 70, 3)), 0)
    result = henze_penrose(x, y)
    moved = henze_penrose(rng.permutation(x) * 1e4 + 1e6, rng.permutation(y) * 1e4 + 1e6)
    assert moved.raw == pytest.approx(result.raw, abs=1e-9)
    assert henze_penrose(y, x).raw == pytest.approx(result.raw, abs=1e-9)


def test_ties_of_a_grid_are_averaged_and_repeatable():
    grid = np.stack(np.meshgrid(np.arange(10.0), np.arange(10.0)), -1).reshape(-1, 2)
    left = grid[:, 0] < 5
    result = henze_penrose(grid[left], grid[~left])
    assert henze_penrose(grid[left], grid[~left]) == result
    # A tree over random orders crosses the middle more than once, less than every row.
    assert 1 < result.cross < 10
    assert result.cross != int(result.cross)


def test_pairwise_is_henze_penrose_of_each_pair():
    rng = np.random.default_rng(8)
    labels = rng.integers(0, 4, 150)
    points = np.maximum(rng.normal(size=(150, 3)) + labels[:, None] / 2, 0)
    for (a, b), result in pairwise(points, labels).items():
        alone = henze_penrose(points[labels == a], points[labels == b])
        assert result.raw == pytest.approx(alone.raw, abs=1e-9)
        assert (result.n, result.m, result.sites) == (alone.n, alone.m, alone.sites)


@pytest.mark.parametrize("collapse", [False, True])
def test_resampled_is_henze_penrose_of_each_subset(collapse):
    rng = np.random.default_rng(9)
    labels = np.arange(400) % 2
    points = rng.normal(size=(400, 6)) + labels[:, None] * 0.4
    points = np.maximum(points[:, :2], 0) if collapse else points
    subsets = draw_subsets(labels, seed=3)
    assert subsets.shape == (30, 2, 80)
    values = resampled(points, labels, subsets)
    for value, (first, second) in zip(values, subsets, strict=True):
        assert (labels[first] == 0).all()
        assert len(np.unique(first)) == 80
        assert value == pytest.approx(henze_penrose(points[first], points[second]).raw, abs=1e-9)
    np.testing.assert_array_equal(values, resampled(points, labels, seed=3))


def test_resampled_means_over_the_pairs_of_three_classes():
    rng = np.random.default_rng(10)
    labels = np.arange(300) % 3
    points = rng.normal(size=(300, 2)) + labels[:, None]
    subsets = draw_subsets(labels, resamples=4, per_class=30)
    values = resampled(points, labels, subsets)
    for value, subset in zip(values, subsets, strict=True):
        flat = subset.ravel()
        alone = pairwise(points[flat], labels[flat])
        assert value == pytest.approx(np.mean([each.raw for each in alone.values()]), abs=1e-9)


@pytest.mark.parametrize(("points_each", "expected"), [(1, 1), (2, 1), (20, 16), (100, 80), (500, 80)])
def test_subsets_shrink_with_the_smallest_class(points_each, expected):
    labels = np.array([0] * points_each + [1] * 600)
    assert draw_subsets(labels, resamples=3).shape == (3, 2, expected)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.zeros((0, 2)), np.zeros((3, 2)), "x must be an array"),
        (np.zeros((3, 2)), np.zeros((3, 4)), "y must be points of 2 dimensions"),
        (np.zeros((3, 2)), np.full((3, 2), np.nan), "y must be finite"),
        (np.zeros(3), np.zeros((3, 2)), "x must be an array"),
    ],
)
def test_refuses_what_has_no_separation(x, y, message):
    with pytest.raises(ConfigError, match=message):
        henze_penrose(x, y)


def test_refuses_one_class_and_an_unknown_convention():
    with pytest.raises(ConfigError, match="labels must be of two classes or more"):
        pairwise(np.zeros((4, 2)), np.zeros(4))
    with pytest.raises(ConfigError, match="labels must be one per point"):
        resampled(np.zeros((4, 2)), np.zeros(5))
    with pytest.raises(ConfigError, match="convention must be one of"):
        henze_penrose(np.zeros((4, 2)), np.zeros((5, 2)), convention="other")


def test_all_points_on_one_place():
    result = henze_penrose(np.zeros((3, 2)), np.zeros((5, 2)))
    assert result.sites == 1
    assert result.raw == pytest.approx(0)
