"""The trainer: same config, same bytes, whatever happens in between; commands; checkpoints; runs that diverge."""

import hashlib
import json
import threading
from dataclasses import replace

import numpy as np
import pytest
import torch

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import load_data
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import CHECKPOINTS, FILM, SETTLED, TRACKS, decode, encode
from nnprobe_core.record import Command
from nnprobe_core.training.inbox import Inbox
from nnprobe_core.training.schedule import frame_steps
from nnprobe_core.training.trainer import Trainer, train

#: 4 steps an epoch, the last batch smaller than the others; 46 frames, 3 checkpoints.
CONFIG = RunConfig(hidden=(6, 3), n_train=50, n_test=40, batch_size=32, steps=90, frames=46, lr_schedule=((50, 0.004),))
STEPS = frame_steps(CONFIG.steps, CONFIG.frames)


def film(frames):
    return [frame for frame in frames if frame.track == FILM]


def scheduled(frames):
    """sha256 of every scheduled film frame, by step."""
    return {frame.step: hashlib.sha256(encode(frame)).hexdigest() for frame in film(frames) if not frame.extra}


def track(frames, name):
    return [frame for frame in frames if frame.track == name]


@pytest.fixture(scope="module")
def whole():
    """All frames of a run nobody disturbs."""
    return list(train(CONFIG, tracks=TRACKS))


def driven(config, script, **given):
    """All frames of a run in which ``script`` maps a step to the commands sent when its frame is out.

    Whenever it pauses, another thread resumes it.
    """
    inbox, trainer, frames = Inbox(), Trainer(config, **given), []
    left = {step: list(commands) for step, commands in script.items()}
    over = threading.Event()

    def resume():
        while not over.wait(0.002):
            if trainer.progress.paused and not inbox:
                inbox.put(Command("resume"))

    thread = threading.Thread(target=resume)
    thread.start()
    try:
        for frame in trainer.frames(inbox):
            frames.append(frame)
            if frame.track == FILM:
                for command in left.pop(frame.step, []):
                    inbox.put(command)
    finally:
        over.set()
        thread.join()
    assert not left
    return trainer, frames


def test_the_film_is_on_schedule_and_says_its_config(whole):
    frames = film(whole)
    assert tuple(frame.step for frame in frames) == frame_steps(CONFIG.steps, CONFIG.frames)
    assert not any(frame.extra for frame in frames)
    assert RunConfig.from_mapping(frames[0].header["config"]) == CONFIG
    assert json.loads(json.dumps(frames[0].header)) == dict(frames[0].header)
    assert all(not frame.header for frame in frames[1:])
    np.testing.assert_allclose(
        [frame.arrays["series.training"] for frame in frames],
        [[CONFIG.lr_at(max(0, frame.step - 1)), frame.step / 4] for frame in frames],
        rtol=1e-6,
    )


def test_tracks_stand_in_order(whole):
    assert len(film(whole)) == len(track(whole, SETTLED)) == 46
    assert [frame.step for frame in track(whole, CHECKPOINTS)] == [film(whole)[index].step for index in (20, 40, 45)]
    kinds = [frame.track for frame in whole]
    assert kinds[-46:] == [SETTLED] * 46
    assert [frame.step for frame in whole[-46:]] == [frame.step for frame in film(whole)]


def test_settled_maps_end_where_the_film_ends(whole):
    last, settled = film(whole)[-1], track(whole, SETTLED)[-1]
    assert set(settled.arrays) == {name for name in last.arrays if name.startswith("map.")}
    # A layer of three units is shown as it is, a wider one in the last frame's plane: there both tracks are one.
    for layer in (1, 2, 3):
        np.testing.assert_allclose(unquantised(settled, layer), unquantised(last, layer), atol=1e-3)


def unquantised(frame, layer):
    q, (lo, hi) = frame.arrays[f"map.{layer}"], frame.arrays[f"map.{layer}.range"].T
    return lo + q / 65534 * (hi - lo)


def test_the_same_config_gives_the_same_bytes(whole):
    again = list(train(CONFIG, tracks=TRACKS))
    assert [encode(frame) for frame in again] == [encode(frame) for frame in whole]


def test_global_generators_and_threads_do_not_matter_and_are_left_alone(whole):
    torch.manual_seed(123)
    np.random.seed(5)
    before, legacy = torch.get_rng_state(), np.random.get_state()[1].copy()
    assert scheduled(train(CONFIG, tracks=TRACKS)) == scheduled(whole)
    assert torch.equal(before, torch.get_rng_state())
    assert (legacy == np.random.get_state()[1]).all()


@pytest.mark.parametrize(
    "change",
    [{"seed_data": 1}, {"seed_init": 1}, {"seed_batch": 1}, {"shuffle": False}, {"lr": 0.02}, {"weight_decay": 0.1}],
)
def test_what_the_config_says_matters(whole, change):
    other = Trainer(replace(CONFIG, **change)).frames()
    frames = [next(other) for _ in range(10)]
    assert list(scheduled(frames).values())[9] != list(scheduled(whole).values())[9]


