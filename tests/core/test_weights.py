"""Weights over time, against the same network trained by plain torch, and against the frames that show them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.numpy import load

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import load_data
from nnprobe_core.errors import FilmError
from nnprobe_core.frame import CHECKPOINTS, FILM, TRACKS, Frame
from nnprobe_core.training.network import order_of_epoch
from nnprobe_core.training.schedule import frame_steps
from nnprobe_core.training.trainer import train
from nnprobe_core.weights import Snapshots, safetensors_stream, weights_over_time

CONFIG = RunConfig(hidden=(6, 3), n_train=50, n_test=40, batch_size=32, steps=90, frames=46, lr_schedule=((50, 0.004),))
STEPS = frame_steps(CONFIG.steps, CONFIG.frames)


@pytest.fixture(scope="module")
def frames():
    return list(train(CONFIG, tracks=TRACKS))


@pytest.fixture(scope="module")
def checkpoints(frames):
    return [frame for frame in frames if frame.track == CHECKPOINTS]


@pytest.fixture(scope="module")
def weights(checkpoints):
    return weights_over_time(checkpoints)


def test_every_recorded_frame_has_its_weights(weights):
    assert weights["step"].tolist() == list(STEPS)
    shapes = {name: value.shape[1:] for name, value in weights.items() if name != "step"}
    assert shapes == {
        "weight.1": (6, 2), "bias.1": (6,), "weight.2": (3, 6), "bias.2": (3,), "weight.3": (2, 3), "bias.3": (2,)
    }  # fmt: skip
    assert all(value.flags.owndata and value.flags.writeable for value in weights.values())


def test_they_are_those_that_plain_torch_comes_to(weights):
    data = load_data(CONFIG)
    x, y = torch.from_numpy(data.x_train), torch.from_numpy(data.y_train.astype(np.int64))
    layers = [torch.nn.Linear(2, 6), torch.nn.Linear(6, 3), torch.nn.Linear(3, 2)]
    model = torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1], torch.nn.Tanh(), layers[2])
    with torch.no_grad():
        for index, layer in enumerate(layers, 1):
            layer.weight.copy_(torch.from_numpy(weights[f"weight.{index}"][0]))
            layer.bias.copy_(torch.from_numpy(weights[f"bias.{index}"][0]))
    optimiser = torch.optim.Adam(model.parameters(), lr=CONFIG.lr)
    for step in range(CONFIG.steps + 1):
        if step in STEPS:
            seq = STEPS.index(step)
            for index, layer in enumerate(layers, 1):
                weight, bias = layer.weight.detach().numpy(), layer.bias.detach().numpy()
                np.testing.assert_allclose(weights[f"weight.{index}"][seq], weight, atol=2e-4)
                np.testing.assert_allclose(weights[f"bias.{index}"][seq], bias, atol=2e-4)
        place = step % CONFIG.steps_per_epoch
        if place == 0:
            order = order_of_epoch(CONFIG.seed_batch, step // CONFIG.steps_per_epoch, CONFIG.points)
        batch = order[place * 32 : (place + 1) * 32]
        optimiser.param_groups[0]["lr"] = CONFIG.lr_at(step)
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(model(x[batch]), y[batch]).backward()
        optimiser.step()


def test_their_norms_are_those_the_film_shows(frames, weights):
    film = [frame for frame in frames if frame.track == FILM]
    for seq, frame in enumerate(film):
        norms = [np.linalg.norm(weights[f"weight.{index}"][seq]) for index in (1, 2, 3)]
        np.testing.assert_allclose(frame.arrays["series.spectrum"][:, 0], norms, rtol=1e-5)


def test_as_safetensors_they_are_the_same(checkpoints, weights):
    pieces = list(safetensors_stream(lambda: iter(checkpoints)))
    found = load(b"".join(pieces))
    assert set(found) == set(weights)
    for name, value in weights.items():
        np.testing.assert_array_equal(found[name], value)
        assert found[name].dtype == value.dtype
    assert len(pieces) == 2 + 3 * (len(checkpoints) + 1)  # never more than a checkpoint's worth at a time


def test_what_has_no_weights_is_refused_with_a_sentence(frames, checkpoints):
    with pytest.raises(FilmError, match="at least one checkpoint, got none"):
        weights_over_time([])
    with pytest.raises(FilmError, match="at least one checkpoint, got none"):
        list(safetensors_stream(lambda: []))
    with pytest.raises(FilmError, match="must hold the parameters of one run"):
        weights_over_time(frames[:1])
    study = replace(checkpoints[0], header={"config": {"kind": "sweep"}})
    with pytest.raises(FilmError, match="must hold the parameters of one run"):
        Snapshots.of(study)
    other = Frame(0, checkpoints[0].arrays, header={"config": RunConfig().to_mapping()})
    with pytest.raises(FilmError, match=r"network 2-16-16-16-2 must hold vectors of 626 numbers, got \(21, 47\)"):
        Snapshots.of(other)
