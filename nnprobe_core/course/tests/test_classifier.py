from __future__ import annotations

import numpy as np

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.testing import assert_almost_equal, seeded_random
from nnprobe_core.autograd.toy_mlp import BinaryMLPClassifier


def made() -> BinaryMLPClassifier:
    with seeded_random(0):
        return BinaryMLPClassifier(2, (3, 4))


def test_it_is_its_layers() -> None:
    model, x = made(), np.arange(10.0).reshape(5, 2) - 4
    hidden = x
    for layer in model.layers[:-1]:
        hidden = np.maximum(hidden @ layer.weight.data + layer.bias.data, 0)
    last = model.layers[-1]
    logits = model(Tensor(x))
    assert logits.shape == (5,), f"one logit a point, (5,), got {logits.shape}"
    assert_almost_equal(logits, (hidden @ last.weight.data + last.bias.data)[:, 0])


def test_the_graph_grows() -> None:
    result = made()(Tensor(np.ones((2, 2))))
    assert result.grad_fn is not None, "the logits have no grad_fn: the model worked with data instead of tensors"
