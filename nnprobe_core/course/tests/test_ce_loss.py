from __future__ import annotations

import math

import numpy as np

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.mdl import CELoss
from nnprobe_core.autograd.testing import assert_almost_equal

LOGITS = np.log([[1.0, 2.0, 1.0], [5.0, 1.0, 4.0]])  # the probabilities are these over 4 and over 10
EXPECTED = [-math.log(2 / 4), -math.log(4 / 10)]


def test_probabilities() -> None:
    target = Tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert_almost_equal(CELoss(reduce=False)(Tensor(LOGITS), target), EXPECTED)
    assert_almost_equal(CELoss()(Tensor(LOGITS), target), np.mean(EXPECTED))


def test_class_numbers() -> None:
    assert_almost_equal(CELoss(reduce=False)(Tensor(LOGITS), Tensor([1.0, 2.0])), EXPECTED)


def test_logits_of_any_size() -> None:
    assert_almost_equal(CELoss()(Tensor([[1000.0, 0.0]]), Tensor([0.0])), 0.0)
    assert_almost_equal(CELoss()(Tensor([[0.0, 1000.0]]), Tensor([0.0])), 1000.0)


def test_the_graph_grows() -> None:
    result = CELoss()(Tensor(LOGITS, requires_grad=True), Tensor([1.0, 2.0]))
    assert result.grad_fn is not None, "the loss has no grad_fn: it worked with data instead of tensors"
