"""Robustness: a line whose distance is known, and gradients at the input as autograd gives them."""

import numpy as np
import pytest
import torch
from numpy_view import NumpyView, diverged, make_setup
from torch import nn

from nnprobe_core.config import RunConfig
from nnprobe_core.probes.robustness import SHARES, RobustnessProbe, sizes
from nnprobe_core.registry import ACTIVATIONS, load
from nnprobe_core.training.module import ModuleNetwork
from nnprobe_core.training.network import Perceptron

LINE = [np.array([[0, -1], [0, 1]], np.float32)]  # class 1 above the first axis


def series(setup, view):
    return RobustnessProbe(setup).look(view, first=True)["series.robustness"]


def test_a_line_is_crossed_by_those_that_lie_within_epsilon():
    setup = make_setup((2, 2), n_test=1000)
    view, height = NumpyView(setup, LINE), setup.x_test[:, 1]
    way = np.where(setup.y_test == 1, height, -height)  # how far on its own side each point lies
    found, epsilon = series(setup, view), sizes(setup.extent)
    side = max(np.ptp(setup.extent[:2]), np.ptp(setup.extent[2:]))
    np.testing.assert_allclose(epsilon, side * np.array(SHARES))
    np.testing.assert_allclose(found[:, 0], [(way > e).mean() for e in epsilon], atol=2e-3)
    # Noise pushes half of them the other way.
    both = [((way > e).mean() + (way > -e).mean()) / 2 for e in epsilon]
    np.testing.assert_allclose(found[:, 1], both, atol=0.03)
    assert (found[:, 0] < found[:, 1]).all()


def test_the_same_signs_in_every_frame_and_none_of_a_generator():
    setup = make_setup()
    state = np.random.get_state()[1].copy()
    first = series(setup, NumpyView(setup, step=0))
    np.testing.assert_array_equal(first, series(setup, NumpyView(setup, step=1)))
    np.testing.assert_array_equal(state, np.random.get_state()[1])


def test_noise_is_drawn_by_the_data_seed():
    setup = make_setup(seed=3, n_test=1000)  # so many that other signs give another accuracy
    view = NumpyView(setup)
    signs = np.random.default_rng([3, 5]).choice((-1.0, 1.0), setup.x_test.shape)
    for place, epsilon in enumerate(sizes(setup.extent)):
        answers = view.predict((setup.x_test + epsilon * signs).astype(np.float32)).argmax(axis=1)
        assert series(setup, view)[place, 1] == pytest.approx((answers == setup.y_test).mean())
    np.testing.assert_allclose(sizes(np.array([0, 2, 0, 5])), [0.05, 0.1, 0.2])


def test_a_network_that_is_not_finite_has_no_accuracy():
    setup = make_setup()
    assert np.isnan(series(setup, diverged(setup))).all()


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_input_gradients_of_both_kinds_of_network(activation):
    config = RunConfig(hidden=(6, 5), activation=activation, arms=3)
    network = Perceptron(config)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(1300, 2)).astype(np.float32), rng.integers(3, size=1300)
    bend = load(ACTIVATIONS, activation, "activation").reference
    parameters = [torch.from_numpy(block.copy()) for block in network.kernel.blocks]

    def forward(points):
        for index, block in enumerate(parameters):
            points = points @ block[:, :-1].T + block[:, -1]
            points = points if index == 2 else bend(points)
        return points

    start = torch.from_numpy(x).requires_grad_()
    loss = nn.functional.cross_entropy(forward(start), torch.from_numpy(y), reduction="sum")
    expected = torch.autograd.grad(loss, start)[0].numpy()
    np.testing.assert_allclose(network.input_gradients(x, y), expected, atol=2e-6)

    class Module(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleList(nn.Linear(b.shape[1] - 1, len(b)) for b in parameters)
            for layer, block in zip(self.layers, parameters, strict=True):
                layer.weight.data, layer.bias.data = block[:, :-1].clone(), block[:, -1].clone()

        def forward(self, points):
            for layer in self.layers[:-1]:
                points = bend(layer(points))
            return self.layers[-1](points)

    module = ModuleNetwork(Module(), 3, seed=0)
    np.testing.assert_allclose(module.input_gradients(x, y), expected, atol=2e-6)
    module.close()
