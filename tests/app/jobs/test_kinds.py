"""A study of another kind than a run is admitted, queued, paused, stopped, killed, continued and reopened like one."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from live_server import LiveServer

from app.summaries.summary import Summary
from nnprobe_core.frame import decode, header

#: A kind that this test adds to the tables of every process of its server.
CUSTOMIZE = """
from nnprobe_core import registry

registry.EXPERIMENTS = {**registry.EXPERIMENTS, "count": "count:Count"}
registry.CONFIGS = {**registry.CONFIGS, "count": "count:CountConfig"}
"""

COUNT = '''
"""Counts: a study that does nothing but come to its end."""

import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nnprobe_core.base_config import BaseConfig
from nnprobe_core.fields import choice, integer
from nnprobe_core.frame import CHECKPOINTS, Frame
from nnprobe_core.training.conductor import Progress


@dataclass(frozen=True)
class CountConfig(BaseConfig):
    KIND: ClassVar[str] = "count"
    steps: int = integer(60, 1, 1000, "Steps", "count", "How far to count.")
    device: str = choice("cpu", ("cpu", "cuda"), "Device", "count", "Where to count.")


class Count:
    def __init__(self, config, *, checkpoints=()):
        self.config = config
        self._step = checkpoints[-1].step + 1 if checkpoints else 0
        self._total = checkpoints[-1].arrays["total"].copy() if checkpoints else np.zeros(1)
        self.progress = Progress(self._step, config.steps, 0, 0)

    def frames(self, inbox=None, pace=0):
        progress = self.progress
        while self._step <= self.config.steps:
            while (command := inbox.poll()) is not None:
                progress.paused = command.kind == "pause" or (progress.paused and command.kind != "resume")
                progress.stopped = progress.stopped or command.kind == "stop"
            if progress.stopped:
                return
            if progress.paused:
                inbox.wait()
                continue
            time.sleep(0.02)
            self._total += self._step
            header = {"config": self.config.to_mapping()} if self._step == 0 else {}
            yield Frame(self._step, {"count.total": self._total.copy()}, header=header)
            if self._step % 10 == 0:
                yield Frame(self._step, {"total": self._total.copy()}, track=CHECKPOINTS)
            progress.step = self._step
            self._step += 1
'''

CONFIG = {"kind": "count", "steps": 60}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("kinds")
    (folder / "sitecustomize.py").write_text(CUSTOMIZE)
    (folder / "count.py").write_text(COUNT)
    paths = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    with LiveServer(folder / "home", PYTHONPATH=paths, NNPROBE_MAX_JOBS="1") as server:
        yield server


def test_a_study_goes_through_all_that_a_run_goes_through(lab):
    study, waiting = lab.start(CONFIG), lab.start(CONFIG)
    status = lab.wait(study, lambda status: status["frames"] > 12)
    assert status["config"] == {**CONFIG, "device": "cpu"}
    assert status["steps"] == 60
    assert lab.status(waiting)["queue_place"] == 1

    lab.command(study, "pause")
    lab.wait(study, "paused")
    lab.command(study, "resume")
    lab.wait(study, lambda status: status["state"] == "running" and status["frames"] > 24)
    os.kill(lab.pid(study), signal.SIGKILL)
    lab.wait(study, "lost")
    lab.command(waiting, "stop")
    lab.wait(waiting, "stopped")
    lab.command(study, "resume")
    lab.wait(study, lambda status: status["state"] == "running" and status["frames"] > 34)
    lab.command(study, "stop")
    lab.wait(study, "stopped")
    lab.command(study, "resume")
    assert lab.wait(study, "done")["step"] == 60

    frames = [decode(data) for data in lab.film(study)]
    assert [frame.step for frame in frames] == list(range(61))  # nothing twice, nothing left out
    assert [frame.arrays["count.total"][0] for frame in frames] == [n * (n + 1) / 2 for n in range(61)]
    listed = {status["run"]: status for status in lab.json("GET", "/api/runs")[1]["runs"]}
    assert {status["config"]["kind"] for status in listed.values()} == {"count"}


def test_what_no_kind_takes_is_refused_with_a_sentence(lab):
    for config, sentence, field in (
        ({"kind": "guess"}, "kind must be one of run, ", "kind"),
        ({"kind": 3}, "kind must be one of run, ", "kind"),
        ({"kind": "count", "lr": 1}, "Unknown field lr; the known ones are steps, device.", "lr"),
        ({"kind": "count", "steps": 0}, "steps must be a whole number from 1 to 1000, got 0.", "steps"),
        ({"kind": "count", "device": "cuda"}, "device must be cpu on this server, got 'cuda'.", "device"),
    ):
        code, body = lab.json("POST", "/api/runs", config)
        assert (code, body["field"]) == (400, field)
        assert body["error"].startswith(sentence)


def test_a_run_may_say_that_it_is_one(lab):
    run = lab.start({"kind": "run", "steps": 5, "n_train": 10, "n_test": 10, "hidden": "2"})
    assert "kind" not in lab.wait(run, "done")["config"]


REAL = {
    "sweep": {"over": "width", "values": "2,3", "seeds": 2, "steps": 90, "frames": 46, "n_train": 20, "n_test": 20},
    "separation": {
        "dataset": "blobs", "n_train": 30, "per_class": 20, "hidden": "4", "epochs": 10, "batch_size": 16,
        "stages": 20, "seeds": 2, "permutations": 100,
    },
    "attack": {"dataset": "spiral", "n_train": 30, "per_class": 10, "hidden": "4", "epochs": 20, "sizes": 6},
}  # fmt: skip


@pytest.mark.parametrize("kind", REAL)
def test_a_study_that_is_killed_and_continued_is_the_one_that_was_not(lab, kind):
    config = {"kind": kind, **REAL[kind]}
    plain = lab.start(config)
    lab.command(plain, "pace", 0)
    whole = lab.wait(plain, "done")
    run = lab.start(config)
    lab.command(run, "pace", 30)
    lab.wait(run, lambda status: status["frames"] > 12)  # a sweep has no checkpoint so early
    os.kill(lab.pid(run), signal.SIGKILL)
    lab.wait(run, "lost")
    assert lab.command(run, "resume")[0] == 202
    lab.command(run, "pace", 0)
    status = lab.wait(run, "done")
    assert (status["step"], status["steps"]) == (whole["step"], whole["steps"]) == (whole["steps"], whole["steps"])

    film = lab.film(run)
    steps = [header(data)["step"] for data in film]
    assert steps == sorted(set(steps))
    assert (steps[0], steps[-1], len(steps)) == (0, whole["steps"], whole["frames"])
    assert film == lab.film(plain)
    summary = Summary()
    for data in film:
        summary.add(data)
    lines = summary.lines()
    assert lines[0].startswith(kind)
    assert f"frames       {len(film)}, to step {steps[-1]}" in "\n".join(lines)
    assert len(lines) > 6
