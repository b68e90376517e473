"""Planes against scikit-learn's PCA and SciPy's angles; 16-bit points against their bound."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.linalg import subspace_angles
from scipy.stats import ortho_group
from sklearn.decomposition import PCA

from nnprobe_core.maths.projections import MISSING, align, dequantise, main_plane, quantise, turn


@pytest.mark.parametrize("d", [2, 4, 30])
def test_main_plane_is_pca(d):
    rng = np.random.default_rng(d)
    points = rng.normal(size=(300, d)) * np.linspace(3, 0.5, d) + 5
    plane, pca = main_plane(points), PCA(2).fit(points)
    assert plane.share == pytest.approx(pca.explained_variance_ratio_.sum())
    np.testing.assert_allclose(np.abs(np.diag(plane.basis.T @ pca.components_.T)), 1, atol=1e-9)
    np.testing.assert_allclose(np.abs(plane.project(points)), np.abs(pca.transform(points)), atol=1e-9)


def test_main_plane_of_float32_stays_float32_and_close():
    points = np.random.default_rng(0).normal(size=(500, 8)).astype(np.float32) * np.arange(8, 0, -1, dtype=np.float32)
    plane = main_plane(points)
    assert plane.project(points).dtype == np.float32
    np.testing.assert_allclose(
        np.abs(plane.project(points)), np.abs(PCA(2).fit_transform(points.astype(float))), rtol=0, atol=1e-3
    )


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e30])
def test_no_plane_where_numbers_end(bad):
    points = np.zeros((5, 4), np.float32)
    points[2, 1] = bad
    assert main_plane(points) is None


@pytest.mark.parametrize("size", [1e17, 3e17, 6e17, 9e17, 2e18, 1e19])
def test_a_diverging_layer_is_shown_or_not_but_never_an_error(size):
    signs = np.sign(np.random.default_rng(0).normal(size=(1000, 1))) * np.ones((1, 6))
    points = (signs * size).astype(np.float32)
    plane = main_plane(points)
    if plane is None:
        assert size > 1e17
        return
    assert plane.share == pytest.approx(1)
    shown = plane.project(points)
    np.testing.assert_allclose(np.abs(align(shown, shown)), np.eye(2), atol=1e-5)


def test_a_collapsed_layer_has_a_plane_too():
    plane = main_plane(np.full((5, 4), 0.25, np.float32))
    assert plane.share == 1
    np.testing.assert_allclose(plane.project(np.full((5, 4), 0.25, np.float32)), 0)


@pytest.mark.parametrize("reflected", [False, True])
def test_align_undoes_a_turn_and_a_reflection(reflected):
    points = np.random.default_rng(1).normal(size=(50, 2))
    angle = 2.1
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = turned @ np.diag([1, -1]) if reflected else turned
    rotation = align(points @ turned, points)
    np.testing.assert_allclose(points @ turned @ rotation, points, atol=1e-12)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(2), atol=1e-12)


@pytest.mark.parametrize("d", [4, 20])
def test_turn_is_the_largest_principal_angle(d):
    first, second = ortho_group.rvs(d, random_state=0)[:, :2], ortho_group.rvs(d, random_state=1)[:, :2]
    assert turn(first, second) == pytest.approx(np.degrees(subspace_angles(first, second)).max())
    assert turn(first, first[:, ::-1] * [1, -1]) == pytest.approx(0, abs=1e-6)
    slightly = first.copy()
    slightly[:, 0] = first[:, 0] * np.cos(1e-5) + ortho_group.rvs(d, random_state=0)[:, 2] * np.sin(1e-5)
    assert turn(first, slightly) == pytest.approx(np.degrees(1e-5), rel=1e-6)


floats = st.one_of(st.floats(-1e6, 1e6, width=32), st.sampled_from([np.nan, np.inf, -np.inf]))


@settings(max_examples=100, deadline=None)
@given(arrays(np.float32, st.tuples(st.integers(1, 20), st.integers(2, 3)), elements=floats))
def test_quantised_points_come_back_to_half_a_step(points):
    codes, span = quantise(points)
    assert codes.dtype == np.uint16
    assert span.dtype == np.float32
    finite = np.isfinite(points)
    np.testing.assert_array_equal(codes == MISSING, ~finite)
    back = dequantise(codes, span)
    half = (span[:, 1].astype(float) - span[:, 0]) / 65534 / 2
    error = np.abs(back.astype(float) - points)[finite]
    allowed = np.broadcast_to(half, points.shape)[finite] * 1.01 + np.abs(points[finite]) * 1e-7
    assert (error <= allowed).all()
    for axis in range(points.shape[1]):
        known = points[finite[:, axis], axis]
        assert span[axis].tolist() == ([known.min(), known.max()] if len(known) else [0, 0])


def test_quantise_takes_the_whole_range_of_float32():
    points = np.array([[-3e38, 0], [3e38, 0], [0, 0]], np.float32)
    np.testing.assert_allclose(dequantise(*quantise(points)), points, atol=3e38 / 60000)
