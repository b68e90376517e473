"""A disk that is full, a home that is gone, a database that is damaged: sentences, and nothing there is lost."""

from __future__ import annotations

import os
import shutil
import signal

import pytest
from live_server import LONG, LiveServer

from app.frame_log_disk import DiskFrameLog
from app.storage import DiskFullError, StorageError, storage_error
from nnprobe_core.record import RUNNING, Status

SIZE = 24  #: megabytes


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
