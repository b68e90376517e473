"""The graph of a step: the step's own loss and gradients, as torch finds them, and every node in its place."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import load_data
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import CHECKPOINTS, TRACKS
from nnprobe_core.models.layout import matrices
from nnprobe_core.training.graph import batch_of, step_graph
from nnprobe_core.training.network import Perceptron
from nnprobe_core.training.trainer import train

CONFIG = RunConfig(n_train=50, n_test=10, hidden=(6, 5), steps=10, frames=11, batch_size=32)


def drawn(config: RunConfig, step: int = 0):
    return step_graph(config, Perceptron(config).snapshot().ravel(), step)


def test_values_and_gradients_are_those_that_torch_finds():
    flat = Perceptron(CONFIG).snapshot().ravel()
    graph = step_graph(CONFIG, flat, 2)
    x, y = batch_of(CONFIG, 2)
    layers = [[torch.tensor(part, requires_grad=True) for part in layer] for layer in matrices(CONFIG.widths, flat)]
    h = torch.tensor(x)
    for index, (weight, bias) in enumerate(layers):
        h = h @ weight.T + bias
        h = torch.tanh(h) if index < 2 else h
        h.retain_grad()
    loss = torch.nn.functional.cross_entropy(h, torch.tensor(y, dtype=torch.long))
    loss.backward()
    found = {node.name: node.tensor for node in graph.nodes if node.name}
    assert found["loss"].item() == pytest.approx(loss.item(), abs=1e-6)
    np.testing.assert_allclose(found["logits"].grad.data, h.grad, atol=1e-7)
    for name, index, part in [("W₁", 0, 0), ("b₁", 0, 1), ("W₂", 1, 0), ("b₃", 2, 1)]:
        expected = np.atleast_2d(layers[index][part].grad.numpy())
        np.testing.assert_allclose(found[name].grad.data, expected if part else expected.T, atol=1e-6)


def test_the_batch_is_the_one_that_the_step_takes():
    frames = [frame for frame in train(CONFIG, tracks=TRACKS) if frame.track == CHECKPOINTS]
    flat = np.concatenate([frame.arrays["history"] for frame in frames])
    network = Perceptron(CONFIG)
    data = load_data(CONFIG)
    network.learn_from(data.x_train, data.y_train)
    optimiser = network.optimiser(CONFIG)
    for step in range(6):  # into the second epoch, whose order is another one
        np.testing.assert_array_equal(network.snapshot().ravel(), flat[step])
        network.learn_from(*batch_of(CONFIG, step))
        network.backpropagate(0, len(batch_of(CONFIG, step)[0]))
        optimiser.step(CONFIG.lr_at(step))


@pytest.mark.parametrize("activation", ["tanh", "identity", "gelu"])
@pytest.mark.parametrize("hidden", [(), (3,), (4, 4, 4, 4)])
def test_the_chain_runs_from_left_to_right_and_no_two_nodes_share_a_place(activation, hidden):
    graph = drawn(replace(CONFIG, activation=activation, hidden=hidden))
    places = [(node.column, node.row) for node in graph.nodes]
    assert len(set(places)) == len(places)
    assert {node.column for node in graph.nodes if node.row == 0} == set(range(graph.columns))
    for start, end in graph.edges:
        source, target = graph.nodes[start], graph.nodes[end]
        assert start < end
        in_chain = source.row == 0
        assert source.column < target.column if in_chain else source.column == target.column
        assert target.row == 0
    assert [node.kind for node in graph.nodes if node.kind == "loss"] == ["loss"]
    parameters = [node for node in graph.nodes if node.kind == "parameter"]
    widths = (2, *hidden, 2)
    assert [node.tensor.shape for node in parameters if node.name[0] == "W"] == list(pairwise(widths))
    assert all(node.row == -1 and node.tensor.grad is not None for node in parameters)


def test_every_operation_says_what_it_does():
    for node in drawn(CONFIG).nodes:
        assert bool(node.rule) == bool(node.operation)


def test_it_is_json_even_where_the_network_has_diverged():
    flat = Perceptron(CONFIG).snapshot().ravel()
    flat[:] = np.nan
    text = json.dumps(step_graph(CONFIG, flat, 0).to_json(), allow_nan=False)
    last = json.loads(text)["nodes"][-1]
    assert (last["name"], last["value"]["low"], last["value"]["rows"]) == ("loss", None, [[None]])


def test_a_large_network_is_refused():
    with pytest.raises(ConfigError, match="hidden must be at most 4 layers of at most 64 units to be drawn, got '65'"):
        drawn(replace(CONFIG, hidden=(65,)))
    with pytest.raises(ConfigError, match="hidden must be at most 4 layers"):
        drawn(replace(CONFIG, hidden=(2,) * 5))
