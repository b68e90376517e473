from __future__ import annotations

import numpy as np

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.mdl import Linear
from nnprobe_core.autograd.testing import assert_almost_equal, seeded_random


def layer(activation: str) -> Linear:
    with seeded_random(0):
        return Linear(3, 2, activation)


def test_without_an_activation() -> None:
    linear, x = layer("none"), np.arange(6.0).reshape(2, 3)
    assert_almost_equal(linear(Tensor(x)), x @ linear.weight.data + linear.bias.data)


def test_with_an_activation() -> None:
    linear, x = layer("tanh"), np.arange(6.0).reshape(2, 3)
    assert_almost_equal(linear(Tensor(x)), np.tanh(x @ linear.weight.data + linear.bias.data))


def test_the_graph_grows() -> None:
    result = layer("relu")(Tensor(np.ones((2, 3))))
    assert result.grad_fn is not None, "the result has no grad_fn: the layer worked with data instead of tensors"
