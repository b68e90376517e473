"""The run that breaks a limit is the one that ends, and nobody else's film pays for it."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import pytest
from live_server import LONG, LiveServer

from app.jobs import allowance, runs
from app.jobs.allowance import Room, Stint, TooLargeError
from app.jobs.runs import Runs
from app.settings import Settings
from app.store.disk import DiskFrameLog
from app.store.names import Names
from nnprobe_core.record import DONE, RUNNING, Status

MB = 2**20


@pytest.fixture
def store(tmp_path):
    log = DiskFrameLog(tmp_path / "films")
    yield Runs(Settings(tmp_path, max_jobs=2, max_bytes=10 * MB), log)
    log.close()


def film(store, run, megabytes, *, created, state=RUNNING):
    store.log.create(Status(run, RUNNING, created=created))
    for seq in range(2 * megabytes):
        store.log.append(run, seq, bytes(MB // 2))
    store.log.set_status(replace(store.log.status(run), state=state))


def left(store):
    return {status.run for status in store.log.runs()}


def test_a_run_beyond_its_quota_ends_before_it_costs_anybody_a_film(store):
    film(store, "others", 4, created=1, state=DONE)
    film(store, "greedy", 5, created=2)
    room = Room(store, "greedy")
    room.add(5 * MB)
    store.log.append("greedy", 10, bytes(MB // 2))
    with pytest.raises(TooLargeError, match=r"at most 5242880 bytes \(NNPROBE_MAX_RUN_BYTES\), got 5767168"):
        room.add(MB // 2)
    assert left(store) == {"others", "greedy"}


def test_where_all_are_too_many_the_largest_that_trains_ends_and_the_small_one_goes_on(store):
    film(store, "watched", 4, created=1, state=DONE)
    film(store, "old", 1, created=2, state=DONE)
    film(store, "small", 2, created=3)
    film(store, "large", 5, created=4)
    store.watch("watched", active=False)
    Room(store, "small").look()  # the old film went, and it is not enough: but this run is not at fault
    assert left(store) == {"watched", "small", "large"}
    with pytest.raises(TooLargeError, match=r"at most 10485760 bytes \(NNPROBE_MAX_BYTES\), got 11534336"):
        Room(store, "large").look()
    store.log.set_status(replace(store.log.status("large"), state="failed"))
    Room(store, "small").look()
    assert left(store) == {"watched", "small"}


def test_a_film_with_a_name_makes_no_room_for_others(store):
    film(store, "mine", 4, created=1, state=DONE)
    film(store, "other", 4, created=2, state=DONE)
    film(store, "grows", 4, created=3)
    Names(store.settings, store.log).give("mine", "for the lecture")
    Room(store, "grows").look()
    assert left(store) == {"mine", "grows"}


def test_a_film_is_in_sight_for_some_minutes(store, monkeypatch):
    film(store, "one", 1, created=1, state=DONE)
    store.watch("one", active=False)
    assert store.in_sight() == {"one"}
    monkeypatch.setattr(runs, "IN_SIGHT", 0.0)
    assert store.in_sight() == set()
    assert list((store.settings.home / "sights").iterdir()) == []


def test_time_and_memory_end_a_stint_with_a_sentence(monkeypatch):
    monkeypatch.setattr(allowance, "_LOOK_EVERY", 0.01)
    short, small = Stint(0.03, 2**50), Stint(10**6, MB)
    time.sleep(0.05)
    assert "NNPROBE_MAX_MEMORY" in small.over(paused=False)
    assert "(NNPROBE_MAX_SECONDS); it can be continued." in short.over(paused=False)
    paused = Stint(0.03, 2**50)
    time.sleep(0.05)
    assert paused.over(paused=True) == ""


def test_the_time_of_a_stint_adds_up_without_its_pauses(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    stint, ends = Stint(10, 2**50), []
    for paused in [False, True, True, False, True, False]:
        clock[0] += 4
        ends.append("NNPROBE_MAX_SECONDS" in stint.over(paused=paused))
    assert ends == [False] * 5 + [True]  # twelve seconds of twenty-four
    clock[0] += 0.5
    assert Stint(0, 2**50).over(paused=False) == ""  # nobody looks more often than once a second


def test_runs_end_by_time_and_forks_take_no_room(tmp_path):
    """Real jobs: twenty forks of a film are admitted where its copies would not fit, and outlive it."""
    with LiveServer(tmp_path, NNPROBE_MAX_JOBS="1", NNPROBE_MAX_SECONDS="2", NNPROBE_MAX_BYTES=str(16 * MB)) as lab:
        run = lab.start(LONG)
        status = lab.wait(run, "stopped")
        assert "2 seconds of training" in status["message"]
        size = lab.json("GET", "/api/health")[1]["size"]
        forks = []
        for _ in range(20):
            code, body = lab.json("POST", f"/api/runs/{run}/fork", {"seq": status["frames"] - 1})
            assert code == 201, body
            forks.append(body["run"])
            lab.command(body["run"], "stop")
        assert lab.json("GET", "/api/health")[1]["size"] < size + 8 * MB
        film = lab.film(run)
        for fork in forks:
            lab.wait(fork, "stopped")
            shared = lab.film(fork)
            assert shared[1:40] == film[1:40]
        assert os.stat(tmp_path).st_mode & 0o777 == 0o700
