"""Which points are shown: at most so many, all classes alike; and the part of the plane around them."""

import numpy as np
import pytest

from nnprobe_core.datasets.shown import SHOWN, extent, shown_points


@pytest.mark.parametrize(("classes", "each"), [(2, 500), (2, 501), (3, 700), (6, 3333)])
def test_at_most_a_thousand_and_all_classes_alike(classes, each):
    y = np.random.default_rng(0).permutation(np.repeat(np.arange(classes), each))
    shown = shown_points(y, classes)
    assert len(shown) <= SHOWN
    assert (np.diff(shown) > 0).all()
    counts = np.bincount(y[shown], minlength=classes)
    assert counts.tolist() == [min(each, SHOWN // classes)] * classes


def test_few_points_are_all_shown_and_many_from_end_to_end():
    assert shown_points(np.zeros(7), 2).tolist() == list(range(7))
    shown = shown_points(np.zeros(5000, int), 1)
    assert (shown[0], shown[-1]) == (0, 4995)
    assert set(np.diff(shown)) == {5}


def test_the_extent_has_a_margin_of_twelve_percent_on_each_side():
    x = np.array([[-1, 10], [1, 10], [0, 10]], np.float32)
    np.testing.assert_allclose(extent(x), [-1.24, 1.24, 9.88, 10.12], rtol=1e-6)  # no range: that of one
    assert extent(x).dtype == np.float32
