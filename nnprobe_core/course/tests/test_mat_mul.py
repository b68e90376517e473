from __future__ import annotations

from nnprobe_core.autograd.math_fns import MatMul
from nnprobe_core.course.tests.differences import check_backward, numbers


def test_two_matrices() -> None:
    check_backward(MatMul, numbers(2, 3), numbers(3, 4, seed=2))


def test_stacks_of_matrices() -> None:
    check_backward(MatMul, numbers(2, 2, 3), numbers(3, 2, seed=2))
    check_backward(MatMul, numbers(2, 1, 2, 3), numbers(3, 3, 2, seed=2))


def test_vectors() -> None:
    check_backward(MatMul, numbers(3), numbers(3, seed=2))
    check_backward(MatMul, numbers(3), numbers(3, 2, seed=2))
    check_backward(MatMul, numbers(2, 3), numbers(3, seed=2))
