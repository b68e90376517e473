"""Engines in the school: jobs on the autograd library and on a student's, whose failures are sentences and no more."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from live_server import LONG, LiveServer

from nnprobe_core.course.copy import new
from nnprobe_core.frame import unpack

CONFIG = {"steps": 60, "frames": 20, "n_train": 30, "n_test": 20, "hidden": "4-4", "engine": "autograd"}


def digests(frames: list[bytes]) -> list[str]:
    return [hashlib.sha256(data).hexdigest() for data in frames]


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A folder whose library is whole but for ``adam``."""
    folder = tmp_path_factory.mktemp("course") / "mine"
    new(folder, ["adam"])
    return folder


@pytest.fixture(scope="module")
def school(course, tmp_path_factory):
    with LiveServer(tmp_path_factory.mktemp("home"), NNPROBE_COURSE=str(course), NNPROBE_MAX_JOBS="2") as server:
        yield server


def test_a_job_and_the_command_line_give_the_same_bytes(school, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    command = [sys.executable, "-m", "app", "train", "--config", "config.json", "--out", "run.film"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    expected = digests(list(unpack((tmp_path / "run.film").read_bytes())))
    run = school.start(CONFIG)
    school.wait(run, "done")
    assert digests(school.film(run)) == expected


def test_a_stopped_job_goes_on_with_the_same_bytes(school):
    config = {**CONFIG, "steps": 300, "frames": 300}
    whole = school.start(config)
    school.wait(whole, "done")
    run = school.start(config)
    school.wait(run, lambda status: status["frames"] > 60)
    school.command(run, "stop")
    stopped = school.wait(run, "stopped")
    assert stopped["step"] < 300
    school.command(run, "resume")
    school.wait(run, "done")
    film = [data for data in school.film(run) if b'"extra":true' not in data.replace(b" ", b"").replace(b"\\", b"")]
    assert digests(film) == digests(school.film(whole))


def test_a_students_library_trains_with_what_is_done(school):
    run = school.start({**CONFIG, "engine": "course", "optimiser": "sgd"})
    assert school.wait(run, lambda status: status["state"] not in ("queued", "running"))["state"] == "done"


def test_what_a_student_has_not_done_is_told_on_the_page_and_the_lab_lives_on(school, course):
    run = school.start({**CONFIG, "engine": "course", "optimiser": "adam"})
    status = school.wait(run, "failed")
    where, code, said = status["message"].split("\n")
    path = course / "nn_lib" / "optim" / "adam.py"
    line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if "raise ExerciseNot" in text)
    assert where == f"your code, nn_lib/optim/adam.py, line {line}:"
    assert code.startswith("    raise ExerciseNotDone(")
    assert said.startswith("ExerciseNotDone: Adam.step: take a step of Adam")
    assert school.wait(school.start(CONFIG), "done")


def changed(path: Path, body: str) -> str:
    """Put ``body`` before what ``step`` does; what was there before."""
    before, head = path.read_text(), "    def step(self) -> None:\n"
    assert head in before
    path.write_text(before.replace(head, head + "".join(f"        {line}\n" for line in body.splitlines())))
    return before


@pytest.mark.skipif(sys.platform != "linux", reason="the system has no such limit")
def test_a_memory_hog_is_stopped(school, course):
    path = course / "nn_lib" / "optim" / "sgd.py"
    before = changed(path, "hog = [0] * 300_000_000")
    try:
        status = school.wait(school.start({**CONFIG, "engine": "course", "optimiser": "sgd"}), "failed")
    finally:
        path.write_text(before)
    line = before.splitlines().index("    def step(self) -> None:") + 2
    assert status["message"].split("\n") == [
        f"your code, nn_lib/optim/sgd.py, line {line}:",
        "    hog = [0] * 300_000_000",
        "It was stopped when it asked for more than 1 GiB of memory.",
    ]


def test_a_loop_without_end_obeys_stop(school, course):
    """Before its time limit, and even where it swallows what should stop it."""
    path = course / "nn_lib" / "optim" / "rmsprop.py"
    before = changed(path, "while True:\n    try:\n        while True: pass\n    except BaseException: pass")
    try:
        run = school.start({**CONFIG, "engine": "course", "optimiser": "rmsprop"})
        school.wait(run, "running")
        time.sleep(0.5)
        school.command(run, "stop")
        school.wait(run, "stopped")
    finally:
        path.write_text(before)
    assert school.wait(school.start(CONFIG), "done")


def test_the_form_offers_a_students_library_where_there_is_one(school, lab):
    def choices(server: LiveServer) -> list[str]:
        text = json.dumps(server.json("GET", "/_dash-layout")[1])
        return [name for name in ("kernel", "autograd", "course") if f'"value": "{name}"' in text]

    assert choices(school) == ["kernel", "autograd", "course"]
    assert choices(lab) == ["kernel", "autograd"]
    status, body = lab.json("POST", "/api/runs", {**LONG, "engine": "course"})
    assert (status, body["field"]) == (400, "engine")
    assert body["error"] == "engine must be kernel or autograd on this server, got 'course'."


def test_a_browser_cannot_name_the_folder(school):
    status, body = school.json("POST", "/api/runs", {**CONFIG, "engine": "/tmp"})
    assert (status, body["field"]) == (400, "engine")
    status, body = school.json("POST", "/api/runs", {**CONFIG, "course": "/tmp"})
    assert (status, body["field"]) == (400, "course")
