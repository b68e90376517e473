from __future__ import annotations

from nnprobe_core.autograd.math_fns import ReLU
from nnprobe_core.course.tests.differences import check_backward, numbers


def test_above_and_below() -> None:
    check_backward(ReLU, numbers(3, 4))


def test_half_of_it_passes_at_zero() -> None:
    check_backward(ReLU, [-1.0, 0.0, 2.0])
