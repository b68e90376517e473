"""The truth about a run: its last word, or what follows from who lives."""

from __future__ import annotations

import os

import pytest

from app.jobs.dispatcher import Dispatcher
from app.jobs.runs import Runs
from app.jobs.servers import Server
from app.services import build_services
from app.settings import Settings
from app.store.disk import DiskFrameLog
from nnprobe_core.config import RunConfig
from nnprobe_core.record import DONE, PAUSED, QUEUED, RUNNING, STOPPED, Command, MemoryFrameLog, Status


@pytest.fixture
def runs(tmp_path):
    return Runs(Settings(tmp_path, max_jobs=1), MemoryFrameLog())


def test_the_truth_about_a_run_depends_on_who_lives(runs):
    server = Server.start(runs.settings)
    runs.log.create(Status("one", QUEUED))
    runs.slots.admit("one", server.id)
    assert runs.status("one").state == QUEUED
    runs.slots.line_up("one")
    assert runs.status("one").queue_place == 1

    job = runs.lock("one")
    job.acquire(text=str(os.getpid()))
    runs.slots.take("one")
    assert runs.status("one").state == QUEUED
    runs.log.set_status(Status("one", PAUSED))
    server.lock.release()
    assert runs.status("one").state == PAUSED
    assert runs.pid("one") == os.getpid()
    job.release()
    assert runs.status("one").state == "lost"
    runs.log.set_status(Status("one", DONE))
    assert runs.status("one").state == DONE


def test_the_last_command_says_how_a_process_died(runs):
    for number, (commands, state) in enumerate(
        [((), "lost"), (("stop",), "stopped"), (("stop", "resume"), "lost"), (("pause", "stop"), "stopped")]
    ):
        run = f"run-{number}"
        runs.log.create(Status(run, RUNNING))
        for kind in commands:
            runs.log.send(run, Command(kind))
        found = runs.status(run)
        assert found.state == state, commands
        assert ("did not obey" in found.message) == (state == "stopped")


def test_a_ticket_is_worth_something_while_its_run_waits_at_a_server_that_lives(runs):
    server = Server.start(runs.settings)
    for run, state in (("unwritten", None), ("waits", QUEUED), ("at-its-end", STOPPED)):
        runs.slots.admit(run, server.id)
        runs.slots.line_up(run)
        if state:
            runs.log.create(Status(run, QUEUED))
            runs.log.set_status(Status(run, state))
    worth = {ticket.run: runs.waits(ticket) for ticket in runs.slots.tickets()}
    runs.slots.hold("waits")  # a process stood in line with it, and lives no more
    assert not runs.waits(runs.slots.ticket("waits"))
    runs.slots.release("waits")
    assert worth == {"unwritten": True, "waits": True, "at-its-end": False}  # bought a moment before it is written down
    runs.slots.leave("unwritten")
    runs.log.create(Status("next", QUEUED))
    runs.slots.admit("next", server.id)
    runs.slots.line_up("next")
    assert {status.run: status.queue_place for status in runs.all()} == {"next": 2, "waits": 1, "at-its-end": 0}
    server.lock.release()
    assert not any(runs.waits(ticket) for ticket in runs.slots.tickets())


def test_a_new_web_process_takes_over_those_in_line_and_expects_those_admitted(tmp_path, monkeypatch):
    settings = Settings(tmp_path, max_jobs=2)
    server = Server.start(settings)
    runs = Runs(settings, DiskFrameLog(settings.folder("films")))
    for run in ("lined-up", "admitted"):
        runs.log.create(Status(run, QUEUED, config=RunConfig().to_mapping()))
        runs.slots.admit(run, server.id)
    runs.slots.line_up("lined-up")
    put, expected = [], []
    monkeypatch.setattr(Dispatcher, "put", lambda _, run, __: put.append(run))
    monkeypatch.setattr(Dispatcher, "expect", lambda _, run: expected.append(run))
    services = build_services(settings, server, warm=False)
    assert (put, expected) == (["lined-up"], ["admitted"])
    assert [services.jobs.status(run).state for run in ("lined-up", "admitted")] == [QUEUED, QUEUED]
    services.close()
    runs.log.close()


def test_a_last_word_is_never_overwritten(runs):
    runs.log.create(Status("one", RUNNING))
    runs.log.set_status(Status("one", DONE))
    assert runs.settle("one", "lost", "dead").state == DONE
