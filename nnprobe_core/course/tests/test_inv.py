from __future__ import annotations

from nnprobe_core.autograd.math_fns import Inv
from nnprobe_core.course.tests.differences import check_backward, numbers


def test_a_matrix() -> None:
    check_backward(Inv, numbers(2, 3) + 3)


def test_a_number() -> None:
    check_backward(Inv, 0.7)
