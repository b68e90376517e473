"""Layers by hooks: against layers called by hand, and nothing left behind."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from nnprobe_core.errors import ConfigError
from nnprobe_core.models.networks import CNN
from nnprobe_core.separation.hooks import layer_names, layer_outputs

X = torch.randn(7, 1, 8, 8, generator=torch.Generator().manual_seed(0))


def hooks_of(module: nn.Module) -> int:
    return sum(len(item._forward_hooks) + len(item._forward_pre_hooks) for item in module.modules())


class Reused(nn.Module):
    """Layers called in another order than declared, one of them twice, one in place, and one never."""

    def __init__(self):
        super().__init__()
        self.last = nn.Linear(5, 3)
        self.first = nn.Linear(64, 5)
        self.relu = nn.ReLU(inplace=True)
        self.spare = nn.Linear(2, 2)

    def forward(self, x):
        return self.relu(self.last(self.relu(self.first(x.flatten(1)))))


def test_every_layer_of_a_cnn_as_called_by_hand():
    net = CNN()
    found = layer_outputs(net, X, batch_size=3)
    h, expected = X, {}
    with torch.no_grad():
        for name, layer in net.named_children():
            h = layer(h)
            expected[name] = h.flatten(1).numpy()
    assert list(found) == [name for name in expected if name != "flatten"]
    for name, output in found.items():
        np.testing.assert_allclose(output, expected[name], atol=1e-6)
        assert output.dtype == np.float32


def test_calls_are_in_their_order_a_second_one_is_kept_and_in_place_changes_nothing():
    net = Reused()
    found = layer_outputs(net, X)
    assert list(found) == ["first", "relu", "last", "relu:2"]
    with torch.no_grad():
        first = net.first(X.flatten(1))
        second = net.last(functional.relu(first))
    np.testing.assert_allclose(found["first"], first.numpy(), atol=1e-6)
    assert (found["first"] < 0).any()  # the in-place ReLU after it did not reach it
    np.testing.assert_allclose(found["relu"], first.clamp(min=0).numpy(), atol=1e-6)
    np.testing.assert_allclose(found["last"], second.numpy(), atol=1e-6)
    np.testing.assert_allclose(found["relu:2"], second.clamp(min=0).numpy(), atol=1e-6)


def test_chosen_layers_containers_and_the_module_itself():
    net = nn.Sequential(nn.Flatten(), nn.Sequential(nn.Linear(64, 4), nn.Tanh()), nn.Linear(4, 2))
    assert layer_names(net) == ("1.0", "1.1", "2")
    found = layer_outputs(net, X, ["output", "1"])
    assert list(found) == ["1", "output"]
    np.testing.assert_allclose(found["output"], net(X).detach().numpy(), atol=1e-6)
    alone = nn.Linear(3, 2)
    assert layer_names(alone) == ("output",)
    assert layer_outputs(alone, torch.ones(2, 3))["output"].shape == (2, 2)


class Tuples(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(8, 6, batch_first=True)
        self.head = nn.Linear(6, 2)

    def forward(self, x):
        out, _ = self.lstm(x[:, 0])
        return {"logits": self.head(out[:, -1])}


def test_tuples_and_dictionaries_give_their_first_tensor_of_a_row_per_input():
    net = Tuples()
    found = layer_outputs(net, X, ["lstm", "output"])
    out, _ = net.lstm(X[:, 0])
    np.testing.assert_allclose(found["lstm"], out.detach().flatten(1).numpy(), atol=1e-6)
    np.testing.assert_allclose(found["output"], net(X)["logits"].detach().numpy(), atol=1e-6)


class Failing(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner, self.drop = nn.Linear(64, 2), nn.Dropout()

    def forward(self, x):
        self.inner(x.flatten(1))
        raise RuntimeError("out of luck")


def test_no_hook_and_no_mode_survives_success_or_failure():
    failing, net = Failing(), nn.Sequential(nn.Flatten(), nn.BatchNorm1d(64), nn.Dropout(), nn.Linear(64, 2))
    failing.train()
    failing.drop.eval()
    net.train()
    net[1].eval()
    modes = [[item.training for item in module.modules()] for module in (failing, net)]
    with pytest.raises(RuntimeError, match="out of luck"):
        layer_outputs(failing, X)
    state = {name: value.clone() for name, value in net.state_dict().items()}
    layer_outputs(net, X)
    assert [[item.training for item in module.modules()] for module in (failing, net)] == modes
    assert hooks_of(failing) == hooks_of(net) == 0
    assert all(torch.equal(value, state[name]) for name, value in net.state_dict().items())
    assert torch.is_grad_enabled()


def test_a_hook_of_the_users_own_stays():
    net = nn.Sequential(nn.Flatten(), nn.Linear(64, 2))
    seen = []
    net[1].register_forward_hook(lambda *_: seen.append(1))
    layer_outputs(net, X, batch_size=4)
    assert hooks_of(net) == 1
    assert len(seen) == 2


def test_eval_mode_makes_dropout_and_batches_matter_not():
    net = nn.Sequential(nn.Flatten(), nn.Dropout(0.9), nn.Linear(64, 3), nn.BatchNorm1d(3)).train()
    one, many = (layer_outputs(net, X, batch_size=size) for size in (100, 2))
    for name, output in one.items():
        np.testing.assert_allclose(output, many[name], atol=1e-6)


def test_inputs_take_the_modules_type():
    net = nn.Sequential(nn.Flatten(), nn.Linear(64, 2)).double()
    found = layer_outputs(net, X.numpy())
    np.testing.assert_allclose(found["1"], net(X.double()).detach().numpy(), atol=1e-6)


class Fickle(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(64, 2), nn.Linear(64, 2)

    def forward(self, x):
        return (self.a if len(x) > 1 else self.b)(x.flatten(1))


@pytest.mark.parametrize(
    ("module", "layers", "sentence"),
    [
        (CNN(), ["conv9"], "layers must be among .*conv1.*got 'conv9'"),
        (Reused(), ["spare"], "layers must be called, and put out a tensor .*spare"),
        (Fickle(), None, "called alike for every batch"),
    ],
)
def test_what_cannot_be_seen_is_a_sentence(module, layers, sentence):
    with pytest.raises(ConfigError, match=sentence):
        layer_outputs(module, X, layers, batch_size=3)
    assert hooks_of(module) == 0


def test_no_inputs_are_refused():
    with pytest.raises(ConfigError, match="x must be at least one input"):
        layer_outputs(CNN(), X[:0])
