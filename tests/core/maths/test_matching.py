"""Matching against all permutations of a few points, and against points that are known to have moved little."""

from itertools import permutations

import numpy as np

from nnprobe_core.maths.matching import match


def test_no_permutation_is_nearer():
    rng = np.random.default_rng(0)
    for _ in range(30):
        before, now = rng.normal(size=(2, 6, 2))
        order = match(before, now)
        assert sorted(order) == list(range(6))
        least = min(np.square(now[list(p)] - before).sum() for p in permutations(range(6)))
        np.testing.assert_allclose(np.square(now[order] - before).sum(), least)


def test_points_that_have_hardly_moved_are_found_again():
    rng = np.random.default_rng(1)
    before = rng.normal(size=(40, 2)).astype(np.float32)
    shuffle = rng.permutation(40)
    now = (before + 1e-4 * rng.normal(size=before.shape)).astype(np.float32)[shuffle]
    np.testing.assert_allclose(now[match(before, now)], before, atol=1e-3)


def test_two_points_that_meet_one_are_both_given_a_place():
    before, now = np.array([[0.0, 0.1], [0.0, -0.1], [5.0, 0.0]]), np.array([[5.0, 0.0], [0.02, 0.0], [-3.0, 0.0]])
    assert sorted(match(before, now)) == [0, 1, 2]
    assert match(before, now)[2] == 0