def test_pause_steps_and_pace_change_no_scheduled_frame(whole):
    script = {
        0: [Command("pace", 1000.0), Command("pause")],
        STEPS[8]: [Command("pause"), Command("step"), Command("step")],
        STEPS[20]: [Command("step")],
        STEPS[30]: [Command("pace", 0.0), Command("epoch")],
    }
    _, frames = driven(CONFIG, script)
    assert scheduled(frames) == scheduled(whole)
    extras = [frame for frame in film(frames) if frame.extra]
    assert extras
    assert {frame.step for frame in extras}.isdisjoint(scheduled(whole))
    assert track(frames, SETTLED)[-1].step == 90
    assert [encode(frame) for frame in track(frames, SETTLED)] == [encode(frame) for frame in track(whole, SETTLED)]


def test_step_and_epoch_pause_afterwards():
    inbox, trainer = Inbox(), Trainer(CONFIG)
    frames = trainer.frames(inbox)
    inbox.put(Command("pause"))
    assert next(frames).step == 0
    for step in range(1, 11):
        inbox.put(Command("step"))
        frame = next(frames)
        assert (frame.step, frame.extra) == (step, step not in STEPS)
    inbox.put(Command("epoch"))
    seen = []
    while not seen or seen[-1] < 14:
        seen.append(next(frames).step)
    assert seen == sorted({14, *(step for step in STEPS if 10 < step <= 14)})
    inbox.put(Command("stop"))  # would be a frame of its own, had it trained on
    assert list(frames) == []


def test_a_changed_rate_is_an_extra_frame_and_an_entry_of_the_schedule(whole):
    step = STEPS[15]
    trainer, frames = driven(CONFIG, {step: [Command("lr", 0.5), Command("lr", 0.03)]})
    assert trainer.config.lr_schedule == ((step, 0.03), (50, 0.004))
    (extra,) = (frame for frame in film(frames) if frame.extra)
    assert (extra.step, extra.header) == (step, {"lr": 0.03})
    later = scheduled(frames)
    assert later[step] == scheduled(whole)[step]
    assert later[90] != scheduled(whole)[90]
    again = scheduled(train(trainer.config, tracks=TRACKS))
    assert {at: again[at] for at in again if at} == {at: later[at] for at in later if at}


def test_stop_ends_the_film_where_it_stands():
    trainer, frames = driven(CONFIG, {STEPS[5]: [Command("step")], STEPS[12]: [Command("stop")]})
    assert trainer.progress.stopped
    assert trainer.progress.step == frames[-1].step == STEPS[12]
    assert not track(frames, SETTLED)
    inbox = Inbox()
    running = Trainer(CONFIG).frames(inbox)
    next(running)
    inbox.put(Command("stop"))
    assert list(running) == []  # nothing was trained since frame 0


def test_commands_end_a_wait_of_ten_seconds_a_frame():
    inbox, trainer = Inbox(), Trainer(CONFIG)
    frames = trainer.frames(inbox, pace=0.1)
    assert [next(frames).step, next(frames).step] == [0, 1]
    timer = threading.Timer(0.1, inbox.put, [Command("pace", 0.0)])
    timer.start()
    assert len(film(frames)) == 44
    assert trainer.progress.pace == 0
    timer.join()


def test_a_command_it_does_not_know_is_an_error():
    inbox = Inbox()
    inbox.put(Command("dance"))
    with pytest.raises(ConfigError, match="dance"):
        list(Trainer(CONFIG).frames(inbox))


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("optimiser", ["momentum", "adam", "rmsprop"])
def test_a_run_goes_on_from_its_checkpoints_with_the_same_bytes(optimiser, count):
    config = replace(CONFIG, optimiser=optimiser)
    complete = list(train(config, tracks=TRACKS))
    saved = [decode(encode(frame), track=CHECKPOINTS) for frame in track(complete, CHECKPOINTS)[:count]]
    rest = list(Trainer(config, checkpoints=saved).frames())
    place = [index for index, frame in enumerate(complete) if frame.track == CHECKPOINTS][count - 1]
    assert [encode(frame) for frame in rest] == [encode(frame) for frame in complete[place + 1 :]]
    assert [frame.track for frame in rest] == [frame.track for frame in complete[place + 1 :]]


def test_a_run_disturbed_by_hand_goes_on_too():
    script = {STEPS[11]: [Command("step")], STEPS[14]: [Command("lr", 0.02)], STEPS[33]: [Command("step")]}
    trainer, frames = driven(CONFIG, script)
    saved = track(frames, CHECKPOINTS)[:1]
    assert saved[0].step > STEPS[14]
    resumed = Trainer(CONFIG, checkpoints=saved)  # the rate set by hand is in the checkpoint
    assert resumed.config == trainer.config
    rest = scheduled(resumed.frames())
    assert rest == {step: sha for step, sha in scheduled(frames).items() if step > saved[0].step}


