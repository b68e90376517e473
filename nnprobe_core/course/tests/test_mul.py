from __future__ import annotations

from nnprobe_core.autograd.math_fns import Mul
from nnprobe_core.course.tests.differences import check_backward, numbers


def test_arrays_of_one_shape() -> None:
    check_backward(Mul, numbers(2, 3), numbers(2, 3, seed=2))


def test_broadcasting() -> None:
    check_backward(Mul, numbers(2, 3), numbers(3, seed=2))
    check_backward(Mul, numbers(2, 1), numbers(3, seed=2))
