"""What happens when things go wrong, with real servers and real processes."""

from __future__ import annotations

import os
import signal
import time

import psutil
import pytest
from live_server import LONG, LiveServer

from nnprobe_core.frame import decode, header


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    home = tmp_path_factory.mktemp("lab")
    settings = {"NNPROBE_MAX_JOBS": "2", "NNPROBE_MAX_WAITING": "2", "NNPROBE_UNWATCHED": "3"}
    with LiveServer(home, **settings) as server:
        yield server


def some_frames(status):
    return status["frames"] > 5


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def gone(pid: int, seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.02)
    return not alive(pid)


def test_a_killed_job_is_lost_its_film_readable_its_slot_free_and_it_can_be_continued(lab):
    run = lab.start(LONG)
    lab.wait(run, lambda status: status["frames"] > 30)
    os.kill(lab.pid(run), signal.SIGKILL)
    status = lab.wait(run, "lost")
    assert status["message"].startswith("The process died")
    film = lab.film(run)
    assert status["frames"] == len(film) > 30
    assert [decode(data).step for data in film] == sorted({decode(data).step for data in film})
    assert lab.json("GET", "/api/health")[1]["running"] == 0

    code, body = lab.command(run, "resume")
    assert (code, list(body)) == (202, ["number"])
    lab.wait(run, lambda now: now["state"] == "running" and now["frames"] > len(film))
    assert lab.film(run)[: len(film)] == film
    steps = [header(data)["step"] for data in lab.film(run)]
    assert steps == sorted(set(steps))


def test_stop_works_over_plain_http_and_a_stopped_run_takes_no_command(lab):
    run = lab.start(LONG)
    lab.wait(run, some_frames)
    pid = lab.pid(run)
    assert lab.command(run, "stop")[0] == 202
    assert lab.wait(run, "stopped")["message"] == "Stopped."
    assert gone(pid)
    for kind in ("stop", "pause", "step"):
        code, body = lab.command(run, kind)
        assert code == 409
        assert "must be active" in body["error"]


def test_a_job_that_does_not_obey_is_killed_within_seconds(lab):
    run = lab.start(LONG)
    lab.wait(run, some_frames)
    lab.command(run, "pause")
    lab.wait(run, "paused")  # so that it is not held while it writes to what all share
    pid = lab.pid(run)
    os.kill(pid, signal.SIGSTOP)
    assert lab.command(run, "stop")[0] == 202
    assert "did not obey" in lab.wait(run, "stopped")["message"]
    assert gone(pid)


def test_pause_step_epoch_rate_and_resume(lab):
    run = lab.start(LONG)
    lab.wait(run, some_frames)
    assert lab.command(run, "pause")[0] == 202
    paused = lab.wait(run, "paused")
    time.sleep(0.2)
    now = lab.status(run)
    assert (now["step"], now["frames"]) == (paused["step"], paused["frames"])
    lab.command(run, "step")
    stepped = lab.wait(run, lambda status: status["step"] == paused["step"] + 1)
    assert lab.wait(run, "paused")["step"] == stepped["step"]
    lab.command(run, "lr", 0.001)
    assert lab.wait(run, lambda status: status["lr"] == 0.001)["state"] == "paused"
    lab.command(run, "resume")
    lab.wait(run, lambda status: status["state"] == "running" and status["step"] > stepped["step"] + 3)


def test_a_paused_run_that_nobody_watches_gives_its_slot_back(lab):
    run = lab.start(LONG)
    lab.wait(run, some_frames)
    lab.command(run, "pause")
    lab.wait(run, "paused")
    for _ in range(8):  # four seconds, watched
        time.sleep(0.5)
        assert lab.status(run)["state"] == "paused"
    pid = lab.pid(run)
    assert gone(pid, seconds=15)
    status = lab.status(run)
    assert status["state"] == "stopped"
    assert "nobody watched" in status["message"]


