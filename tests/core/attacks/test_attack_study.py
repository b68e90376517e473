"""The attack study: its film, what it says of an independent attack, and that it goes on where it was stopped."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from nets import autograd

from nnprobe_core.attacks.config import AttackConfig
from nnprobe_core.attacks.experiment import AttackStudy
from nnprobe_core.datasets.images import load_images
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import CHECKPOINTS, FILM, encode
from nnprobe_core.kinds import config_from_mapping, experiment
from nnprobe_core.record import Command
from nnprobe_core.training.inbox import Inbox

SMALL = AttackConfig(epochs=4, sizes=4, hidden=(24,), per_class=8, epsilon=0.24)
PLANE = AttackConfig(dataset="moons", epochs=2, sizes=3, hidden=(8,), n_train=50, per_class=20, method="bim")


def film(config, checkpoints=()):
    return [frame for frame in AttackStudy(config, checkpoints=checkpoints).frames() if frame.track == FILM]


@pytest.mark.parametrize("config", [SMALL, PLANE, replace(SMALL, target="3", norm="l2", method="pgd", iterations=2)])
def test_a_frame_an_epoch_and_a_frame_a_size(config):
    frames = film(config)
    assert [frame.step for frame in frames] == list(range(config.planned + 1))
    head = frames[0]
    assert config_from_mapping(head.header["config"]) == config
    assert len(head.header["classes"]) == config.n_classes
    count, examples = head.header["points"], len(head.arrays["attack.labels"])
    assert count == config.per_class * (config.n_classes - (config.target != "any"))
    np.testing.assert_allclose(head.arrays["attack.epsilons"], np.linspace(0, config.epsilon, config.sizes), rtol=1e-6)
    for frame in frames[: config.epochs + 1]:
        assert frame.arrays["series.loss"].shape == (4,)
    for index, frame in enumerate(frames[config.epochs + 1 :]):
        arrays = frame.arrays
        epsilon = head.arrays["attack.epsilons"][index]
        assert arrays["series.change"][0] == epsilon
        assert arrays["attack.transitions"].shape == (config.n_classes,) * 2
        assert arrays["attack.transitions"].sum() == count
        assert arrays["attack.examples"].shape == head.arrays["attack.originals"].shape
        change = (arrays["attack.examples"] - head.arrays["attack.originals"]).reshape(examples, -1)
        np.testing.assert_allclose(np.abs(change).max(axis=1), arrays["attack.size"][:, 0], atol=1e-6)
        assert arrays["attack.size"][:, int(config.norm == "l2")].max() <= epsilon + 1e-6
        assert arrays["attack.predicted"].shape == arrays["attack.confidence"].shape == (examples, 2)
    assert frames[config.epochs + 1].arrays["series.change"][2] == 0
    if config.target != "any":
        assert int(config.target) not in head.arrays["attack.labels"]


def test_accuracy_under_fgsm_is_that_of_torch():
    study = AttackStudy(SMALL)
    frames = [frame for frame in study.frames() if frame.track == FILM]
    module, data = study._learner.module.eval(), load_images("digits")
    x, y = study._x, study._y
    assert {x_i.tobytes() for x_i in x} <= {x_i.tobytes() for x_i in data.x_test}
    gradient = autograd(module, x, y)
    for epsilon, frame in zip(frames[0].arrays["attack.epsilons"], frames[-SMALL.sizes :], strict=True):
        moved = np.clip(x + epsilon * np.sign(gradient), 0, 1).astype(np.float32)
        with torch.no_grad():
            right = module(torch.from_numpy(moved)).argmax(1).numpy() == y
        assert frame.arrays["series.attack"][0] == pytest.approx(right.mean(), abs=1e-6)


@pytest.mark.parametrize("cut", [2, 5])
def test_a_stopped_study_goes_on_with_the_same_bytes(cut):
    whole = [(frame.track, encode(frame)) for frame in AttackStudy(SMALL).frames()]
    study, inbox, seen, first = AttackStudy(SMALL), Inbox(), [], []
    for frame in study.frames(inbox):
        first.append((frame.track, encode(frame)))
        seen += [frame] if frame.track == CHECKPOINTS else []
        if len(seen) == cut:
            inbox.put(Command("stop"))
    assert study.progress.stopped
    assert seen[-1].step == cut - 1
    rest = [(frame.track, encode(frame)) for frame in experiment(SMALL, seen).frames()]
    assert first + rest == whole
    assert not list(AttackStudy(SMALL, checkpoints=[replace(seen[-1], step=SMALL.planned)]).frames())
    with pytest.raises(ConfigError, match="checkpoints must be of the same config"):
        AttackStudy(replace(SMALL, seed=1), checkpoints=seen)


def test_configs():
    assert AttackConfig.from_query(SMALL.to_query()) == SMALL
    assert AttackConfig.from_json(PLANE.to_json()) == PLANE
    assert SMALL.planned == 8
    assert AttackConfig(seed=2**31 - 1).seed == 2**31 - 1
    for given, sentence in [
        ({"model": "cnn", "dataset": "moons"}, "model must be mlp for points in the plane"),
        ({"target": "2", "dataset": "moons"}, "target must be any or a class from 0 to 1"),
        ({"method": "cw"}, "method must be one of fgsm, bim, pgd"),
        ({"epsilon": 0}, "epsilon must be a number from 0.001"),
        ({"seed": 2**31}, "seed must be a whole number from 0 to 2147483647"),
    ]:
        with pytest.raises(ConfigError, match=sentence):
            AttackConfig.from_mapping({"kind": "attack", **given})
