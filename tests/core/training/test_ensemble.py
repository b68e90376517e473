"""The ensemble: every network of it is the network that its config trains alone."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import load_data
from nnprobe_core.errors import ConfigError
from nnprobe_core.registry import ACTIVATIONS, OPTIMISERS, load
from nnprobe_core.training.ensemble import Ensemble, groups
from nnprobe_core.training.network import Perceptron, order_of_epoch

#: 4 steps an epoch, the last batch smaller than the others.
BASE = RunConfig(hidden=(6, 5), n_train=50, n_test=30, batch_size=32, steps=25, init_gain=1)
ZERO_AT_ZERO = [name for name in ACTIVATIONS if name != "sigmoid"]
BACKENDS = pytest.mark.parametrize("numpy", [True, False], ids=["numpy", "torch"])


def alone(config, steps):
    """The single run's own network, data, order and optimiser, in float64; its weights after ``steps``."""
    network, data = Perceptron(config, dtype=torch.float64), load_data(config)
    network.learn_from(data.x_train, data.y_train)
    optimiser = load(OPTIMISERS, config.optimiser, "optimiser")(
        network.parameters, network.gradient, momentum=config.momentum, weight_decay=config.weight_decay
    )
    for step in range(steps):
        epoch, place = divmod(step, config.steps_per_epoch)
        if place == 0 and config.shuffle and config.steps_per_epoch > 1:
            network.reorder(order_of_epoch(config.seed_batch, epoch, config.points))
        network.backpropagate(place * config.batch, min((place + 1) * config.batch, config.points))
        optimiser.step(config.lr_at(step))
    return [(block[:, :-1], block[:, -1]) for block in network.kernel.blocks]


def agree(configs, steps=25, tolerance=1e-9, **given):
    ensemble = Ensemble(configs, dtype=torch.float64, **given)
    ensemble.advance(steps)
    assert [configs[index] for index in ensemble.rows] == ensemble.configs
    for config, layers in zip(ensemble.configs, ensemble.weights(), strict=True):
        for (weight, bias), (their_weight, their_bias) in zip(layers, alone(config, steps), strict=True):
            np.testing.assert_allclose(weight, their_weight, rtol=tolerance, atol=tolerance)
            np.testing.assert_allclose(bias, their_bias, rtol=tolerance, atol=tolerance)
    return ensemble


@BACKENDS
@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_networks_of_their_own_rates_seeds_and_data(optimiser, numpy):
    configs = [
        replace(BASE, optimiser=optimiser, lr=lr, seed_data=seed, seed_init=seed + 1, seed_batch=seed + 2, max_phi=phi)
        for seed, (lr, phi) in enumerate([(0.01, 6), (0.03, 8), (0.01, 9), (0.002, 6)])
    ]
    agree([*configs, replace(configs[0], lr_schedule=((10, 0.5),), weight_decay=0.01)], numpy=numpy)


def test_optimisers_may_differ_and_so_may_whether_points_are_shuffled_at_all():
    agree([replace(BASE, optimiser=name, lr=0.01) for name in OPTIMISERS])
    agree([replace(BASE, shuffle=False, seed_init=seed) for seed in range(3)])
    agree([replace(BASE, batch_size=0, seed_init=seed) for seed in range(3)])


def test_what_networks_of_one_ensemble_need_not_have_in_common():
    heavy = replace(BASE, optimiser="momentum", lr=0.01)
    agree([replace(heavy, momentum=share) for share in (0.9, 0.5, 0.9, 0)])
    agree([replace(heavy, weight_decay=decay) for decay in (0, 0.1)])
    agree([replace(BASE, init_gain=gain, init=init) for gain, init in ((1, "torch"), (2, "torch"), (1, "xavier"))])
    agree([replace(BASE, label_noise=share) for share in (0, 0.5, 0)])
    agree(
        [replace(BASE, noise=noise, dataset=name) for noise, name in ((0, "spiral"), (0.3, "spiral"), (0.3, "moons"))]
    )


