"""The conductor: pause, resume, step, stop and pace of a study, from another thread."""

import threading
import time

import pytest

from nnprobe_core.errors import ConfigError
from nnprobe_core.record import Command
from nnprobe_core.training.conductor import Conductor, Progress
from nnprobe_core.training.inbox import Inbox


def study(inbox, pace=0.0, frames=50):
    """What a study does: its progress, and the generator of its frames."""
    progress = Progress(0, frames, 0.0, 0.0)
    conductor = Conductor(progress, inbox, pace)

    def run():
        for step in range(frames):
            if not conductor.go():
                return
            yield step
            conductor.shown(step)

    return progress, run()


def later(inbox, *commands):
    timer = threading.Timer(0.05, lambda: [inbox.put(command) for command in commands])
    timer.start()
    return timer


def test_it_goes_to_its_end_and_says_where_it_is():
    progress, frames = study(Inbox())
    assert list(frames) == list(range(50))
    assert progress.step == 49
    assert progress.steps_per_s > 0


def test_pause_waits_for_resume():
    inbox = Inbox()
    progress, frames = study(inbox)
    next(frames)
    inbox.put(Command("pause"))
    timer = later(inbox, Command("resume"))
    began = time.monotonic()
    assert next(frames) == 1
    assert time.monotonic() - began > 0.03
    assert not progress.paused
    timer.join()


def test_steps_are_frames_and_pause_afterwards():
    inbox = Inbox()
    progress, frames = study(inbox, pace=0.1)  # a step by hand waits for nothing
    inbox.put(Command("step"))
    inbox.put(Command("step"))
    assert [next(frames), next(frames)] == [0, 1]
    assert not progress.paused
    timer = later(inbox, Command("stop"))
    assert list(frames) == []
    assert progress.paused
    assert progress.stopped
    timer.join()


def test_steps_by_hand_wait_for_no_pace_and_an_epoch_is_paced():
    inbox = Inbox()
    progress = Progress(3, 50, 0.0, 0.0)
    conductor = Conductor(progress, inbox, 0.001, place=3, epoch=5)
    inbox.put(Command("step"))
    inbox.put(Command("step"))
    assert conductor.obey() is None
    assert conductor.pause_at == 5
    inbox.put(Command("lr", 0.5))  # who waits for the pace hears of it, and is not ready
    assert conductor.ready(4)
    assert not conductor.reached(4)
    assert conductor.ready(5)
    assert conductor.reached(5)
    assert progress.paused
    inbox.put(Command("epoch"))
    assert conductor.obey() == 0.5
    assert (conductor.pause_at, progress.paused) == (10, False)
    inbox.put(Command("lr", 0.25))
    assert not conductor.ready(6)
    assert conductor.ready(11)  # no frame before it pauses: nothing to wait for
    assert conductor.obey() == 0.25


def test_a_new_pace_ends_the_wait_for_the_old_one():
    inbox = Inbox()
    progress, frames = study(inbox, pace=0.1)
    assert [next(frames), progress.pace] == [0, 0.1]
    timer = later(inbox, Command("pace", 0.0))
    assert len(list(frames)) == 49
    assert progress.pace == 0
    timer.join()


def test_interruptions_are_seen_at_once_and_unknown_commands_are_errors():
    inbox = Inbox()
    conductor = Conductor(Progress(0, 1, 0.0, 0.0), inbox)
    assert not conductor.interrupted()
    inbox.put(Command("dance"))
    assert conductor.interrupted()
    with pytest.raises(ConfigError, match="dance"):
        conductor.go()
