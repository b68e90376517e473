"""Henze-Penrose by other distances, beside SciPy's minimum spanning tree on SciPy's distances."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import cdist

from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.henze_penrose import pairwise
from nnprobe_core.maths.metrics import METRICS, cityblock

SCIPY = {"euclidean": "euclidean", "cosine": "cosine", "l1": "cityblock"}


@pytest.mark.parametrize("d", [3, 300])
@pytest.mark.parametrize("metric", METRICS)
def test_the_tree_is_that_of_the_distance(metric, d):
    rng = np.random.default_rng(d)
    labels = np.repeat([0, 1, 2], (30, 45, 25))
    points = rng.normal(size=(100, d)) + labels[:, None] * rng.normal(size=d)
    points[:, 0] *= 4  # so that metrics differ
    found = pairwise(points, labels, metric=metric)
    for (a, b), each in found.items():
        chosen = np.flatnonzero((labels == a) | (labels == b))
        tree = minimum_spanning_tree(cdist(points[chosen], points[chosen], SCIPY[metric])).tocoo()
        assert each.cross == np.count_nonzero(labels[chosen][tree.row] != labels[chosen][tree.col])


def test_metrics_see_different_things():
    rng = np.random.default_rng(0)
    angle, length = rng.uniform(0, 1, 200), np.repeat([1.0, 10.0], 100)
    rays = np.stack([length * np.cos(angle), length * np.sin(angle)], axis=1)
    labels = np.repeat([0, 1], 100)
    values = {metric: pairwise(rays, labels, metric=metric)[0, 1].raw for metric in METRICS}
    assert values["euclidean"] > 0.95
    assert values["l1"] > 0.95
    assert abs(values["cosine"]) < 0.25, "only the direction counts, and it is the same for both"


def test_points_on_one_place_count_by_any_distance():
    points = np.repeat([[1.0, 0], [0, 1], [3, 3]], 20, axis=0)
    labels = np.tile([0, 1], 30)
    for metric in METRICS:
        assert pairwise(points, labels, metric=metric)[0, 1].sites == 3
    with pytest.raises(ConfigError, match="distance must be one of euclidean, cosine, l1, got 'l3'"):
        pairwise(points, labels, metric="l3")


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e12])
def test_lengths_that_differ_by_rounding_alone_are_one_length(scale):
    """.1 + .2 is not .3; and what differs by a billionth is another length."""
    found = cityblock(scale * np.array([[0, 0], [0.1 + 0.2, 0], [0, 0.3], [0, -0.3 * (1 + 1e-9)]]))
    assert found[0, 1] == found[0, 2] == pytest.approx(0.3 * scale)
    assert found[0, 3] > found[0, 2]
    assert np.isinf(found.diagonal()).all()
