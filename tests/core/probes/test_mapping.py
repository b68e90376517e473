"""The mapping: raw coordinates, aligned planes, displacement, and settled maps that meet the film."""

import numpy as np
import pytest
from numpy_view import NumpyView, diverged, make_setup
from sklearn.decomposition import PCA

from nnprobe_core.maths.quantise import dequantise_axes
from nnprobe_core.probes.mapping import MappingProbe


def points_of(arrays, layer):
    return dequantise_axes(arrays[f"map.{layer}"], arrays[f"map.{layer}.range"])


def moved(setup, view, amount, seed):
    """The same network a little later."""
    rng = np.random.default_rng(seed)
    weights = [w + amount * rng.normal(size=w.shape).astype(np.float32) for w in view.weights]
    return NumpyView(setup, weights, view.biases, step=view.step + 1)


def test_narrow_layers_keep_their_own_coordinates():
    setup = make_setup((2, 1, 2, 3, 2))
    view = NumpyView(setup)
    arrays = MappingProbe(setup).look(view, first=True)
    one, two, three, logits = view.shown()[1:]
    np.testing.assert_allclose(points_of(arrays, 1), np.c_[one, np.zeros(len(one))], atol=1e-4)
    np.testing.assert_allclose(points_of(arrays, 2), two, atol=1e-4)
    np.testing.assert_allclose(points_of(arrays, 3), three, atol=1e-4)
    np.testing.assert_allclose(points_of(arrays, 4), logits, atol=1e-4)
    assert arrays["data.widths"].tolist() == [2, 1, 2, 3, 2]


def test_wide_layers_show_their_main_plane():
    setup = make_setup((2, 20, 2))
    view = NumpyView(setup)
    arrays = MappingProbe(setup).look(view, first=True)
    pca = PCA(2).fit(view.shown()[1])
    np.testing.assert_allclose(np.abs(points_of(arrays, 1)), np.abs(pca.transform(view.shown()[1])), atol=1e-3)
    assert arrays["series.mapping"][1, 0] == pytest.approx(pca.explained_variance_ratio_.sum(), abs=1e-5)


def test_a_plane_does_not_flip_between_frames():
    """Units whose sign changes, or two components that change places, must not make the picture jump."""
    setup = make_setup((2, 12, 2))
    view = NumpyView(setup)
    probe = MappingProbe(setup)
    before = points_of(probe.look(view, first=True), 1)
    flipped = [view.weights[0] * -1, view.weights[1] * -1]
    arrays = probe.look(NumpyView(setup, flipped, step=1), first=False)
    np.testing.assert_allclose(points_of(arrays, 1), before, atol=1e-3)
    assert arrays["series.mapping"][1, 1] == pytest.approx(0, abs=0.1)
    for step in range(40):
        view = moved(setup, view, 0.02, step)
        after = points_of(probe.look(view, first=False), 1)
        assert np.sqrt(np.square(after - before).sum(1).mean()) < 0.5 * np.sqrt(np.square(before).sum(1).mean())
        before = after


def test_displacement_is_measured_where_there_are_two_units():
    setup = make_setup((2, 2, 5, 2))
    view = NumpyView(setup)
    series = MappingProbe(setup).look(view, first=True)["series.mapping"]
    x, hidden, _, logits = view.shown()
    for layer, output in ((1, hidden), (3, logits)):
        distance = np.linalg.norm(output - x, axis=1)
        np.testing.assert_allclose(series[layer, 2:], [distance.mean(), distance.max()], rtol=1e-5)
    assert series[0].tolist() == [1, 0, 0, 0]
    assert np.isnan(series[2, 2:]).all()


def test_the_settled_maps_meet_the_last_frame_and_share_its_plane():
    setup = make_setup((2, 9, 3, 6, 2))
    view = NumpyView(setup)
    probe = MappingProbe(setup)
    views = [view]
    for step in range(6):
        views.append(moved(setup, views[-1], 0.1, step))
    frames = [probe.look(each, first=index == 0) for index, each in enumerate(views)]
    last = probe.settled(views[-1].shown())
    assert set(last) == {key for key in frames[-1] if key.startswith("map.")}
    for key, array in last.items():
        assert array.tobytes() == frames[-1][key].tobytes(), key
    # One affine map takes every moment's outputs to its settled points.
    outputs = np.concatenate([each.shown()[1] for each in views])
    settled = np.concatenate([points_of(probe.settled(each.shown()), 1) for each in views])
    design = np.c_[outputs, np.ones(len(outputs))]
    fitted = design @ np.linalg.lstsq(design, settled, rcond=None)[0]
    np.testing.assert_allclose(fitted, settled, atol=1e-3)


def test_a_film_that_diverges_keeps_its_plane_and_shows_no_points():
    setup = make_setup((2, 9, 2))
    view = NumpyView(setup)
    probe = MappingProbe(setup)
    before = probe.look(view, first=True)
    broken = probe.look(diverged(setup), first=False)
    assert (broken["map.1"] == 65535).all()
    assert np.isnan(broken["series.mapping"][1]).all()
    assert (probe.settled(diverged(setup).shown())["map.1"] == 65535).all()
    np.testing.assert_array_equal(probe.settled(view.shown())["map.1"], before["map.1"])
