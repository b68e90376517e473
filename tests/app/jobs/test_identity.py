"""One config, one film: from the command line, from a lab job, and from a job that was paused, stepped and cut off."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys

from live_server import LiveServer

from nnprobe_core.frame import header, unpack

CONFIG = {
    "steps": 150,
    "frames": 75,
    "n_train": 60,
    "n_test": 40,
    "hidden": "6-2",
    "batch_size": 16,
    "lr_schedule": "70:0.003",
}


def digest(frames):
    """sha256 of all scheduled frames."""
    return hashlib.sha256(b"".join(data for data in frames if not header(data)["extra"])).hexdigest()


def test_the_command_line_a_job_and_a_job_that_went_through_everything_make_one_film(tmp_path):
    film, settled = tmp_path / "run.film", tmp_path / "run.settled.film"
    options = [f"--{name.replace('_', '-')}={value}" for name, value in CONFIG.items()]
    command = [sys.executable, "-m", "app", "train", *options, "--out", str(film), "--settled", str(settled)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    expected = list(unpack(film.read_bytes()))
    assert len(expected) == 75

    with LiveServer(tmp_path / "home") as lab:
        plain = lab.start(CONFIG)
        lab.wait(plain, "done")
        assert digest(lab.film(plain)) == digest(expected)

        run = lab.start(CONFIG)
        lab.command(run, "pace", 20)
        lab.wait(run, lambda status: status["frames"] > 12)
        lab.command(run, "pause")
        paused = lab.wait(run, "paused")
        lab.command(run, "step")
        lab.wait(run, lambda status: status["step"] > paused["step"] and status["state"] == "paused")
        lab.command(run, "resume")
        lab.wait(run, lambda status: status["frames"] > 30)
        os.kill(lab.pid(run), signal.SIGKILL)
        lab.wait(run, "lost")
        lab.command(run, "resume")
        lab.wait(run, lambda status: status["state"] == "running" and status["frames"] > 45)
        lab.end(signal.SIGKILL)
    with LiveServer(tmp_path / "home") as lab:
        assert lab.status(run)["state"] == "stopped"
        lab.command(run, "resume")
        lab.wait(run, "done")
        frames = lab.film(run)
        assert any(header(data)["extra"] for data in frames)
        assert digest(frames) == digest(expected)
        code, _, body = lab.ask("GET", f"/api/runs/{run}/frames?track=settled&limit=512")
        assert code == 200
        assert body == settled.read_bytes()
