"""The loss of every batch, against plain torch on the weights before each step and the batch that came."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from nnprobe_core.config import RunConfig
from nnprobe_core.frame import CHECKPOINTS, FILM, TRACKS
from nnprobe_core.probes.batches import MOST, thinned
from nnprobe_core.record import Command
from nnprobe_core.training.batch_losses import BatchLosses
from nnprobe_core.training.graph import batch_of
from nnprobe_core.training.inbox import Inbox
from nnprobe_core.training.trainer import Trainer, train
from nnprobe_core.weights import weights_over_time

CONFIG = RunConfig(hidden=(6, 5), n_train=50, n_test=40, batch_size=32, steps=90, frames=91, lr_schedule=((50, 0.004),))


def expected(config: RunConfig) -> np.ndarray:
    """Mean cross-entropy of each step's batch in float64, by torch, from the film's weights at every step."""
    tracks = train(config, tracks=TRACKS)
    weights = weights_over_time([frame for frame in tracks if frame.track == CHECKPOINTS])
    losses = []
    for step in range(config.steps):
        x, y = batch_of(config, step)
        h = torch.from_numpy(x).double()
        for index in (1, 2, 3):
            weight, bias = (torch.from_numpy(weights[f"{name}.{index}"][step]).double() for name in ("weight", "bias"))
            h = nn.functional.linear(torch.tanh(h) if index > 1 else h, weight, bias)
        losses.append(nn.functional.cross_entropy(h, torch.from_numpy(y.astype(np.int64))).item())
    return np.array(losses)


def recorded(frames) -> dict[int, float]:
    """{step: loss of the batch that led to it}, as docs/film-format.md says it is to be read."""
    found, before = {}, 0
    for frame in frames:
        values, gap = frame.arrays["series.batches"], frame.step - before
        for place in range(MOST):
            step = before + (place - (MOST - gap) + 1 if gap <= MOST else -(-(place + 1) * gap // MOST))
            if step > before:
                found[step] = float(values[place])
            else:
                assert np.isnan(values[place])
        before = before if frame.extra else frame.step
    return found


@pytest.fixture(scope="module")
def truth():
    return expected(CONFIG)


@pytest.mark.parametrize("frames", [91, 12, 2])
def test_they_are_torchs(truth, frames):
    found = recorded(list(train(replace(CONFIG, frames=frames))))
    assert list(found) == sorted(found)
    if frames > 2:
        assert list(found) == list(range(1, 91))
    else:
        assert len(found) == MOST
        assert max(found) == 90
    np.testing.assert_allclose(list(found.values()), truth[np.array(list(found)) - 1], rtol=2e-5)


def test_the_autograd_library_says_the_same(truth):
    config = replace(CONFIG, engine="autograd", steps=20, frames=21)
    found = recorded(list(train(config)))
    np.testing.assert_allclose(list(found.values()), truth[:20], rtol=1e-4)


def test_a_module_says_its_own():
    module = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
    first = {name: value.clone() for name, value in module.state_dict().items()}
    config = replace(CONFIG, steps=5, frames=6)
    found = recorded(list(train(config, module=module)))
    again = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 2))
    again.load_state_dict(first)
    x, y = batch_of(config, 0)
    loss = nn.functional.cross_entropy(again(torch.from_numpy(x)), torch.from_numpy(y.astype(np.int64)))
    assert found[1] == pytest.approx(loss.item(), rel=1e-5)
    assert len(found) == 5


def test_a_step_by_hand_and_a_run_that_goes_on_change_nothing():
    config = replace(CONFIG, frames=8)
    plain = [frame for frame in train(config, tracks=TRACKS) if frame.track in (FILM, CHECKPOINTS)]
    film = [frame for frame in plain if frame.track == FILM]
    trainer, inbox, seen = Trainer(config), Inbox(), []
    for frame in trainer.frames(inbox):
        seen.append(frame)
        if len(seen) == 3:
            inbox.put(Command("step"))
            inbox.put(Command("step"))
        if frame.extra:
            inbox.put(Command("resume"))
    scheduled = [frame for frame in seen if frame.track == FILM and not frame.extra]
    extra = [frame for frame in seen if frame.extra]
    assert extra
    for one, other in zip(film, scheduled, strict=True):
        np.testing.assert_array_equal(one.arrays["series.batches"], other.arrays["series.batches"])
    truth = recorded(film)
    for step, loss in recorded([f for f in seen if f.track == FILM]).items():
        assert loss == truth[step]


def test_a_sure_and_wrong_network_loses_what_it_should():
    losses = BatchLosses()
    logits = np.array([[200.0, 0.0], [0.0, 0.0]], np.float32)
    losses.add(logits, np.array([[0.0, 1.0], [1.0, 0.0]], np.float32))
    losses.add(np.full((2, 2), np.nan, np.float32), np.eye(2, dtype=np.float32))
    np.testing.assert_allclose(losses.take(), [(200 + np.log(2)) / 2, np.nan], rtol=1e-6)
    assert losses.take().size == 0


def test_thinned_keeps_the_last():
    np.testing.assert_array_equal(thinned(np.arange(3, dtype=np.float32), 5), [np.nan, np.nan, 0, 1, 2])
    np.testing.assert_array_equal(thinned(np.arange(10, dtype=np.float32), 4), [2, 4, 7, 9])
