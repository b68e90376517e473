"""The map behind recorded coordinates: found again through their rounding, and nothing made up beyond the data."""

import numpy as np

from nnprobe_core.maths.affine import fit_affine
from nnprobe_core.maths.pca import main_plane
from nnprobe_core.maths.quantise import dequantise_axes, quantise_axes

RNG = np.random.default_rng(0)


def recorded(points):
    return dequantise_axes(*quantise_axes(points))


def test_a_plane_is_found_again_through_sixteen_bits():
    x = RNG.normal(size=(500, 20)) * np.linspace(3, 0.01, 20)
    plane = main_plane(x)
    found = fit_affine(x, recorded(plane.project(x)))
    new = x[:50] + 0.2 * RNG.normal(size=(50, 20))
    step = np.ptp(plane.project(x), axis=0).max() / 65534
    np.testing.assert_allclose(found(x), plane.project(x), atol=step)
    np.testing.assert_allclose(found(new), plane.project(new), atol=0.01)


def test_a_direction_without_points_is_left_out():
    x = RNG.normal(size=(300, 6))
    x[:, 3:] = 1e-9 * RNG.normal(size=(300, 3))  # a layer of which half the units hardly move
    coordinates = recorded(x[:, :2] @ np.array([[0.6, 0.8], [-0.8, 0.6]]))
    found = fit_affine(x, coordinates)
    beyond = x.copy()
    beyond[:, 3:] += 1.0
    np.testing.assert_allclose(found(beyond), found(x), atol=2e-3)
    np.testing.assert_allclose(found(x), coordinates, atol=1e-4)


def test_collapsed_points_and_what_is_not_finite():
    x = np.ones((10, 4))
    np.testing.assert_allclose(fit_affine(x, np.zeros((10, 2)))(x + 3), np.zeros((10, 2)))
    assert fit_affine(np.full((10, 4), np.nan), np.zeros((10, 2))) is None
    assert fit_affine(x, np.full((10, 2), np.nan)) is None
