"""Separation per resample and per class pair, with sites and the linear probe beside it."""

import numpy as np
import pytest
from numpy_view import NumpyView, diverged, make_setup

from nnprobe_core.maths.henze_penrose import draw_subsets, henze_penrose, resampled
from nnprobe_core.maths.linear_probe import linear_probe
from nnprobe_core.probes.separation import SeparationProbe


def test_two_classes_give_a_value_per_resample():
    setup = make_setup((2, 8, 2), n=240)
    view = NumpyView(setup)
    arrays = SeparationProbe(setup).look(view, first=True)
    assert arrays["separation.values"].shape == (3, 30)
    subsets = draw_subsets(setup.y_train, seed=setup.seed)
    for layer, output in enumerate(view.shown()):
        expected = [henze_penrose(output[a], output[b]).raw for a, b in subsets]
        np.testing.assert_allclose(arrays["separation.values"][layer], expected, atol=1e-6)
        assert arrays["series.separation"][layer, 0] == pytest.approx(np.mean(expected), abs=1e-6)


def test_five_classes_give_a_value_per_pair():
    setup = make_setup((2, 6, 5), n=200)
    view = NumpyView(setup)
    arrays = SeparationProbe(setup).look(view, first=True)
    assert arrays["separation.values"].shape == (3, 10)
    output, y = view.shown()[1], setup.y_train
    pairs = [(a, b) for a in range(5) for b in range(a + 1, 5)]
    expected = [henze_penrose(output[y == a], output[y == b]).raw for a, b in pairs]
    np.testing.assert_allclose(arrays["separation.values"][1], expected, atol=1e-6)


def test_classes_that_are_not_apart_have_values_below_0_too():
    setup = make_setup((2, 8, 5), n=200)
    setup.y_train[:] = np.random.default_rng(0).permutation(setup.y_train)
    values = SeparationProbe(setup).look(NumpyView(setup), first=True)["separation.values"]
    x, y = setup.x_train, setup.y_train
    pairs = [(a, b) for a in range(5) for b in range(a + 1, 5)]
    np.testing.assert_allclose(values[0], [henze_penrose(x[y == a], x[y == b]).raw for a, b in pairs], atol=1e-6)
    assert values[0].min() < 0  # clipped, their mean would say that they are


def test_the_linear_probe_reads_test_points():
    setup = make_setup((2, 6, 2), n=100, n_test=80)
    view = NumpyView(setup)
    arrays = SeparationProbe(setup).look(view, first=True)
    series, baseline = arrays["series.separation"], arrays["series.baseline"]
    for layer, (output, test) in enumerate(zip(view.shown(), view.test(), strict=True)):
        probe = linear_probe(output, setup.y_train, test, setup.y_test, seed=setup.seed)
        np.testing.assert_allclose(
            series[layer, 1:], [probe.accuracy, probe.low, probe.high, probe.baseline], rtol=1e-6
        )
        np.testing.assert_allclose(baseline[layer], [probe.baseline_low, probe.baseline_high], rtol=1e-6)
        assert series[layer, 4] == 0.5
        assert baseline[layer, 0] < 0.5 < baseline[layer, 1]


def test_sites_of_a_dead_layer():
    setup = make_setup((2, 4, 2), activation="relu")
    view = NumpyView(setup, biases=[np.full(4, -100, np.float32), np.zeros(2, np.float32)])
    arrays = SeparationProbe(setup).look(view, first=True)
    assert arrays["separation.sites"].tolist() == [[60, 60], [1, 60], [1, 60]]
    np.testing.assert_allclose(arrays["separation.values"][1:], 0, atol=1e-6)
    assert arrays["series.separation"][1, 1] == 0.5


@pytest.mark.parametrize("n", [2, 3, 5, 24])
def test_few_points(n):
    setup = make_setup((2, 4, 2), n=n, n_test=n)
    arrays = SeparationProbe(setup).look(NumpyView(setup), first=True)
    assert np.isfinite(arrays["separation.values"]).all()


def test_a_class_without_points_and_a_single_class():
    setup = make_setup((2, 4, 5), n=60)
    setup.y_train[setup.y_train == 3] = 0
    values = SeparationProbe(setup).look(NumpyView(setup), first=True)["separation.values"]
    missing = [3 in pair for pair in [(a, b) for a in range(5) for b in range(a + 1, 5)]]
    np.testing.assert_array_equal(np.isnan(values[0]), missing)
    setup.y_train[:] = 0
    arrays = SeparationProbe(setup).look(NumpyView(setup), first=True)
    assert np.isnan(arrays["separation.values"]).all()
    assert np.isnan(arrays["series.separation"]).all()
    assert np.isnan(arrays["series.baseline"]).all()


def test_the_input_outlives_a_diverged_network():
    setup = make_setup((2, 4, 2))
    arrays = SeparationProbe(setup).look(diverged(setup), first=True)
    assert np.isfinite(arrays["series.separation"][0]).all()
    assert np.isnan(arrays["series.separation"][1:]).all()
    assert arrays["separation.sites"].tolist() == [[60, 60], [0, 60], [0, 60]]


def test_subsets_and_shuffles_are_drawn_by_the_data_seed():
    setup = make_setup((2, 6, 2), n=300, seed=3)
    view = NumpyView(setup)
    arrays = SeparationProbe(setup).look(view, first=True)
    subsets = draw_subsets(setup.y_train, resamples=30, per_class=80, seed=3)
    for layer, (output, test) in enumerate(zip(view.shown(), view.test(), strict=True)):
        np.testing.assert_allclose(
            arrays["separation.values"][layer], resampled(output, setup.y_train, subsets), atol=1e-6
        )
        probe = linear_probe(output, setup.y_train, test, setup.y_test, seed=3)
        np.testing.assert_allclose(arrays["series.baseline"][layer], [probe.baseline_low, probe.baseline_high])
