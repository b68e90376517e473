"""What studies share: a kind that says only what it looks at learns, stops, goes on and is refused like the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
import torch

from nnprobe_core.attacks.config import AttackConfig
from nnprobe_core.attacks.experiment import AttackStudy
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import integer
from nnprobe_core.frame import CHECKPOINTS, FILM, decode, encode
from nnprobe_core.models.networks import build
from nnprobe_core.record import Command
from nnprobe_core.separation.config import SeparationConfig
from nnprobe_core.separation.experiment import SeparationStudy
from nnprobe_core.studies.adam import Adam
from nnprobe_core.studies.config import StudyConfig
from nnprobe_core.studies.examples import examples
from nnprobe_core.studies.learner import Learner, learner
from nnprobe_core.studies.study import ModuleStudy, Stage
from nnprobe_core.training.inbox import Inbox
from nnprobe_core.training.schedule import order_of_epoch


@dataclass(frozen=True)
class BiasConfig(StudyConfig):
    """A kind of one field: how far the output bias has moved, an epoch a frame."""

    KIND: ClassVar[str] = "bias"
    shown: int = integer(3, 1, 10, "Shown", "points", "How many classes are shown.")


class BiasStudy(ModuleStudy[BiasConfig]):
    def __init__(self, config, *, checkpoints=()):
        super().__init__(config, checkpoints=checkpoints)
        self._learner = learner(config, examples(config))
        if self.saved is not None:
            self._learner.restore(self.saved.step * self._learner.per_epoch, self.saved.arrays)

    def stage(self, stage, conductor):
        if not self.teach(self._learner, stage * self._learner.per_epoch, conductor):
            return None
        bias = list(self._learner.module.parameters())[-1].detach().numpy()[: self.config.shown].copy()
        return Stage({"series.bias": bias}, self._learner.state(), {} if stage else {"shown": self.config.shown})


SMALL = BiasConfig(dataset="blobs", n_train=20, hidden=(4,), epochs=5, batch_size=16)


def test_a_kind_has_the_fields_of_all_studies_in_their_places():
    names = [item.name for item in BiasConfig.options()]
    assert names == [
        "dataset", "max_phi", "noise", "n_train", "shown", "model", "hidden", "epochs", "lr", "batch_size", "seed",
        "device",
    ]  # fmt: skip
    config = BiasConfig.from_query("kind=bias&dataset=blobs&n_train=20&hidden=4&epochs=5&batch_size=16")
    assert config == SMALL
    assert list(config.to_mapping()) == ["kind", *names]
    for kind in (AttackConfig, SeparationConfig):
        theirs = [item.name for item in kind.options()]
        assert theirs[-2:] == ["seed", "device"]
        assert [name for name in theirs if name in names] == [name for name in names if name != "shown"]
    with pytest.raises(ConfigError, match="model must be mlp for points in the plane"):
        BiasConfig(dataset="blobs", model="cnn")


def test_a_network_is_that_of_the_config_and_learns():
    data = examples(SMALL)
    assert (data.shape, data.classes, data.pictures, len(data.x_train)) == ((2,), ("0", "1", "2"), False, 60)
    assert not np.array_equal(data.x_train, examples(SMALL, 1).x_train)
    digits = BiasConfig(model="cnn", hidden=(16, 24), batch_size=200)
    pictures = examples(digits)
    assert pictures.pictures
    made = learner(digits, pictures)
    assert [tuple(item.shape) for item in made.module.parameters()][-2:] == [(10, 24), (10,)]
    before = made.score(pictures.x_train, pictures.y_train)
    made.advance(8 * made.per_epoch)
    scores = made.scores(pictures)["series.loss"]
    assert scores[0] < 0.8 * before[0]
    assert scores[2] > before[1]
    np.testing.assert_allclose(scores[[1, 3]], made.score(pictures.x_test, pictures.y_test), rtol=1e-6)


@pytest.mark.parametrize("after", [0, 3, 5])
def test_stages_are_frames_and_it_goes_on_where_it_was_stopped(after):
    whole = list(BiasStudy(SMALL).frames())
    film = [frame for frame in whole if frame.track == FILM]
    assert [frame.step for frame in film] == list(range(SMALL.planned + 1)) == list(range(6))
    assert film[0].header == {"config": SMALL.to_mapping(), "shown": 3}
    assert all(not frame.header for frame in film[1:])
    assert len({frame.arrays["series.bias"].tobytes() for frame in film}) == 6
    inbox, study, seen = Inbox(), BiasStudy(SMALL), []
    for frame in study.frames(inbox):
        seen.append(frame)
        if frame.track == CHECKPOINTS and frame.step == after:
            inbox.put(Command("stop"))
    assert study.progress.stopped == (after < 5)
    assert study.progress.step == after
    saved = [decode(encode(frame), track=CHECKPOINTS) for frame in seen if frame.track == CHECKPOINTS]
    rest = list(BiasStudy(SMALL, checkpoints=saved).frames())
    assert [encode(frame) for frame in seen + rest] == [encode(frame) for frame in whole]


@pytest.mark.parametrize(
    ("kind", "config"), [(BiasStudy, BiasConfig), (AttackStudy, AttackConfig), (SeparationStudy, SeparationConfig)]
)
def test_every_kind_refuses_a_device_that_is_not_there_and_checkpoints_of_another(kind, config, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match="device must be cpu on a machine without a CUDA device"):
        kind(config(device="cuda"))
    saved = [frame for frame in BiasStudy(SMALL).frames() if frame.track == CHECKPOINTS]
    with pytest.raises(ConfigError, match="checkpoints must be of the same config"):
        kind(config(seed=1), checkpoints=saved)


def test_a_learner_goes_on_as_if_nothing_had_happened():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(50, 2)).astype(np.float32), rng.integers(0, 3, 50)
    settings = {"lr": 0.01, "batch_size": 16, "seed": 3}
    straight = Learner(build("mlp", (2,), 3, seed=1), x, y, **settings)
    straight.advance(7)
    state = straight.state()
    straight.advance(20)
    other = Learner(build("mlp", (2,), 3, seed=2), x, y, **settings)
    other.restore(7, state)
    assert other.advance(20)
    for a, b in zip(straight.module.parameters(), other.module.parameters(), strict=True):
        assert torch.equal(a, b)
    assert not other.advance(25, lambda: True)
    assert other.step == 20


def test_a_learner_takes_every_point_once_an_epoch_in_the_order_of_its_seed():
    x, y = np.arange(20, dtype=np.float32).reshape(10, 2), np.arange(10) % 2
    for seed in (0, 4):
        module, seen = torch.nn.Linear(2, 2), []
        module.register_forward_hook(lambda _, given, __, seen=seen: seen.append(given[0][:, 0].long() // 2))
        learner = Learner(module, x, y, lr=0.01, batch_size=4, seed=seed)
        assert learner.per_epoch == 3
        assert learner.advance(6)
        assert [len(batch) for batch in seen] == [4, 4, 2] * 2
        for epoch in (0, 1):
            np.testing.assert_array_equal(torch.cat(seen[3 * epoch : 3 * epoch + 3]), order_of_epoch(seed, epoch, 10))


@pytest.mark.parametrize("left_alone", [(), ("fc2.bias",)])
def test_adam_is_the_public_class_with_the_same_bits(left_alone):
    ours, theirs = (build("mlp", (6,), 3, seed=2, hidden=(5,)) for _ in range(2))
    one, other = Adam(ours.parameters(), lr=0.02), torch.optim.Adam(theirs.parameters(), lr=0.02)
    x, y = torch.linspace(-1, 1, 60).view(10, 6), torch.arange(10) % 3
    for _ in range(5):
        for module, optimiser in ((ours, one), (theirs, other)):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(module(x), y).backward()
            for name in left_alone:
                module.get_parameter(name).grad = None
            optimiser.step()
    for name, parameter in ours.named_parameters():
        assert torch.equal(parameter, theirs.get_parameter(name)), name
    assert bool(one.state()) == (not left_alone)
