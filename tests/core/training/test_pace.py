"""Pace, pause and steps by hand, in the trainer and in a study alike, on a clock that is set by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from hand_clock import HandClock, TimedInbox

from nnprobe_core.config import RunConfig
from nnprobe_core.frame import FILM
from nnprobe_core.record import Command
from nnprobe_core.training.conductor import Conductor, Progress
from nnprobe_core.training.trainer import Trainer

#: A frame for every step, and for the last of 90.
EVERY = RunConfig(hidden=(2,), n_train=20, n_test=20, batch_size=8, steps=60, frames=61)
FAR = RunConfig(hidden=(2,), n_train=20, n_test=20, batch_size=8, steps=90, frames=2)

#: From the clock to an inbox, where the work is, and its frames at ten a second.
Paced = Callable[[HandClock], tuple[TimedInbox, Progress, Iterator[object]]]


def trainer(clock: HandClock) -> tuple[TimedInbox, Progress, Iterator[object]]:
    inbox, made = TimedInbox(clock), Trainer(EVERY)
    return inbox, made.progress, (frame for frame in made.frames(inbox, pace=10) if frame.track == FILM)


def study(clock: HandClock) -> tuple[TimedInbox, Progress, Iterator[object]]:
    inbox, progress = TimedInbox(clock), Progress(0, 60, 0.0, 0.0)
    conductor = Conductor(progress, inbox, pace=10)

    def frames() -> Iterator[object]:
        for step in range(61):
            if not conductor.go():
                return
            conductor.shown(step)
            yield step

    return inbox, progress, frames()


both = pytest.mark.parametrize("begin", [trainer, study])


@pytest.fixture
def clock(monkeypatch) -> HandClock:
    made = HandClock()
    monkeypatch.setattr(time, "monotonic", made)
    return made


def on_pace(clock: HandClock, frames: Iterator[object]) -> None:
    """Draw frames until they come every tenth of a second: what could be caught up with is."""
    last = clock.now
    while next(frames) is not None and clock.now - last != pytest.approx(0.1):
        last = clock.now


@both
def test_a_frame_that_takes_long_is_caught_up_with_if_it_took_less_than_a_quarter_of_a_second(begin: Paced, clock):
    _, _, frames = begin(clock)
    on_pace(clock, frames)
    grid = clock.now
    clock.now += 0.24  # somebody takes so long over a frame
    late = []
    for _ in range(4):
        next(frames)
        late.append(clock.now - grid)
    assert late == pytest.approx([0.24, 0.24, 0.3, 0.4])


@both
def test_of_a_longer_delay_a_quarter_of_a_second_is_caught_up_with(begin: Paced, clock):
    _, _, frames = begin(clock)
    on_pace(clock, frames)
    clock.now += 100
    began, seen = clock.now, []
    for _ in range(6):
        next(frames)
        seen.append(clock.now - began)
    assert seen == pytest.approx([0, 0, 0, 0, 0.05, 0.15])  # the one that is due, and those of .25 s


@both
def test_a_pause_is_no_delay_to_be_caught_up_with_nor_counted_in_the_speed(begin: Paced, clock, monkeypatch):
    inbox, progress, frames = begin(clock)
    on_pace(clock, frames)
    inbox.put(Command("pause"))

    def resumed(seconds: float | None = None) -> bool:
        assert seconds is None
        clock.now += 1000
        inbox.put(Command("resume"))
        monkeypatch.undo()
        monkeypatch.setattr(time, "monotonic", clock)
        return True

    monkeypatch.setattr(inbox, "wait", resumed)
    began, seen = clock.now + 1000, []
    for _ in range(5):
        next(frames)
        seen.append(clock.now - began)
    assert seen == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert 9 < progress.steps_per_s < 13  # of the steps since, in the time since


@both
def test_a_step_by_hand_waits_for_no_pace(begin: Paced, clock):
    inbox, progress, frames = begin(clock)
    on_pace(clock, frames)
    inbox.put(Command("pace", 0.1))
    next(frames)
    next(frames)
    before = clock.now
    for _ in range(3):
        inbox.put(Command("step"))
        next(frames)
    assert clock.now == before
    inbox.put(Command("resume"))
    next(frames)
    assert clock.now > before + 9  # the others still wait for theirs
    assert not progress.paused


@both
def test_a_pace_set_anew_holds_from_now_on(begin: Paced, clock):
    inbox, progress, frames = begin(clock)
    on_pace(clock, frames)
    inbox.put(Command("pace", 2.0))
    began, seen = clock.now, []
    for _ in range(4):
        next(frames)
        seen.append(clock.now - began)
    assert seen == pytest.approx([0, 0.5, 1.0, 1.5])
    assert progress.pace == 2


@both
def test_after_resume_nothing_is_left_of_the_steps_that_were_asked_for(begin: Paced, clock):
    inbox, progress, frames = begin(clock)
    next(frames)
    for kind in ("step", "step", "resume"):
        inbox.put(Command(kind))
    for _ in range(5):
        next(frames)
    assert not progress.paused


@pytest.mark.parametrize(
    ("commands", "step"),
    [(["step"], 1), (["step"] * 2, 2), (["step"] * 5, 5), (["epoch"], 5), (["epoch", "step"], 6), (["epoch"] * 2, 10)],
)
def test_steps_and_epochs_that_arrive_together_add_up(clock, commands, step):
    """Of a run whose next frame is far away: 5 steps an epoch, 40 points in batches of 8."""
    inbox, made = TimedInbox(clock), Trainer(FAR)
    frames = made.frames(inbox)
    assert next(frames).step == 0
    for kind in ["pause", *commands]:
        inbox.put(Command(kind))
    frame = next(frames)
    assert (frame.step, frame.extra) == (step, True)
    inbox.put(Command("stop"))
    assert [frame.step for frame in frames] == []  # paused where that frame was
    assert made.progress.step == step


def test_an_epoch_by_hand_is_paced_up_to_its_last_frame(clock):
    inbox, made = TimedInbox(clock), Trainer(EVERY)
    frames = made.frames(inbox, pace=10)
    on_pace(clock, frames)
    began = clock.now
    inbox.put(Command("epoch"))
    for _ in range(5):
        next(frames)
    assert clock.now - began == pytest.approx(0.4)  # four in their time, and the last as a step by hand