@BACKENDS
@pytest.mark.parametrize("activation", ZERO_AT_ZERO)
def test_padded_networks_are_the_narrow_ones_alone(activation, numpy):
    configs = [
        replace(BASE, activation=activation, hidden=hidden, weight_decay=0.01, seed_init=seed)
        for seed, hidden in enumerate([(6, 5), (3, 8), (8, 2), (1, 1)])
    ]
    assert groups(configs) == [[0, 3], [1], [2]]  # (3, 8) does not fit into (6, 5)
    for group in groups(configs):
        agree([configs[index] for index in group], numpy=numpy)
    ensemble = agree(configs, numpy=numpy)  # and all four, in one that is as wide as the widest of each layer
    assert ensemble.kernel.widths == (2, 8, 8, 2)


def test_in_float32_data_and_first_weights_are_the_runs_own_exactly():
    configs = [replace(BASE, hidden=(4 + seed, 5), seed_init=seed, seed_data=seed) for seed in range(3)]
    ensemble = Ensemble(configs)
    for row, config in enumerate(ensemble.configs):
        data, network = load_data(config), Perceptron(config)
        np.testing.assert_array_equal(ensemble.data[row].x_train, data.x_train)
        np.testing.assert_array_equal(ensemble.data[row].y_test, data.y_test)
        for (weight, bias), block in zip(ensemble.weights()[row], network.kernel.blocks, strict=True):
            np.testing.assert_array_equal(weight, block[:, :-1])
            np.testing.assert_array_equal(bias, block[:, -1])


def test_logits_are_the_single_networks_over_shared_points_and_over_own_ones(monkeypatch):
    monkeypatch.setattr("nnprobe_core.training.ensemble._OUTPUTS", 200)  # in many parts
    configs = [replace(BASE, lr=lr, seed_init=seed) for seed, lr in enumerate([0.1, 0.01, 0.1])]
    ensemble = Ensemble(configs)
    x = np.random.default_rng(0).normal(size=(3, 37, 2)).astype(np.float32)
    own, shared = ensemble.logits(x), ensemble.logits(x[0])
    for row, config in enumerate(ensemble.configs):
        network = Perceptron(config)
        np.testing.assert_allclose(own[row].T, network.logits(x[row]), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(shared[row].T, network.logits(x[0]), rtol=1e-5, atol=1e-6)


def test_training_goes_on_where_it_was_interrupted():
    ensemble, whole, asked = Ensemble([BASE, BASE]), Ensemble([BASE, BASE]), []
    ensemble.advance(25, lambda: asked.append(1) or len(asked) > 7)
    assert ensemble.step == 7
    ensemble.advance(25)
    whole.advance(25)
    assert torch.equal(ensemble.kernel.parameters, whole.kernel.parameters)


def test_one_that_diverges_leaves_the_others_alone():
    wild = replace(BASE, activation="leaky_relu", optimiser="sgd", lr=100, init_gain=30)
    calm = replace(BASE, activation="leaky_relu", optimiser="sgd", lr=0.01)
    ensemble = Ensemble([wild, calm])
    ensemble.advance(25)
    layers = dict(zip(ensemble.rows, ensemble.weights(), strict=True))
    (broken, _), (fine, _) = layers[0][0], layers[1][0]
    assert not np.isfinite(broken).all()
    by_itself = Ensemble([calm])
    by_itself.advance(25)
    np.testing.assert_array_equal(fine, by_itself.weights()[0][0][0])


def test_groups_hold_what_can_train_together():
    widths = [replace(BASE, hidden=(width, width)) for width in (2, 4, 8, 16, 64)]
    assert groups(widths) == [[0, 1], [2, 3], [4]]
    sigmoid = [replace(config, activation="sigmoid") for config in widths]
    assert groups(sigmoid) == [[index] for index in range(5)]
    mixed = [BASE, replace(BASE, batch_size=16), replace(BASE, lr=1), replace(BASE, arms=3), replace(BASE, steps=9)]
    assert groups(mixed) == [[0, 2], [1], [3], [4]]
    assert groups([BASE] * 5, most=2) == [[0, 1], [2, 3], [4]]
    with pytest.raises(ConfigError, match="train at once"):
        Ensemble(mixed)
