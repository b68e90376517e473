"""What all probes have in common: declared arrays, a diverged network, state, and touching nothing."""

import numpy as np
import pytest
from numpy_view import NumpyView, diverged, make_setup

from nnprobe_core.registry import PROBES, load

WIDTHS = [(2, 4, 4, 2), (2, 1, 2, 3), (2, 3, 6), (2, 2), (2, 20, 20, 5)]


def probe_of(name, setup):
    return load(PROBES, name, "probe")(setup)


@pytest.mark.parametrize("widths", WIDTHS)
@pytest.mark.parametrize("name", PROBES)
def test_arrays_are_as_declared(name, widths):
    setup = make_setup(widths)
    probe = probe_of(name, setup)
    declared, seen = probe.declare(), {}
    for step, first in ((0, True), (1, False)):
        seen |= probe.look(NumpyView(setup, step=step), first=first)
    assert set(seen) == set(declared)
    for key, array in seen.items():
        assert (array.dtype.name, array.shape) == (declared[key].dtype, declared[key].shape), key
        assert array.flags["C_CONTIGUOUS"], key


@pytest.mark.parametrize("widths", WIDTHS)
@pytest.mark.parametrize("name", PROBES)
def test_a_diverged_network_is_seen_as_declared_without_a_warning(name, widths):
    setup = make_setup(widths)
    probe = probe_of(name, setup)
    declared = probe.declare()
    for step, view in ((0, NumpyView(setup)), (1, diverged(setup)), (2, _beyond(setup)), (3, NumpyView(setup))):
        for key, array in probe.look(view, first=step == 0).items():
            assert (array.dtype.name, array.shape) == (declared[key].dtype, declared[key].shape), key
    for key, array in probe_of(name, setup).look(diverged(setup), first=True).items():
        assert (array.dtype.name, array.shape) == (declared[key].dtype, declared[key].shape), key


def _beyond(setup):
    """Weights so large that some outputs are finite, some infinite and some NaN."""
    weights = [np.full(shape, 1e30, np.float32) * (-1) ** index for index, shape in enumerate(setup.weight_shapes)]
    return NumpyView(setup, weights, loss=float("inf"), updates=[1e30] * len(weights))


@pytest.mark.parametrize("name", PROBES)
def test_first_and_last_frame_are_due(name):
    probe = probe_of(name, make_setup((2, 80, 2)))
    for last in (1, 7, 299):
        assert probe.due(0, last)
        assert probe.due(last, last)


def test_cadences():
    wide, narrow = make_setup((2, 65, 65, 2)), make_setup((2, 64, 2))
    assert [i for i in range(300) if probe_of("separation", narrow).due(i, 299)] == [*range(0, 300, 15), 299]
    assert all(probe_of("spectrum", narrow).due(i, 299) for i in range(300))
    assert [i for i in range(30) if probe_of("spectrum", wide).due(i, 28)] == [0, 5, 10, 15, 20, 25, 28]


@pytest.mark.parametrize("name", PROBES)
def test_a_checkpoint_goes_on_as_if_never_left(name):
    setup = make_setup((2, 5, 4, 2), activation="relu")
    views = [NumpyView(setup, step=step, seed=step, loss=1 + step / 10) for step in range(8)]
    whole = probe_of(name, setup)
    expected = [whole.look(view, first=index == 0) for index, view in enumerate(views)]
    begun = probe_of(name, setup)
    for index, view in enumerate(views[:4]):
        begun.look(view, first=index == 0)
    resumed = probe_of(name, setup)
    resumed.restore({key: np.array(value) for key, value in begun.state().items()})
    for view, frame in zip(views[4:], expected[4:], strict=True):
        again = resumed.look(view, first=False)
        assert set(again) == set(frame)
        for key, array in again.items():
            assert array.tobytes() == frame[key].tobytes(), key


@pytest.mark.parametrize("name", PROBES)
def test_touches_neither_weights_nor_the_global_generator(name):
    setup = make_setup()
    view = NumpyView(setup)
    before = [each.copy() for each in view.weights]
    np.random.seed(7)
    state = np.random.get_state()[1].copy()
    probe_of(name, setup).look(view, first=True)
    np.testing.assert_array_equal(np.random.get_state()[1], state)
    for now, then in zip(view.weights, before, strict=True):
        np.testing.assert_array_equal(now, then)
