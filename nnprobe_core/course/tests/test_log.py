from __future__ import annotations

from nnprobe_core.autograd.math_fns import Log
from nnprobe_core.course.tests.differences import check_backward, numbers


def test_a_matrix() -> None:
    check_backward(Log, numbers(2, 3) ** 2 + 0.1)


def test_a_number() -> None:
    check_backward(Log, 0.7)
