"""Layers and losses beside PyTorch's."""

import numpy as np
import pytest
import torch

from nnprobe_core.autograd import Tensor, mdl
from nnprobe_core.autograd import tensor_fns as F
from nnprobe_core.autograd.testing import assert_almost_equal, seeded_random

ACTIVATIONS = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": torch.nn.functional.leaky_relu,
    "sigmoid": torch.sigmoid,
    "gelu": torch.nn.functional.gelu,
    "silu": torch.nn.functional.silu,
    "sine": torch.sin,
    "identity": lambda x: x,
    "none": lambda x: x,
}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_linear_layer_is_torchs(activation):
    rng = np.random.default_rng(0)
    layer = mdl.Linear(5, 3, activation, rng=rng)
    x = rng.normal(size=(7, 5)).astype(np.float32)
    weight, bias = (torch.tensor(parameter.data, requires_grad=True) for parameter in layer.parameters())
    expected = ACTIVATIONS[activation](torch.tensor(x) @ weight + bias)
    expected.sum().backward()
    result = layer(Tensor(x))
    result.backward()
    assert result.data.dtype == np.float32
    assert_almost_equal(result, expected.detach().numpy(), decimal=5)
    assert_almost_equal(layer.weight.grad, weight.grad.numpy(), decimal=5)
    assert_almost_equal(layer.bias.grad, bias.grad.numpy(), decimal=5)


def test_first_weights_are_uniform_within_the_bound():
    with seeded_random(3):
        layer, again = mdl.Linear(100, 200), None
    with seeded_random(3):
        again = mdl.Linear(100, 200)
    assert (layer.weight.shape, layer.bias.shape) == ((100, 200), (1, 200))
    assert (layer.weight.data == again.weight.data).all()
    for parameter in layer.parameters():
        assert np.abs(parameter.data).max() <= 0.1
        assert parameter.data.std() == pytest.approx(0.1 / np.sqrt(3), rel=0.1)
    with pytest.raises(ValueError, match=r"activation_fn must be one of tanh, relu, .*, got 'bent'"):
        mdl.Linear(1, 1, "bent")


def test_parameters_are_found_wherever_they_are():
    class Net(mdl.Module):
        def __init__(self):
            self.layers = [mdl.Linear(2, 3), (mdl.Linear(3, 3),)]
            self.heads = {"class": mdl.Linear(3, 1)}
            self.tied = self.layers[0]
            self.layers[0].parent = self  # a circle
            self.scale, self.constant, self.name = Tensor(1, requires_grad=True), Tensor(1), "net"

    net = Net()
    names = [name for name, _ in net.named_parameters()]
    assert names == [
        *("layers.0.weight", "layers.0.bias", "layers.1.0.weight", "layers.1.0.bias"),
        *("heads.class.weight", "heads.class.bias", "scale"),
    ]
    assert len(net.parameters()) == 7
    F.reduce(net.heads["class"](Tensor(np.ones((1, 3))))).backward()
    net.zero_grad()
    assert not net.heads["class"].weight.grad.data.any()
    with pytest.raises(NotImplementedError, match="Net has no forward yet"):
        net(Tensor(1))


def test_dropout_keeps_the_expected_output_and_stops_with_eval():
    net = mdl.Sequential(mdl.Dropout(0.25, rng=np.random.default_rng(0)))
    x = Tensor(np.ones(100_000), requires_grad=True)
    out = net(x)
    assert set(np.unique(out.data)) == {np.float32(0), np.float32(1 / 0.75)}
    assert out.data.mean() == pytest.approx(1, abs=0.01)
    out.backward()
    assert (x.grad.data == out.data).all()
    assert net.eval()(x) is x
    assert (net.train()(x).data == 0).any()
    with pytest.raises(ValueError, match="p must be at least 0 and below 1, got 1"):
        mdl.Dropout(1)


@pytest.mark.parametrize("reduce", [True, False])
def test_binary_cross_entropy_is_torchs(reduce):
    logits, target = np.array([-60, -3, 0.5, 2, 49, 60]), np.array([0, 1, 0.25, 1, 0, 1])
    x = Tensor(logits, requires_grad=True)
    other = torch.tensor(logits, requires_grad=True)
    loss = mdl.BCELoss(reduce=reduce)(x, Tensor(target))
    expected = torch.nn.functional.binary_cross_entropy_with_logits(
        other, torch.tensor(target), reduction="mean" if reduce else "none"
    )
    loss.backward()
    expected.sum().backward()
    assert loss.shape == (() if reduce else (6,))
    assert_almost_equal(loss, expected.detach().numpy(), decimal=5)
    assert_almost_equal(x.grad, other.grad.numpy(), decimal=6)


def test_logits_are_clipped_to_fifty():
    loss = mdl.BCELoss(reduce=False)(Tensor([1000, -1000]), Tensor([0, 1]))
    assert loss.data.tolist() == [50, 50]


def test_a_column_of_logits_against_a_row_of_targets_is_refused():
    with pytest.raises(ValueError, match=r"target must be of the logits' shape \(4, 1\), got \(4,\)"):
        mdl.BCELoss()(Tensor(np.zeros((4, 1))), Tensor(np.zeros(4)))


@pytest.mark.parametrize("reduce", [True, False])
def test_cross_entropy_is_torchs_for_classes_and_one_hot(reduce):
    logits = np.random.default_rng(0).normal(size=(5, 4)) * 30
    classes = np.array([0, 3, 1, 1, 2])
    other = torch.tensor(logits, requires_grad=True)
    expected = torch.nn.functional.cross_entropy(other, torch.tensor(classes), reduction="mean" if reduce else "none")
    expected.sum().backward()
    for target in (classes, np.eye(4)[classes]):
        x = Tensor(logits, requires_grad=True)
        loss = mdl.CELoss(reduce=reduce)(x, Tensor(target))
        loss.backward()
        assert_almost_equal(loss, expected.detach().numpy())
        assert_almost_equal(x.grad, other.grad.numpy(), decimal=5)


def test_a_class_that_is_none_is_named():
    with pytest.raises(ValueError, match="target must hold class numbers from 0 to 2, got 3"):
        mdl.CELoss()(Tensor(np.zeros((2, 3))), Tensor([0, 3]))
    with pytest.raises(ValueError, match=r"or \(2,\) class numbers, got \(3,\)"):
        mdl.CELoss()(Tensor(np.zeros((2, 3))), Tensor([0, 1, 2]))


def test_softmax_and_names():
    x = np.random.default_rng(0).normal(size=(3, 4))
    assert_almost_equal(mdl.Softmax()(Tensor(x)), torch.softmax(torch.tensor(x), -1).numpy(), decimal=6)
    assert str(mdl.Sequential(mdl.Linear(2, 3), mdl.Dropout(0.5))) == (
        "Sequential(\n  Linear(2, 3, activation_fn='relu'),\n  Dropout(0.5),\n)"
    )
