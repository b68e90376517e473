"""Evenly chosen indices: how many, how far apart, and with or without the last."""

import numpy as np
import pytest

from nnprobe_core.maths.evenly import evenly


@pytest.mark.parametrize("ends", [False, True])
@pytest.mark.parametrize(("n", "most"), [(10, 3), (1000, 7), (7, 6), (2000, 1000), (5, 2)])
def test_as_many_as_asked_for_with_gaps_that_differ_by_one_at_most(n, most, ends):
    found = evenly(n, most, ends=ends)
    assert len(found) == most
    gaps = np.diff(found)
    assert gaps.min() >= 1
    assert np.ptp(gaps) <= 1
    assert found[0] == 0
    assert found[-1] == (n - 1 if ends else (most - 1) * n // most)


@pytest.mark.parametrize(("n", "most"), [(5, 5), (5, 9), (0, 3), (4, None)])
def test_few_enough_are_all_chosen(n, most):
    assert evenly(n, most).tolist() == evenly(n, most, ends=True).tolist() == list(range(n))


def test_both_ways_as_films_have_them():
    assert evenly(10, 4).tolist() == [0, 2, 5, 7]
    assert evenly(10, 4, ends=True).tolist() == [0, 3, 6, 9]
    assert evenly(6, 3, ends=True).tolist() == [0, 2, 5]  # 2.5 is rounded to even
