"""A run forked from a checkpoint: the parent's bytes where nothing is changed, the scratch run's where a rate is."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError, UnknownFieldError
from nnprobe_core.frame import CHECKPOINTS, FILM, SETTLED, TRACKS, decode, encode
from nnprobe_core.training.fork import CHANGEABLE, fork
from nnprobe_core.training.schedule import frame_steps
from nnprobe_core.training.trainer import Trainer, train

#: 4 steps an epoch; 46 frames; checkpoints with frames 20, 40 and 45.
CONFIG = RunConfig(hidden=(6, 3), n_train=50, n_test=40, batch_size=32, steps=90, frames=46, lr_schedule=((50, 0.004),))
STEPS = frame_steps(CONFIG.steps, CONFIG.frames)
FIRST, SECOND = STEPS[20], STEPS[40]


@pytest.fixture(scope="module")
def parent():
    return [decode(encode(frame), track=frame.track) for frame in train(CONFIG, tracks=TRACKS)]


@pytest.fixture(scope="module")
def saved(parent):
    return of(parent, CHECKPOINTS)


def of(frames, track):
    return [frame for frame in frames if frame.track == track]


def sha(frames, track, after=-1):
    return {f.step: hashlib.sha256(encode(f)).hexdigest() for f in of(frames, track) if f.step > after}


def played(branch):
    return list(Trainer(branch.config, checkpoints=branch.checkpoints).frames())


@pytest.mark.parametrize("step", [FIRST, FIRST + 3, SECOND])
def test_with_nothing_changed_it_is_the_parents_continuation_byte_for_byte(parent, saved, step):
    branch = fork(CONFIG, saved, CONFIG.to_mapping(), step)
    assert (branch.step, branch.config, branch.fresh) == (SECOND if step == SECOND else FIRST, CONFIG, False)
    frames = played(branch)
    assert sha(frames, FILM) == sha(parent, FILM, after=branch.step)
    assert sha(frames, SETTLED) == sha(parent, SETTLED)  # of all frames, those before the fork too
    assert len(of(frames, SETTLED)) == 46


def test_a_dropped_rate_is_the_run_that_had_it_in_its_schedule(saved):
    branch = fork(CONFIG, saved, {"lr": "0.001"}, FIRST)
    assert branch.config == replace(CONFIG, lr_schedule=((FIRST, 0.001), (50, 0.004)))
    scratch = list(train(branch.config, tracks=TRACKS))
    frames = played(branch)
    assert sha(frames, FILM) == sha(scratch, FILM, after=FIRST)
    assert sha(frames, SETTLED) == sha(scratch, SETTLED)


def test_a_schedule_is_changed_from_the_fork_on(saved):
    branch = fork(CONFIG, saved, {"lr_schedule": "5:1,85:0.1"}, SECOND)
    assert branch.config.lr_schedule == ((50, 0.004), (SECOND, 1.0), (85, 0.1))  # what was before the fork was
    # Without a schedule the rate is the run's own again.
    assert fork(CONFIG, saved, {"lr_schedule": ()}, SECOND).config.lr_schedule == ((50, 0.004), (SECOND, 0.01))
    assert fork(CONFIG, saved, {"lr": 0.2}, SECOND).config.lr_schedule == ((50, 0.004), (SECOND, 0.2))
    assert fork(CONFIG, saved, {"lr_schedule": ()}, FIRST).config.lr_schedule == ()
    both = fork(CONFIG, saved, {"lr": 0.5, "lr_schedule": ((FIRST, 0.25),)}, FIRST)
    assert both.config.lr_schedule == ((FIRST, 0.25),)


def test_longer_training_goes_on_from_the_last_checkpoint(saved):
    branch = fork(CONFIG, saved, {"steps": 120}, 90)
    frames = played(branch)
    steps = [step for step in frame_steps(120, CONFIG.frames) if step > 90]
    assert [frame.step for frame in of(frames, FILM)] == steps
    assert [frame.step for frame in of(frames, SETTLED)] == [*STEPS, *steps]
    longer = list(train(replace(CONFIG, steps=120), tracks=TRACKS))
    for step in steps:  # it is as if it had been longer from the start; only the frames lie elsewhere
        ours, theirs = (next(f for f in of(run, FILM) if f.step == step) for run in (frames, longer))
        np.testing.assert_array_equal(ours.arrays["series.loss"], theirs.arrays["series.loss"])
        np.testing.assert_array_equal(ours.arrays["boundary.class"], theirs.arrays["boundary.class"])


@pytest.mark.parametrize(
    ("change", "fresh"),
    [
        ({"optimiser": "momentum"}, True),
        ({"optimiser": "rmsprop"}, True),
        ({"optimiser": "sgd"}, True),
        ({"weight_decay": 0.1}, False),
        ({"batch_size": 10}, False),
        ({"batch_size": "full"}, False),
        ({"shuffle": False}, False),
        ({"seed_batch": 3}, False),
    ],
    ids=str,
)
def test_other_settings_hold_from_the_fork_on(parent, saved, change, fresh):
    branch = fork(CONFIG, saved, change, FIRST)
    assert (branch.fresh, branch.step) == (fresh, FIRST)
    frames = played(branch)
    assert [frame.step for frame in of(frames, FILM)] == [step for step in STEPS if step > FIRST]
    assert len(of(frames, SETTLED)) == 46
    assert sha(frames, FILM)[90] != sha(parent, FILM)[90]
    assert [encode(frame) for frame in played(fork(CONFIG, saved, change, FIRST))] == [encode(f) for f in frames]


@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_a_momentum_that_comes_or_goes_starts_anew(momentum):
    config = replace(CONFIG, optimiser="momentum", momentum=momentum, steps=40, frames=25)
    saved = of(train(config, tracks=TRACKS), CHECKPOINTS)
    assert fork(config, saved, {"momentum": 0.5 - momentum}, 40 - 1).fresh
    assert not fork(config, saved, {"momentum": momentum}, 40 - 1).fresh
    assert played(fork(config, saved, {"momentum": 0.5 - momentum}, 40 - 1))[-1].step == 40


def test_a_fork_is_continued_from_its_own_checkpoints_and_forked_again(saved):
    branch = fork(CONFIG, saved, {"optimiser": "sgd", "lr": 0.1}, FIRST)
    frames = [decode(encode(frame), track=frame.track) for frame in played(branch)]
    own = [*branch.checkpoints, *of(frames, CHECKPOINTS)[:1]]
    assert own[-1].step == SECOND
    rest = list(Trainer(branch.config, checkpoints=own).frames())
    assert sha(rest, FILM) == sha(frames, FILM, after=SECOND)
    assert sha(rest, SETTLED) == sha(frames, SETTLED)

    again = fork(branch.config, own, {}, SECOND)
    assert sha(played(again), FILM) == sha(frames, FILM, after=SECOND)
    # From where the parent's checkpoint was, with the fork's settings: the fork itself.
    before = fork(branch.config, own, {}, FIRST)
    assert sha(played(before), FILM) == sha(frames, FILM)


def test_what_cannot_be_changed_is_said(saved):
    for changes, sentence in (
        ({"hidden": "8-8"}, r"hidden must be 6-3 as in the run that is forked, of which it goes on, got '8-8'"),
        ({"noise": 0.2}, r"noise must be 0.05 as in the run that is forked"),
        ({"steps": FIRST}, rf"steps must be above {FIRST}, at which the run is forked, got {FIRST}"),
        ({"lr": "fast"}, "lr must be a number from 1e-07 to 100, got 'fast'"),
    ):
        with pytest.raises(ConfigError, match=sentence):
            fork(CONFIG, saved, changes, FIRST)
    with pytest.raises(UnknownFieldError, match="Unknown field colour; the known ones are optimiser, lr"):
        fork(CONFIG, saved, {"colour": "red"}, FIRST)
    with pytest.raises(ConfigError, match=rf"step must be at least {FIRST}, where the run can be forked first, got 5"):
        fork(CONFIG, saved, {}, 5)
    with pytest.raises(ConfigError, match="step must be of a checkpoint"):
        fork(CONFIG, [], {}, 5)
    assert set(CHANGEABLE) <= set(CONFIG.to_mapping())
