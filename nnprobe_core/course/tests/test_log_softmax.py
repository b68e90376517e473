from __future__ import annotations

from nnprobe_core.autograd.math_fns import LogSoftmax
from nnprobe_core.course.tests.differences import check_backward, numbers


def test_rows() -> None:
    check_backward(LogSoftmax, numbers(3, 4))


def test_another_axis() -> None:
    check_backward(LogSoftmax, numbers(3, 4), axis=0)
