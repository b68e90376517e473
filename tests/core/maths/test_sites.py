"""Sites against single linkage by networkx on the full distance matrix."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from nnprobe_core.maths.sites import find_sites


def by_networkx(points, tolerance):
    radius = np.sqrt(((points - points.mean(axis=0)) ** 2).sum(axis=1).mean())
    near = nx.from_numpy_array(cdist(points, points) <= tolerance * radius)
    return {frozenset(part) for part in nx.connected_components(near)}


def parts(site):
    return {frozenset(np.flatnonzero(site == label).tolist()) for label in np.unique(site)}


def test_distinct_points_stay_apart():
    points = np.random.default_rng(0).normal(size=(500, 2))
    site, first = find_sites(points)
    assert len(first) == 500
    assert len(np.unique(site)) == 500


@pytest.mark.parametrize("d", [1, 2, 30])
def test_collapsed_and_nearly_collapsed_points_merge(d):
    rng = np.random.default_rng(d)
    places = rng.normal(size=(40, d))
    which = rng.integers(0, 40, 400)
    points = places[which] + rng.normal(size=(400, d)) * 1e-9 + 1e3
    site, first = find_sites(points)
    assert parts(site) == parts(which)
    np.testing.assert_array_equal(site[first], np.arange(len(first)))


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3), st.floats(0.01, 0.5))
def test_single_linkage_at_any_tolerance(seed, d, tolerance):
    """A wide tolerance makes long chains, where groups must be parted by their distances."""
    points = np.random.default_rng(seed).normal(size=(40, d))
    assert parts(find_sites(points, tolerance)[0]) == by_networkx(points, tolerance)


@pytest.mark.parametrize(("n", "sites"), [(0, 0), (1, 1), (9, 1)])
def test_one_place(n, sites):
    site, first = find_sites(np.full((n, 3), 0.7))
    assert len(first) == sites
    assert (site == 0).all()
    assert len(site) == n


@pytest.mark.parametrize(("apart", "sites"), [(1e-6, 100), (6e-6, 101)])
def test_a_millionth_of_the_distance_to_near_points_is_one_place(apart, sites):
    """On a grid of spacing 1, whose points have their √n-th neighbour at 2 to 3: it decides, not the size of it all."""
    grid = np.stack(np.meshgrid(np.arange(10.0), np.arange(10.0)), -1).reshape(-1, 2)
    points = np.concatenate([grid, grid[44:45] + np.array([apart, 0])])
    assert len(find_sites(points)[1]) == sites
