"""Any nn.Module through the same trainer: as the kernel where it is the same network, and tidy whatever happens."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import CHECKPOINTS, FILM, TRACKS, encode
from nnprobe_core.models.initialisation import draw
from nnprobe_core.registry import INITIALISATIONS, load
from nnprobe_core.training.trainer import Trainer, train

CONFIG = RunConfig(hidden=(8, 5), n_train=50, n_test=40, batch_size=32, steps=60, frames=12)


def twin(config):
    """The config's own network as a module, with its first weights."""
    layers, _ = draw(load(INITIALISATIONS, config.init, "init"), config.widths, config.seed_init, config.init_gain)
    parts = []
    for weight, bias in layers:
        linear = nn.Linear(weight.shape[1], weight.shape[0])
        with torch.no_grad():
            linear.weight.copy_(weight)
            linear.bias.copy_(bias)
        parts += [linear, nn.Tanh()]
    return nn.Sequential(*parts[:-1])


class Odd(nn.Module):
    """Batch norm, dropout, a function for an activation, a skip, a frozen layer, convolutions over two features."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 6)
        self.norm = nn.BatchNorm1d(6)
        self.drop = nn.Dropout(0.2)
        self.frozen = nn.Linear(6, 6).requires_grad_(False)
        self.conv = nn.Conv1d(1, 2, 3, padding=1)
        self.last = nn.Linear(12, 2)

    def forward(self, x):
        h = self.drop(torch.relu(self.norm(self.first(x))))
        h = h + torch.sin(self.frozen(h))
        return self.last(self.conv(h[:, None]).flatten(1))


def odd():
    torch.manual_seed(1)
    return Odd()


def test_the_configs_own_network_trains_as_in_the_kernel():
    ours = [frame for frame in train(CONFIG) if frame.track == FILM]
    module = twin(CONFIG)
    theirs = [frame for frame in train(CONFIG, module=module) if frame.track == FILM]
    for one, two in zip(ours, theirs, strict=True):
        assert set(one.arrays) == set(two.arrays)
        np.testing.assert_allclose(one.arrays["series.loss"], two.arrays["series.loss"], atol=2e-2)
        np.testing.assert_allclose(one.arrays["series.gradients"], two.arrays["series.gradients"], rtol=0.2, atol=1e-2)
    np.testing.assert_allclose(ours[0].arrays["series.gradients"], theirs[0].arrays["series.gradients"], rtol=1e-4)
    assert ours[0].arrays["data.widths"].tolist() == theirs[0].arrays["data.widths"].tolist()


def test_an_odd_module_is_deterministic_and_goes_on_from_a_checkpoint():
    config = replace(CONFIG, frames=45)
    complete = list(train(config, module=odd(), tracks=TRACKS))
    torch.manual_seed(99)
    module = Odd()
    module.load_state_dict(odd().state_dict())
    before = torch.get_rng_state()
    again = train(config, module=module, tracks=TRACKS)
    assert [encode(frame) for frame in again] == [encode(frame) for frame in complete]
    assert torch.equal(before, torch.get_rng_state())
    place = next(index for index, frame in enumerate(complete) if frame.track == CHECKPOINTS)
    rest = Trainer(config, checkpoints=[complete[place]], module=odd())
    assert [encode(frame) for frame in rest.frames()] == [encode(frame) for frame in complete[place + 1 :]]


def test_its_layers_are_what_its_weighted_parts_are_given():
    network = Trainer(CONFIG, module=odd())._network
    assert network.widths == (2, 6, 6, 12, 2)
    assert network.weight_shapes == ((6, 2), (6, 6), (2, 3), (2, 12))
    x = np.random.default_rng(0).normal(size=(30, 2)).astype(np.float32)
    layers = network.layers(x)
    assert [layer.shape for layer in layers] == [(30, 2), (30, 6), (30, 6), (30, 12), (30, 2)]
    np.testing.assert_allclose(network.logits(x), layers[-1], atol=1e-6)
    gradients, signals = network.sensitivities(x, np.arange(30) % 2)
    assert [gradient.shape for gradient in gradients] == list(network.weight_shapes)
    assert np.abs(gradients[1]).max() == 0  # frozen
    assert len(signals) == 4
    assert all(signal > 0 for signal in signals)


def test_the_module_is_given_back_trained_and_tidy():
    module = odd().eval()
    frozen = module.frozen.weight.clone()
    start = {name: value.clone() for name, value in module.state_dict().items()}
    list(train(CONFIG, module=module))
    assert not module.training
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in module.modules())
    assert all(value.grad is None for value in module.parameters())
    storages = {value.untyped_storage().data_ptr() for value in module.parameters()}
    assert len(storages) == len(list(module.parameters()))
    assert torch.equal(frozen, module.frozen.weight)
    assert not torch.equal(start["last.weight"], module.last.weight)


class Fails(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.calls = nn.Linear(2, 2), 0

    def forward(self, x):
        self.calls += 1
        if self.calls > 20:
            raise RuntimeError("no more")
        return self.linear(x)


def test_no_hook_stays_after_a_failure():
    module = Fails()
    with pytest.raises(RuntimeError, match="no more"):
        list(train(CONFIG, module=module))
    assert not module.linear._forward_pre_hooks
    assert module.linear.weight.grad is None


@pytest.mark.parametrize(
    ("module", "message"),
    [
        (nn.Linear(2, 3), r"logits \(n, 2\)"),
        (nn.Identity(), "trainable parameters"),
        (nn.PReLU(), "weight matrix"),
        (nn.Linear(2, 2, dtype=torch.bfloat16), "all of float32 or all of float64"),
        (weight_norm(nn.Linear(2, 2)), "none of them parametrized"),
    ],
)
def test_what_cannot_be_trained_is_refused_with_a_sentence(module, message):
    with pytest.raises(ConfigError, match=message):
        Trainer(CONFIG, module=module)


@pytest.mark.parametrize("module", [None, nn.Linear(2, 2)])
def test_checkpoints_of_another_network_are_refused_with_a_sentence(module):
    (saved,) = (frame for frame in train(CONFIG, module=odd(), tracks=TRACKS) if frame.track == CHECKPOINTS)
    with pytest.raises(ConfigError, match="checkpoints must be of the same network"):
        Trainer(CONFIG, checkpoints=[saved], module=module)
