"""The line in front of the slots while its members die: whoever stands behind moves up."""

from __future__ import annotations

import os
import signal
import time

import pytest
from live_server import LONG, LiveServer

from app.jobs.runs import Runs
from app.settings import Settings
from nnprobe_core.record import QUEUED, MemoryFrameLog, Status


@pytest.fixture
def lab(tmp_path):
    with LiveServer(tmp_path, NNPROBE_MAX_JOBS="1") as server:
        yield server


def process_of(lab, run, seconds=30):
    """The process that stands in line with ``run``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            return lab.pid(run)
        except (FileNotFoundError, ValueError):
            time.sleep(0.02)
    raise AssertionError(f"{run} has no process")


def test_a_waiting_job_that_is_killed_is_buried_and_whoever_is_behind_moves_up(lab):
    running = lab.start(LONG)
    lab.wait(running, "running")
    waiting = [lab.start({**LONG, "steps": 30, "frames": 30}) for _ in range(3)]
    for run in waiting[:2]:
        os.kill(process_of(lab, run), signal.SIGKILL)
        status = lab.wait(run, "lost", seconds=5)
        assert status["message"].startswith("The process died")
        assert status["queue_place"] == 0
    assert lab.wait(waiting[2], lambda status: status["queue_place"] == 1)["state"] == "queued"
    # Nobody asked for its status: it is found out all the same.
    os.kill(process_of(lab, waiting[2]), signal.SIGKILL)
    last = lab.start({**LONG, "steps": 30, "frames": 30})
    end = time.monotonic() + 120
    while (lab.home / "slots" / f"{waiting[2]}.ticket").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    lab.command(running, "stop")
    lab.wait(last, "done")
    health = lab.json("GET", "/api/health")[1]
    assert (health["running"], health["queued"]) == (0, 0)
    states = {status["run"]: status["state"] for status in lab.json("GET", "/api/runs")[1]["runs"]}
    assert [states[run] for run in waiting] == ["lost"] * 3


# The same without processes


@pytest.fixture
def runs(tmp_path):
    return Runs(Settings(tmp_path, max_jobs=1), MemoryFrameLog())


class Line:
    """Runs that stand in line at a server that lives."""

    def __init__(self, runs: Runs, *names: str) -> None:
        from app.jobs.servers import Server

        self.runs, self.server = runs, Server.start(runs.settings)
        for name in names:
            runs.log.create(Status(name, QUEUED))
            runs.slots.admit(name, self.server.id)
            runs.slots.line_up(name)


def test_a_ticket_is_worth_as_much_as_the_process_that_held_it(runs):
    line = Line(runs, "one", "two", "three")
    lock = runs.lock("one")
    lock.acquire(text="7")
    runs.slots.hold("one")
    assert [ticket.run for ticket in runs.slots.line()] == ["one", "two", "three"]
    lock.release()
    assert runs.status("one").state == "lost"
    assert [status.queue_place for status in reversed(runs.all())] == [0, 1, 2]
    assert runs.status("two").queue_place == 1
    line.server.lock.release()
    runs.sweep()
    assert runs.slots.waiting() == 0
    assert [runs.log.status(run).state for run in ("two", "three")] == ["stopped", "stopped"]


def test_a_hundred_who_wait_are_counted_without_asking_after_each(runs, monkeypatch):
    Line(runs, *(f"run-{number:03}" for number in range(100)))
    asked = []
    monkeypatch.setattr(runs.log, "status", lambda run: asked.append(run) or Status(run, QUEUED))
    assert (runs.slots.taken(), runs.slots.waiting()) == (0, 100)
    assert asked == []
    assert [status.queue_place for status in reversed(runs.all())] == list(range(1, 101))
    assert len(asked) <= 100  # each once, not each for each
