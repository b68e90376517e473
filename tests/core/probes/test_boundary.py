"""The boundary's grid, its softmax, and the points that go with it."""

import numpy as np
import pytest
from numpy_view import NumpyView, make_setup
from scipy.spatial.distance import cdist
from scipy.special import softmax

from nnprobe_core.probes.boundary import BoundaryProbe


def grid_of(extent):
    x0, x1, y0, y1 = extent.astype(float)
    across = x0 + (np.arange(100) + 0.5) / 100 * (x1 - x0)
    up = y0 + (np.arange(100) + 0.5) / 100 * (y1 - y0)
    return np.array([[x, y] for y in up for x in across])


@pytest.mark.parametrize("widths", [(2, 5, 2), (2, 8, 6)])
def test_class_and_confidence_are_the_softmax_of_each_cell(widths):
    setup = make_setup(widths)
    view = NumpyView(setup)
    seen = BoundaryProbe(setup).look(view, first=True)
    probabilities = softmax(view.predict(grid_of(seen["data.extent"])).astype(float), axis=1)
    winner = probabilities.argmax(axis=1).reshape(100, 100)
    np.testing.assert_array_less(np.abs(seen["boundary.confidence"].ravel() - probabilities.max(1) * 255), 0.51)
    assert (seen["boundary.class"] == winner).mean() > 0.999


def test_row_0_is_the_bottom_and_column_0_the_left():
    setup = make_setup((2, 2))
    to_the_upper_right = [np.array([[1, 0.1], [-1, -0.1]], np.float32)]
    seen = BoundaryProbe(setup).look(NumpyView(setup, to_the_upper_right), first=False)
    assert (seen["boundary.class"][:, 0] == 1).all()
    assert (seen["boundary.class"][:, -1] == 0).all()
    upward = [np.array([[0, 1], [0, -1]], np.float32)]
    seen = BoundaryProbe(setup).look(NumpyView(setup, upward), first=False)
    assert (seen["boundary.class"][0] == 1).all()
    assert (seen["boundary.class"][-1] == 0).all()


def test_data_extent_and_far_cells():
    setup = make_setup((2, 3, 2), n=80, n_test=30)
    seen = BoundaryProbe(setup).look(NumpyView(setup), first=True)
    low, high = setup.x_train.min(axis=0), setup.x_train.max(axis=0)
    margin = 0.12 * (high - low)
    expected = [low[0] - margin[0], high[0] + margin[0], low[1] - margin[1], high[1] + margin[1]]
    np.testing.assert_allclose(seen["data.extent"], expected, rtol=1e-6)
    nearest = cdist(grid_of(seen["data.extent"]), setup.x_train).min(axis=1).reshape(100, 100)
    reach = 0.1 * (high - low).max()
    sure = np.abs(nearest - reach) > 1e-5
    np.testing.assert_array_equal(seen["data.far"][sure], (nearest > reach)[sure])
    assert 0 < seen["data.far"].mean() < 1
    np.testing.assert_array_equal(seen["data.x"], setup.x_train)
    np.testing.assert_array_equal(seen["data.y_test"], setup.y_test)


def test_only_frame_0_carries_the_data():
    setup = make_setup()
    assert set(BoundaryProbe(setup).look(NumpyView(setup), first=False)) == {"boundary.class", "boundary.confidence"}


def test_cells_without_a_number_have_no_confidence():
    setup = make_setup((2, 2))
    seen = BoundaryProbe(setup).look(NumpyView(setup, [np.array([[3e38, 3e38], [-3e38, 1]], np.float32)]), first=False)
    unknown = seen["boundary.confidence"] == 0
    assert 0 < unknown.mean() < 1
    assert (seen["boundary.class"][unknown] == 0).all()
    assert (seen["boundary.confidence"][~unknown] >= 127).all()
