"""The kernel against torch.autograd and torch.optim, for every activation and optimiser; K networks against one."""

from functools import partial

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from nnprobe_core.config import RunConfig
from nnprobe_core.models.initialisation import draw
from nnprobe_core.registry import ACTIVATIONS, INITIALISATIONS, OPTIMISERS, load
from nnprobe_core.training import network
from nnprobe_core.training.kernel import Kernel
from nnprobe_core.training.trainer import train

WIDTHS = (2, 9, 7, 3)
PUBLIC = {
    "sgd": lambda parameters, decay: torch.optim.SGD(parameters, lr=0.05, weight_decay=decay),
    "momentum": lambda parameters, decay: torch.optim.SGD(parameters, lr=0.02, momentum=0.8, weight_decay=decay),
    "adam": lambda parameters, decay: torch.optim.Adam(parameters, lr=0.01, weight_decay=decay),
    "adamw": lambda parameters, decay: torch.optim.AdamW(parameters, lr=0.01, weight_decay=decay),
    "rmsprop": lambda parameters, decay: torch.optim.RMSprop(parameters, lr=0.005, weight_decay=decay),
}
RATE = {"sgd": 0.05, "momentum": 0.02, "adam": 0.01, "adamw": 0.01, "rmsprop": 0.005}


def points(n, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 2)), rng.integers(WIDTHS[-1], size=n)


def fill(kernel, seeds, scheme="xavier"):
    """First weights from ``seeds``, one per network; returns them as (weight, bias) pairs of the first."""
    flats = []
    for seed in seeds:
        layers, _ = draw(load(INITIALISATIONS, scheme, "init"), kernel.widths, seed)
        flats.append(torch.cat([torch.cat([w, b[:, None]], 1).reshape(-1) for w, b in layers]))
    kernel.parameters.copy_(torch.stack(flats))
    return draw(load(INITIALISATIONS, scheme, "init"), kernel.widths, seeds[0])[0]


def reference(layers, activation, x):
    h = x
    for index, (weight, bias) in enumerate(layers):
        h = h @ weight.T + bias
        if index < len(layers) - 1:
            h = activation(h)
    return h


