from __future__ import annotations

import numpy as np

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.math_fns import Softmax
from nnprobe_core.autograd.testing import assert_almost_equal
from nnprobe_core.course.tests.differences import check_backward, numbers


def test_probabilities() -> None:
    logits = np.log([[1.0, 2.0, 1.0], [5.0, 1.0, 4.0]])
    expected = [[0.25, 0.5, 0.25], [0.5, 0.1, 0.4]]
    assert_almost_equal(Tensor(Softmax(Tensor(logits)).forward()), expected)


def test_another_axis() -> None:
    columns = Softmax(Tensor(numbers(3, 4)), axis=0).forward().sum(axis=0)
    assert_almost_equal(Tensor(columns), np.ones(4))


def test_logits_of_any_size() -> None:
    with np.errstate(over="raise", invalid="raise"):
        found = Softmax(Tensor([[1000.0, 0.0], [-1000.0, -1000.0]])).forward()
    assert_almost_equal(Tensor(found), [[1.0, 0.0], [0.5, 0.5]])


def test_the_backward_finds_what_it_needs() -> None:
    check_backward(Softmax, numbers(2, 3))
