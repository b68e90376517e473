"""Each data set against a closed form or scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import make_circles, make_moons

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import Data, load_data
from nnprobe_core.datasets.holes import centres


def data(**fields: object) -> Data:
    return load_data(RunConfig.from_mapping(fields))


def radius(x: np.ndarray) -> np.ndarray:
    return np.linalg.norm(x, axis=1)


def test_the_spiral_is_the_thesis_tools_formula():
    got = data(radius=2, min_phi=1, max_phi=9, noise=0, n_train=100)
    phi = np.linspace(1, 9, 100)
    arm = np.stack([2 * phi * np.cos(phi), 2 * phi * np.sin(phi)], axis=1)
    np.testing.assert_allclose(got.x_train, np.concatenate([arm, -arm]), atol=1e-5)
    assert got.y_train.tolist() == [0] * 100 + [1] * 100


@pytest.mark.parametrize("arms", range(2, 7))
def test_each_arm_of_a_spiral_is_the_first_one_turned(arms):
    got = data(arms=arms, noise=0, n_train=50)
    z = (got.x_train[:, 0] + 1j * got.x_train[:, 1]).reshape(arms, 50)
    turns = np.exp(2j * np.pi * np.arange(arms) / arms)
    np.testing.assert_allclose(z, z[0] * turns[:, None], atol=1e-6)


def test_a_spirals_test_points_lie_on_the_same_curve_at_angles_drawn_independently():
    got = data(radius=0.5, min_phi=2, max_phi=8, noise=0, n_train=400, n_test=400)
    phi = radius(got.x_test) / 0.5
    assert phi.min() >= 2 - 1e-5
    assert phi.max() <= 8 + 1e-5
    expected = 0.5 * phi[:, None] * np.stack([np.cos(phi), np.sin(phi)], axis=1)
    np.testing.assert_allclose(got.x_test, np.where(got.y_test[:, None] == 0, expected, -expected), atol=1e-5)
    gaps = np.diff(np.sort(phi[got.y_test == 0]))
    assert gaps.std() > 0.5 * gaps.mean()  # even spacing has 0, independent points have 1


def test_uniform_noise_is_bounded_and_reaches_its_bound():
    quiet, noisy = data(noise=0), data(noise=0.3)
    strayed = np.abs(noisy.x_train - quiet.x_train)
    assert 0.29 < strayed.max() <= 0.3 + 1e-6
    assert strayed.mean() == pytest.approx(0.15, rel=0.1)


def test_moons_are_scikit_learns():
    got = data(dataset="moons", noise=0, n_train=80)
    x, y = make_moons(160, shuffle=False)
    np.testing.assert_allclose(got.x_train, x, atol=1e-6)
    np.testing.assert_array_equal(got.y_train, y)


def test_circles_are_scikit_learns():
    got = data(dataset="circles", noise=0, n_train=80)
    x, y = make_circles(160, shuffle=False, factor=0.5)
    np.testing.assert_allclose(got.x_train, x, atol=1e-6)
    np.testing.assert_array_equal(got.y_train, y)


@pytest.mark.parametrize("dataset", ["moons", "circles"])
def test_gaussian_noise_has_the_standard_deviation_asked_for(dataset):
    quiet, noisy = (data(dataset=dataset, noise=noise, n_train=5000) for noise in (0, 0.2))
    assert np.std(noisy.x_train - quiet.x_train) == pytest.approx(0.2, rel=0.03)


def test_test_points_of_moons_and_circles_lie_on_the_curves():
    moons, circles = (data(dataset=name, noise=0) for name in ("moons", "circles"))
    upper, lower = moons.x_test[moons.y_test == 0], moons.x_test[moons.y_test == 1]
    np.testing.assert_allclose(radius(upper), 1, atol=1e-5)
    np.testing.assert_allclose(radius(lower - [1, 0.5]), 1, atol=1e-5)
    assert upper[:, 1].min() >= -1e-6
    assert lower[:, 1].max() <= 0.5 + 1e-6
    np.testing.assert_allclose(radius(circles.x_test), np.where(circles.y_test, 0.5, 1), atol=1e-5)


@pytest.mark.parametrize("classes", range(2, 7))
def test_blobs_stand_evenly_on_the_unit_circle(classes):
    got = data(dataset="blobs", classes=classes, noise=0.1, n_train=1500)
    means = np.stack([got.x_train[got.y_train == k].mean(axis=0) for k in range(classes)])
    angle = 2 * np.pi * np.arange(classes) / classes
    np.testing.assert_allclose(means, np.stack([np.cos(angle), np.sin(angle)], axis=1), atol=0.015)
    assert np.std(got.x_train - means[got.y_train]) == pytest.approx(0.1, rel=0.05)


def test_the_ring_is_uniform_in_area_within_its_radii():
    got = data(dataset="ring", noise=0, n_train=5000)
    disk, annulus = radius(got.x_train[got.y_train == 0]), radius(got.x_train[got.y_train == 1])
    assert disk.max() <= 0.5
    assert annulus.min() >= 0.7
    assert annulus.max() <= 1
    assert np.mean(disk < 0.25) == pytest.approx(0.25, abs=0.02)
    assert np.mean(annulus < 0.85) == pytest.approx((0.85**2 - 0.49) / 0.51, abs=0.025)


def test_xor_has_the_four_squares_of_the_truth_table():
    got = data(dataset="xor", noise=0, n_train=1000)
    same_sign = got.x_train.prod(axis=1) > 0
    np.testing.assert_array_equal(got.y_train, ~same_sign)
    assert np.abs(got.x_train).min() >= 0.1
    assert np.abs(got.x_train).max() <= 1
    for label in (0, 1):  # both squares of a class, about evenly
        assert np.mean(got.x_train[got.y_train == label, 0] > 0) == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize(("holes", "hole_radius"), [(1, 0.3), (1, 0.95), (4, 0.15), (12, 1 / 6)])
def test_holes_are_empty_but_for_the_spots_around_their_centres(holes, hole_radius):
    got = data(dataset="holes", holes=holes, hole_radius=hole_radius, positive_radius=0.1, n_train=1000)
    distance = np.linalg.norm(got.x_train[:, None] - centres(holes, 1), axis=2).min(axis=1)
    assert distance[got.y_train == 0].min() >= hole_radius - 1e-6
    assert distance[got.y_train == 1].max() <= 0.1 + 1e-6
    assert radius(got.x_train[got.y_train == 0]).max() <= 1


def test_positives_are_shared_evenly_over_the_holes():
    got = data(dataset="holes", holes=4, hole_radius=0.15, positive_radius=0.1, n_train=402)
    positives = got.x_train[got.y_train == 1]
    nearest = np.linalg.norm(positives[:, None] - centres(4, 1), axis=2).argmin(axis=1)
    assert sorted(np.bincount(nearest)) == [100, 100, 101, 101]


def test_the_holes_centres_are_the_origin_and_a_ring_of_half_the_radius():
    got = centres(5, 3)
    np.testing.assert_allclose(got, [[0, 0], [1.5, 0], [0, 1.5], [-1.5, 0], [0, -1.5]], atol=1e-12)


def test_line_segments_are_shared_by_train_and_test():
    got = data(dataset="line_segments", segments=3, line_length=0.4, n_train=30, n_test=60)
    for label in (0, 1):
        train, test = got.x_train[got.y_train == label], got.x_test[got.y_test == label]
        for k in range(3):
            own, other = train[k::3].astype(float), test[k::3].astype(float)
            middle = own.mean(axis=0)
            _, singular, axes = np.linalg.svd(own - middle)
            assert singular[1] < 1e-5  # ten points of one line
            assert np.abs((other - middle) @ axes[1]).max() < 1e-5  # and the test points on the same one
            assert np.ptp(np.concatenate([own, other]) @ axes[0]) <= 0.4 + 1e-6


def test_line_segments_differ_in_place_direction_and_class():
    got = data(dataset="line_segments", segments=5, line_length=0.001, n_train=5)
    assert len(np.unique(got.x_train.round(2), axis=0)) == 10
    assert np.abs(got.x_train).max() <= 1.001
