"""A status that is kept true: its state and figures, and the time that a run has trained, without its pauses."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from app.jobs.reporter import Reporter
from app.store.recorder import Recorder
from nnprobe_core.frame import Frame
from nnprobe_core.record import DONE, PAUSED, QUEUED, RUNNING, MemoryFrameLog, Status
from nnprobe_core.training.conductor import Progress


class Job:
    """What a job has of a run: progress, recorder and reporter, on a clock that is set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.log = 1000.0, MemoryFrameLog()
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        self.log.create(Status("one", QUEUED, elapsed=5.0))
        self.recorder, self.progress = Recorder(self.log, "one"), Progress(0, 90, 0.0, 0.01, pace=60.0)
        self.reporter = Reporter(self.log, self.log.status("one"))

    def after(self, seconds: float) -> Status:
        """What is written down when so much time has passed."""
        self.now += seconds
        self.reporter.tell()
        return self.log.status("one")


@pytest.fixture
def job(monkeypatch) -> Callable[[], Job]:
    return Job(monkeypatch)


def test_elapsed_counts_neither_the_line_nor_pauses_and_goes_on_from_what_was_before(job):
    job.now += 100  # in the line
    job.reporter.say(state=RUNNING)
    job.now += 7  # until it has its points
    job.reporter.follow(job.progress, job.recorder)
    assert job.after(2).elapsed == 7
    job.progress.paused = True
    paused = job.after(3)
    assert (paused.state, paused.elapsed) == (PAUSED, 10)  # up to the pause it ran
    assert job.reporter.paused_at is not None
    assert job.after(1000).elapsed == 10
    job.progress.paused = False
    resumed = job.after(500)
    assert (resumed.state, resumed.elapsed) == (RUNNING, 10)
    assert job.reporter.paused_at is None
    assert job.after(4).elapsed == 14
    job.now += 1
    job.reporter.end(DONE, "")
    assert (job.log.status("one").state, job.log.status("one").elapsed) == (DONE, 15)
    job.reporter.tell()
    assert job.log.status("one").state == DONE  # a last word is the last


def test_figures_are_written_ten_times_a_second_and_a_new_state_or_frame_of_a_pause_at_once(job):
    job.reporter.say(state=RUNNING)
    job.reporter.follow(job.progress, job.recorder)
    job.progress.step, job.progress.epoch, job.progress.lr, job.progress.steps_per_s = 9, 1.5, 0.02, 77.0
    assert job.after(0.0625).step == 0
    told = job.after(0.0625)
    assert (told.step, told.steps, told.epoch, told.lr, told.pace, told.steps_per_s) == (9, 90, 1.5, 0.02, 60, 77)
    job.progress.paused, job.progress.step = True, 10
    assert (job.after(0.01).state, job.log.status("one").step) == (PAUSED, 10)
    job.progress.step = 11
    assert job.after(1000).step == 10  # nothing happens in a pause, but for a step by hand:
    job.recorder.append(Frame(11, {}))
    assert (job.after(0.1).step, job.log.status("one").frames) == (11, 1)
