"""The flat parameter vector, against the network that trains on it and against torch's own layers."""

import numpy as np
import pytest
import torch

from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError
from nnprobe_core.models.layout import flatten, matrices, shapes, size
from nnprobe_core.training.network import Perceptron

CONFIG = RunConfig(hidden=(5, 3), arms=4, n_train=20, n_test=20)


def test_matrices_are_those_of_the_network_that_trains():
    network = Perceptron(CONFIG)
    layers = matrices(network.widths, network.snapshot())
    assert [weight.shape for weight, _ in layers] == shapes(network.widths) == [(5, 2), (3, 5), (4, 3)]
    for (weight, _), expected in zip(layers, network.weights(), strict=True):
        np.testing.assert_array_equal(weight, expected)
    linear = [torch.nn.Linear(weight.shape[1], weight.shape[0]) for weight, _ in layers]
    with torch.no_grad():
        for layer, (weight, bias) in zip(linear, layers, strict=True):
            layer.weight.copy_(torch.from_numpy(weight))
            layer.bias.copy_(torch.from_numpy(bias))
        x = np.random.default_rng(0).normal(size=(7, 2)).astype(np.float32)
        first, second, third = linear
        logits = third(torch.tanh(second(torch.tanh(first(torch.from_numpy(x))))))
    np.testing.assert_allclose(network.logits(x), logits.numpy(), atol=1e-6)


def test_there_and_back():
    flat = np.arange(2 * size((2, 3, 2)), dtype=np.float32).reshape(2, -1)
    layers = matrices((2, 3, 2), flat)
    assert [(weight.shape, bias.shape) for weight, bias in layers] == [((2, 3, 2), (2, 3)), ((2, 2, 3), (2, 2))]
    for index in range(2):
        np.testing.assert_array_equal(flatten([(weight[index], bias[index]) for weight, bias in layers]), flat[index])
    layers[0][0][:] = -1
    assert flat.min() == 0  # they were copies


def test_a_vector_of_another_network_is_refused():
    with pytest.raises(ConfigError, match=r"flat must be of 17 numbers .* for a network 2-3-2, got \(16,\)"):
        matrices((2, 3, 2), np.zeros(16))
