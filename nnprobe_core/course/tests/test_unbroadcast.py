from __future__ import annotations

import numpy as np

from nnprobe_core.autograd.math_fns import unbroadcast


def test_what_was_not_stretched_stays() -> None:
    grad = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(unbroadcast(grad, (2, 3)), grad)


def test_axes_that_were_put_in_front_are_summed_away() -> None:
    grad = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(unbroadcast(grad, (3,)), [3, 5, 7]), unbroadcast(grad, (3,))
    assert np.array_equal(unbroadcast(grad, ()), 15), unbroadcast(grad, ())


def test_an_axis_of_length_one_keeps_its_place() -> None:
    grad = np.arange(6.0).reshape(2, 3)
    assert np.array_equal(unbroadcast(grad, (2, 1)), [[3], [12]]), unbroadcast(grad, (2, 1))
    assert np.array_equal(unbroadcast(np.ones((4, 2, 3)), (1, 3)), [[8, 8, 8]])
