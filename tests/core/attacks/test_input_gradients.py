"""The gradient at the input, in NumPy and through torch modules, against torch.autograd."""

import numpy as np
import pytest
import torch
from nets import Plane, autograd, pictures, plane
from torch import nn

from nnprobe_core.attacks.torch_classifier import TorchClassifier
from nnprobe_core.errors import ConfigError
from nnprobe_core.models.mlp import Mlp
from nnprobe_core.registry import ACTIVATIONS


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("widths", [(2, 16, 16, 3), (2, 2), (5, 4, 3, 2)])
def test_a_numpy_network_is_the_torch_one(activation, widths):
    module = Plane(activation, widths, torch.float64)
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(50, widths[0])), rng.integers(widths[-1], size=50)
    network = module.numpy()
    with torch.no_grad():
        np.testing.assert_allclose(network.logits(x), module(torch.from_numpy(x)).numpy(), atol=1e-12)
    np.testing.assert_allclose(network.input_gradient(x, y), autograd(module, x, y), atol=1e-12)
    assert [layer.shape for layer in network.layers(x)] == [(50, width) for width in widths]


def test_a_module_in_the_plane_and_one_for_pictures():
    module, (x, y) = Plane("gelu"), plane()
    gradient = TorchClassifier(module, batch_size=7).input_gradient(x, y)
    np.testing.assert_allclose(gradient, autograd(module, x, y), atol=1e-6)
    np.testing.assert_allclose(gradient, module.numpy().input_gradient(x, y), atol=1e-6)
    cnn, x, y = pictures()
    classifier = TorchClassifier(cnn, batch_size=16)
    np.testing.assert_allclose(classifier.input_gradient(x, y), autograd(cnn, x, y), atol=1e-6)
    with torch.no_grad():
        np.testing.assert_allclose(classifier.logits(x), cnn(torch.from_numpy(x)).numpy(), atol=1e-6)


def test_certainty_does_not_hide_the_gradient():
    """Where 1 − p is 0 in float32, and where p of the other class is: the direction is still that of float64."""
    x, _ = plane(classes=2)
    for factor in (100, 1000):
        loud = Plane("tanh", (2, 8, 2))
        with torch.no_grad():
            loud.linear[-1].weight *= factor
            loud.linear[-1].bias *= factor
        y = loud.numpy().logits(x).argmax(axis=1)  # what the network is sure of
        truth = loud.numpy().input_gradient(x, y)
        assert (truth != 0).all()
        np.testing.assert_array_equal(np.sign(TorchClassifier(loud).input_gradient(x, y)), np.sign(truth))


def test_a_module_is_left_as_it_was():
    module = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.Dropout(), nn.Linear(8, 3))
    module[1].eval()  # as a user may who has frozen one part
    before = {name: value.clone() for name, value in module.state_dict().items()}
    state, (x, y) = torch.get_rng_state(), plane()
    first = TorchClassifier(module).input_gradient(x, y)
    np.testing.assert_array_equal(first, TorchClassifier(module).input_gradient(x, y))
    assert [item.training for item in module] == [True, False, True, True]
    assert all(parameter.grad is None for parameter in module.parameters())
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    assert torch.equal(state, torch.get_rng_state())


def test_matrices_that_do_not_follow_one_another():
    with pytest.raises(ConfigError, match="follow one another"):
        Mlp([(np.ones((3, 2)), np.ones(3)), (np.ones((2, 4)), np.ones(2))], "tanh")