def test_a_full_queue_says_so_and_those_who_wait_go_in_order(lab):
    running = [lab.start(LONG) for _ in range(2)]
    for run in running:
        lab.wait(run, "running")
    waiting = [lab.start(LONG) for _ in range(2)]
    assert [lab.wait(run, lambda status: status["queue_place"] > 0)["queue_place"] for run in waiting] == [1, 2]
    before = lab.json("GET", "/api/runs")[1]["runs"]
    code, body = lab.json("POST", "/api/runs", LONG)
    assert code == 429
    assert "at most 2 waiting runs, got 3" in body["error"]
    assert len(lab.json("GET", "/api/runs")[1]["runs"]) == len(before)
    health = lab.json("GET", "/api/health")[1]
    assert (health["running"], health["queued"], health["slots"]) == (2, 2, 2)

    lab.command(running[0], "stop")
    lab.wait(waiting[0], "running")
    assert lab.wait(waiting[1], lambda status: status["queue_place"] == 1)["state"] == "queued"
    assert lab.command(waiting[1], "stop")[0] == 202
    assert lab.wait(waiting[1], "stopped", seconds=2)["frames"] == 0
    assert lab.command(waiting[1], "resume")[0] == 409  # it has not begun


def test_two_equal_launches_are_two_runs_with_the_same_film(lab):
    config = {**LONG, "steps": 40, "frames": 20}
    runs = [lab.start(config) for _ in range(2)]
    assert len(set(runs)) == 2
    for run in runs:
        lab.wait(run, "done")
    assert lab.film(runs[0]) == lab.film(runs[1])
    assert len(lab.film(runs[0])) == 20


def test_what_cannot_run_here_is_refused_before_it_is_a_run(lab):
    before = lab.json("GET", "/api/runs")[1]["runs"]
    code, body = lab.json("POST", "/api/runs", {"device": "cuda"})
    assert (code, body["field"]) == (400, "device")
    assert lab.json("GET", "/api/runs")[1]["runs"] == before


def test_no_job_outlives_its_server_and_every_status_is_true_after_a_restart(tmp_path):
    ended: list[tuple[str, int]] = []
    for number in (signal.SIGTERM, signal.SIGKILL):
        with LiveServer(tmp_path, NNPROBE_MAX_JOBS="2") as lab:
            check_ended(lab, ended)
            running, paused = (lab.start(LONG) for _ in range(2))
            lab.wait(running, lambda status: status["frames"] > 25)
            lab.wait(paused, some_frames)
            lab.command(paused, "pause")
            lab.wait(paused, "paused")
            queued = lab.start(LONG)
            pids = [lab.pid(running), lab.pid(paused)]
            assert "Traceback" not in lab.end(number)
            assert all(gone(pid) for pid in pids)
            ended += [(running, 26), (paused, 6), (queued, 0)]
    with LiveServer(tmp_path) as lab:
        check_ended(lab, ended)
        last = lab.start(LONG)
        lab.wait(last, some_frames)
        pid = lab.pid(last)
        assert "Traceback" not in lab.end(signal.SIGINT)  # Ctrl-C
        assert gone(pid)


def check_ended(lab: LiveServer, runs: list[tuple[str, int]]) -> None:
    for run, frames in runs:
        status = lab.status(run)
        assert (status["state"], status["message"]) == ("stopped", "The server ended.")
        assert status["frames"] == len(lab.film(run)) >= frames
    health = lab.json("GET", "/api/health")[1]
    assert (health["running"], health["queued"]) == (0, 0)


def test_a_web_process_that_dies_is_replaced_and_no_run_is_lost(lab):
    running = [lab.start(LONG) for _ in range(2)]
    for run in running:
        lab.wait(run, some_frames)
    waiting = lab.start(LONG)
    (web,) = psutil.Process(lab.process.pid).children()
    web.kill()
    lab.wait_until_up()
    before = {run: lab.status(run)["frames"] for run in running}
    for run in running:
        lab.wait(run, lambda now: now["state"] == "running" and now["frames"] > before[now["run"]])
    assert lab.status(waiting)["queue_place"] == 1
    lab.command(running[0], "stop")
    lab.wait(waiting, some_frames)
