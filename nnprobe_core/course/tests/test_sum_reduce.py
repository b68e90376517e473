from __future__ import annotations

from nnprobe_core.autograd.math_fns import SumReduce
from nnprobe_core.course.tests.differences import check_backward, numbers


def test_all_of_it() -> None:
    check_backward(SumReduce, numbers(2, 3))


def test_one_axis() -> None:
    check_backward(SumReduce, numbers(2, 3), axis=0)
    check_backward(SumReduce, numbers(2, 3), axis=-1)


def test_several_axes() -> None:
    check_backward(SumReduce, numbers(2, 3, 2), axis=(0, -1))


def test_axes_that_are_kept() -> None:
    check_backward(SumReduce, numbers(2, 3), axis=1, keepdims=True)
