"""Components against scikit-learn's PCA, alignment against SciPy's Procrustes, and turns against its angles."""

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes, subspace_angles
from scipy.stats import ortho_group
from sklearn.decomposition import PCA

from nnprobe_core.maths.pca import align, main_components, main_coordinates, main_plane, turn


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


@pytest.mark.parametrize("shape", [(60, 5), (20, 300), (30, 1)])
def test_main_components_are_scikit_learns_from_either_side(shape):
    points = np.random.default_rng(3).normal(size=shape) * np.linspace(3, 1, shape[1]) + 5
    ours, theirs = main_components(points), PCA(min(2, shape[1])).fit(points)
    np.testing.assert_allclose(np.abs(ours.project(points)), np.abs(theirs.transform(points)), atol=1e-8)
    assert ours.share == pytest.approx(theirs.explained_variance_ratio_.sum())


def test_directions_without_variance_are_no_components():
    rng = np.random.default_rng(4)
    flat = rng.normal(size=(50, 3)) @ rng.normal(size=(3, 40))
    found = main_components(flat, 10)
    assert found.basis.shape == (40, 3)
    assert found.share == pytest.approx(1)
    assert main_components(np.ones((5, 4))).project(np.ones((2, 4))).tolist() == [[0], [0]]


@pytest.mark.parametrize("size", [1, 1e-200, 1e200])
def test_many_sets_have_each_their_own_components(size):
    sets = np.random.default_rng(5).normal(size=(3, 20, 6)) * np.linspace(3, 0.5, 6) + np.arange(3)[:, None, None]
    flat, share = main_coordinates(size * sets)
    for points, ours, kept in zip(sets, flat, share, strict=True):
        theirs = PCA(2).fit(points)
        np.testing.assert_allclose(np.abs(ours / size), np.abs(theirs.transform(points)), atol=1e-8)
        assert kept == pytest.approx(theirs.explained_variance_ratio_.sum())
    assert main_coordinates(np.ones((1, 4, 3)))[1].tolist() == [1]


def test_align_is_scipys_procrustes_of_one_set_or_of_many():
    points, onto = np.random.default_rng(6).normal(size=(2, 4, 30, 2))
    many = align(points, onto)
    for each, target, rotation in zip(points, onto, many, strict=True):
        expected, _ = orthogonal_procrustes(each, target)
        np.testing.assert_allclose(rotation, expected, atol=1e-12)
        np.testing.assert_allclose(align(each, target), expected, atol=1e-12)
