from __future__ import annotations

from nnprobe_core.autograd.math_fns import Sigmoid
from nnprobe_core.course.tests.differences import check_backward, numbers


def test_a_matrix() -> None:
    check_backward(Sigmoid, 3 * numbers(2, 3))


def test_a_number() -> None:
    check_backward(Sigmoid, 0.7)