def flat(tensors):
    return torch.cat([torch.cat([w, b[:, None]], 1).reshape(-1) for w, b in tensors])


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_hundred_steps_agree_with_autograd_and_the_public_optimiser(activation, optimiser):
    kernel = Kernel(WIDTHS, load(ACTIVATIONS, activation, "activation"), dtype=torch.float64)
    layers = [(w.clone().requires_grad_(), b.clone().requires_grad_()) for w, b in fill(kernel, [3])]
    ours = load(OPTIMISERS, optimiser, "optimiser")(
        kernel.parameters, kernel.gradient, momentum=0.8, weight_decay=0.003
    )
    theirs = PUBLIC[optimiser]([item for pair in layers for item in pair], 0.003)
    x, y = points(32 * 10)
    for step in range(100):
        part = slice(32 * (step % 10), 32 * (step % 10) + 32)
        kernel.backpropagate(kernel.points(x[part]), kernel.targets(y[part]))
        theirs.zero_grad()
        logits = reference(layers, kernel.activation.reference, torch.from_numpy(x[part]))
        cross_entropy(logits, torch.from_numpy(y[part])).backward()
        ours.step(RATE[optimiser])
        theirs.step()
    torch.testing.assert_close(kernel.parameters[0], flat(layers).detach(), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_float32_gradients_agree_with_autograd_at_every_step(activation):
    kernel = Kernel(WIDTHS, load(ACTIVATIONS, activation, "activation"))
    fill(kernel, [5])
    optimiser = load(OPTIMISERS, "adam", "optimiser")(kernel.parameters, kernel.gradient)
    x, y = points(320, seed=1)
    x = x.astype(np.float32)
    for step in range(100):
        part = slice(32 * (step % 10), 32 * (step % 10) + 32)
        layers, at = [], 0
        for rows, columns in kernel.shapes:
            block = kernel.parameters[0, at : at + rows * columns].view(rows, columns).clone()
            layers.append((block[:, :-1].clone().requires_grad_(), block[:, -1].clone().requires_grad_()))
            at += rows * columns
        logits = reference(layers, kernel.activation.reference, torch.from_numpy(x[part]))
        cross_entropy(logits, torch.from_numpy(y[part])).backward()
        kernel.backpropagate(kernel.points(x[part]), kernel.targets(y[part]))
        expected = flat([(w.grad, b.grad) for w, b in layers])
        torch.testing.assert_close(kernel.gradient[0], expected, rtol=1e-5, atol=1e-5)
        optimiser.step(0.01)


@pytest.mark.parametrize("numpy", [True, False], ids=["numpy", "torch"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_k_networks_at_once_are_k_networks_alone(activation, numpy):
    function, seeds = load(ACTIVATIONS, activation, "activation"), (1, 2, 3)
    together = Kernel(WIDTHS, function, networks=3, dtype=torch.float64, numpy=numpy)
    fill(together, seeds)
    optimiser = load(OPTIMISERS, "adam", "optimiser")(together.parameters, together.gradient)
    sets = [points(24, seed) for seed in seeds]
    x, y = np.stack([item[0] for item in sets]), np.stack([item[1] for item in sets])
    singles = []
    for seed in seeds:
        alone = Kernel(WIDTHS, function, dtype=torch.float64)
        fill(alone, [seed])
        singles.append((alone, load(OPTIMISERS, "adam", "optimiser")(alone.parameters, alone.gradient)))
    for _ in range(20):
        together.backpropagate(together.points(x), together.targets(y))
        optimiser.step(0.01)
        for (alone, own), (x1, y1) in zip(singles, sets, strict=True):
            alone.backpropagate(alone.points(x1), alone.targets(y1))
            own.step(0.01)
    for index, (alone, _) in enumerate(singles):
        torch.testing.assert_close(together.parameters[index], alone.parameters[0], rtol=1e-9, atol=1e-9)


def test_one_network_may_run_on_torch_as_well(monkeypatch):
    config = RunConfig(hidden=(8, 5), n_train=40, n_test=30, batch_size=32, steps=30, frames=8)
    usual = [frame for frame in train(config) if frame.track == "film"]
    monkeypatch.setattr(network, "Kernel", partial(Kernel, numpy=False))
    on_torch = [frame for frame in train(config) if frame.track == "film"]
    for one, two in zip(usual, on_torch, strict=True):
        for name in ("series.loss", "series.gradients", "spectrum.sv.2"):
            np.testing.assert_allclose(one.arrays[name], two.arrays[name], rtol=2e-3, atol=1e-4)


def test_networks_may_share_one_set_of_points():
    kernel = Kernel(WIDTHS, load(ACTIVATIONS, "relu", "activation"), networks=2)
    fill(kernel, [4, 4])
    x, y = points(16)
    kernel.backpropagate(kernel.points(x), kernel.targets(y))
    assert kernel.gradient[0].abs().sum() > 0
    torch.testing.assert_close(kernel.gradient[0], kernel.gradient[1])


def test_without_hidden_layers_it_is_softmax_regression():
    kernel = Kernel((2, 3), load(ACTIVATIONS, "tanh", "activation"), dtype=torch.float64)
    ((weight, bias),) = fill(kernel, [1])
    x, y = points(50)
    kernel.backpropagate(kernel.points(x), kernel.targets(y))
    share = torch.softmax(torch.from_numpy(x) @ weight.T + bias, 1) - torch.eye(3, dtype=torch.float64)[y]
    expected = torch.cat([share.T @ torch.from_numpy(x), share.sum(0)[:, None]], 1) / 50
    torch.testing.assert_close(kernel.gradient[0], expected.reshape(-1))


@pytest.mark.parametrize("numpy", [True, False], ids=["numpy", "torch"])
@pytest.mark.parametrize("height", [-5000.0, 5000.0])
def test_logits_too_large_for_exp_are_told_apart_all_the_same(height, numpy):
    """One number on all logits changes no gradient; exp of these is 0, or too large for any float."""
    gradients = []
    x, y = points(40)
    for raised in (0.0, height):
        kernel = Kernel(WIDTHS, load(ACTIVATIONS, "tanh", "activation"), dtype=torch.float64, numpy=numpy)
        fill(kernel, [7])
        kernel.blocks[-1][..., -1] += raised
        kernel.backpropagate(kernel.points(x), kernel.targets(y))
        gradients.append(kernel.gradient.clone())
    assert gradients[0].abs().max() > 0.01
    torch.testing.assert_close(*gradients, rtol=1e-9, atol=1e-9)
