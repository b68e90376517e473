from __future__ import annotations

import math

import numpy as np

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.mdl import BCELoss
from nnprobe_core.autograd.testing import assert_almost_equal

LOGITS, TARGET = np.log([3.0, 1.0, 0.25]), [1.0, 0.0, 0.0]  # probabilities of class 1: 3/4, 1/2, 1/5
EXPECTED = [-math.log(3 / 4), -math.log(1 / 2), -math.log(4 / 5)]


def test_logits_and_targets() -> None:
    assert_almost_equal(BCELoss(reduce=False)(Tensor(LOGITS), Tensor(TARGET)), EXPECTED)
    assert_almost_equal(BCELoss()(Tensor(LOGITS), Tensor(TARGET)), np.mean(EXPECTED))


def test_targets_between_the_classes() -> None:
    loss = BCELoss()(Tensor([0.0]), Tensor([0.3]))
    assert_almost_equal(loss, math.log(2))


def test_logits_of_any_size() -> None:
    found = BCELoss(reduce=False)(Tensor([30.0, 1000.0, -1000.0]), Tensor([0.0, 0.0, 0.0]))
    assert_almost_equal(found, [30.0, 50.0, 0.0])


def test_shapes_that_would_broadcast_are_refused() -> None:
    try:
        BCELoss()(Tensor([1.0, 2.0]), Tensor([[1.0], [0.0]]))
    except ValueError:
        return
    raise AssertionError("logits (2,) and a target (2, 1) make a table of four losses: raise ValueError")


def test_the_graph_grows() -> None:
    result = BCELoss()(Tensor(LOGITS, requires_grad=True), Tensor(TARGET))
    assert result.grad_fn is not None, "the loss has no grad_fn: it worked with data instead of tensors"