@pytest.mark.parametrize("set_at", [-1, 0, 1])
def test_after_a_resume_the_rate_is_that_of_the_step_that_led_there(whole, set_at):
    """The schedule changes the rate just before, at, or just after the step that the run goes on from."""
    step = track(whole, CHECKPOINTS)[0].step
    config = replace(CONFIG, lr_schedule=((step + set_at, 0.004),))
    complete = list(train(config, tracks=TRACKS))
    resumed = Trainer(config, checkpoints=track(complete, CHECKPOINTS)[:1])
    led, leads = (0.004 if at >= step + set_at else 0.01 for at in (step - 1, step))
    assert resumed.progress.lr == led
    inbox = Inbox()
    frames = resumed.frames(inbox)
    inbox.put(Command("lr", leads))  # as it is: nothing changes but the frame that says so
    asked = next(frames)
    assert asked.arrays["series.training"][0] == np.float32(led)
    first = next(frames)
    assert first.arrays["series.training"][0] == np.float32(config.lr_at(first.step - 1))
    assert resumed.progress.lr == config.lr_at(first.step)
    after = scheduled([first, *frames])
    assert after == {at: sha for at, sha in scheduled(complete).items() if at > step}


def test_checkpoints_of_another_config_or_not_all_of_them_are_refused(whole):
    saved = track(whole, CHECKPOINTS)
    with pytest.raises(ConfigError, match="same config"):
        Trainer(replace(CONFIG, seed_init=9), checkpoints=saved[:1])
    with pytest.raises(ConfigError, match="from its first on"):
        Trainer(CONFIG, checkpoints=saved[1:2])


def test_a_diverging_run_goes_on_to_its_end():
    config = replace(
        CONFIG, activation="leaky_relu", optimiser="momentum", lr=100, hidden=(16, 16, 16), init_gain=3, lr_schedule=()
    )
    frames = list(train(config, tracks=TRACKS))
    assert tuple(frame.step for frame in film(frames)) == frame_steps(config.steps, config.frames)
    assert np.isnan(film(frames)[-1].arrays["series.loss"]).any()
    assert len(track(frames, SETTLED)) == 46


def test_the_loss_of_a_network_that_is_sure_of_everything_is_torchs():
    config = replace(CONFIG, hidden=(40,), activation="identity", init_gain=100, n_train=600)  # not all points shown
    trainer = Trainer(config)
    losses, points = next(trainer.frames()).arrays["series.loss"], load_data(config)
    sets = ((points.x_train, points.y_train), (points.x_test, points.y_test))
    for place, (x, y) in enumerate(sets):
        logits = torch.from_numpy(trainer._network.logits(x).astype(np.float64))
        assert logits.abs().max() > 1000  # exp of which no float can hold
        expected = torch.nn.functional.cross_entropy(logits, torch.from_numpy(y.astype(np.int64)))
        assert losses[place] == pytest.approx(expected.item(), rel=1e-5)
        assert losses[2 + place] == pytest.approx((logits.argmax(1).numpy() == y).mean())


@pytest.mark.parametrize(
    "config",
    [
        RunConfig(hidden=(), n_train=20, n_test=20, steps=5, frames=3),
        RunConfig(hidden=(2,), n_train=20, n_test=20, steps=5, frames=3, batch_size=0, activation="identity"),
        RunConfig(arms=3, n_train=700, n_test=400, steps=2, frames=2),
        RunConfig(hidden=(1, 70), dataset="xor", n_train=2, n_test=2, steps=40, frames=7, activation="gelu"),
    ],
)
def test_networks_and_data_of_any_shape_make_a_film(config):
    frames = list(train(config, tracks=TRACKS))
    first = film(frames)[0].arrays
    assert first["data.widths"].tolist() == list(config.widths)
    assert len(first["data.x"]) == min(1000, config.points) // config.n_classes * config.n_classes
    assert np.isfinite(film(frames)[-1].arrays["series.loss"]).all()


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_a_missing_device_is_said_in_a_sentence():
    with pytest.raises(ConfigError, match="device must be cpu on a machine without a CUDA device"):
        Trainer(replace(CONFIG, device="cuda"))


def test_progress_tells_the_rate_of_the_next_step_at_every_frame():
    config = replace(CONFIG, steps=8, frames=9, lr_schedule=((3, 0.5), (4, 0.25)))
    trainer = Trainer(config)
    told = [trainer.progress.lr for frame in trainer.frames() if frame.track == FILM]
    assert told == [0.01, 0.01, 0.01, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25]


def test_progress_tells_where_it_is():
    trainer = Trainer(CONFIG)
    assert (trainer.progress.step, trainer.progress.steps, trainer.progress.lr) == (0, 90, 0.01)
    list(trainer.frames())
    progress = trainer.progress
    assert (progress.step, progress.epoch, progress.lr, progress.stopped) == (90, 22.5, 0.004, False)
    assert progress.steps_per_s > 0
