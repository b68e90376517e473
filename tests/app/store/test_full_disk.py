"""A disk that is full, a home that is gone, a database that is damaged: sentences, and nothing there is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from live_server import LONG, LiveServer

from app.store.disk import DiskFrameLog
from app.store.failures import DiskFullError, StorageError, storage_error
from nnprobe_core.record import RUNNING, Status

SIZE = 24  #: megabytes


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own with little room, and how to fill it. In a container that may not mount: why not."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"no small disk can be made here: {made.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(place: Path) -> Path:
    """Take all room that is left."""
    path = place / "filler"
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError:
            pass
        try:
            while True:
                file.write(bytes(512))
        except OSError:
            return path


def test_a_full_disk_stops_runs_with_a_sentence_and_they_go_on_when_there_is_room(small_disk):
    with LiveServer(small_disk / "home", NNPROBE_MAX_JOBS="1") as lab:
        run = lab.start({**LONG, "frames": 600})
        lab.wait(run, lambda status: status["frames"] > 45)  # past a checkpoint
        waiting = lab.start({**LONG, "steps": 30, "frames": 30})
        filler = fill(small_disk)
        end = time.monotonic() + 120
        while (status := lab.status(run))["state"] == "running":
            assert time.monotonic() < end
            for path in ("/", "/api/health", "/api/runs", f"/api/runs/{run}/frames", "/api/preview?noise=0.4"):
                assert lab.ask("GET", path)[0] == 200, path
            time.sleep(0.1)
        assert status["state"] in ("stopped", "lost"), status
        if status["state"] == "stopped":
            assert "is full: make room there, then try again or continue the run." in status["message"]
        code, body = lab.json("POST", "/api/runs", LONG)
        assert code in (201, 507), body
        if code == 507:
            assert "is full" in body["error"]

        filler.unlink()
        frames = lab.status(run)["frames"]
        assert frames == len(lab.film(run))
        end = time.monotonic() + 120
        while (answer := lab.command(run, "resume"))[0] != 202:
            assert time.monotonic() < end, answer
            time.sleep(0.2)
        for other in lab.json("GET", "/api/runs")[1]["runs"]:
            if other["run"] not in (run, waiting) and other["state"] in ("queued", "running"):
                lab.command(other["run"], "stop")
        lab.wait(run, lambda status: status["state"] == "running" and status["frames"] > frames)
        lab.command(run, "stop")
        lab.wait(waiting, lambda status: status["state"] not in ("queued", "running"))
        err = lab.ask("GET", "/api/health")
        assert err[0] == 200


def test_a_home_that_is_deleted_under_a_living_server_is_said_and_the_page_still_comes(tmp_path):
    home = tmp_path / "home"
    with LiveServer(home) as lab:
        shutil.rmtree(home)
        for path in ("/", "/compare", "/api/presets", "/api/runs/preset-default/frames?limit=2"):
            assert lab.ask("GET", path)[0] == 200
        code, body = lab.json("POST", "/api/runs", LONG)
        assert code == 503
        assert f"{home}" in body["error"]
        assert "is gone: start the server again" in body["error"]
        for path in ("/api/health", "/api/runs"):
            code, body = lab.json("GET", path)
            assert (code, body.get("error", "is gone").count("is gone")) in ((503, 1), (200, 1))
        assert "Traceback" not in lab.end(signal.SIGTERM)


def test_a_destroyed_database_is_said_and_the_server_starts_again_without_it(tmp_path):
    log = DiskFrameLog(tmp_path / "films")
    log.create(Status("one", RUNNING))
    log.close()
    for path in (tmp_path / "films").glob("cache.db*"):
        path.write_bytes(os.urandom(8192))
    with pytest.raises(StorageError, match="is damaged: move that folder away and start the server again"):
        DiskFrameLog(tmp_path / "films")


def test_what_a_disk_says_is_told_by_what_it_means(tmp_path):
    assert isinstance(storage_error(OSError(28, "No space left on device"), tmp_path), DiskFullError)
    assert "is full" in str(storage_error(OSError(122, "Disk quota exceeded"), tmp_path))
    assert "must be readable and writable; it is not (Permission denied)" in str(
        storage_error(PermissionError(13, "Permission denied"), tmp_path)
    )
    assert "is gone" in str(storage_error(FileNotFoundError(2, "x"), tmp_path / "nothing"))
