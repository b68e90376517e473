"""What DiskFrameLog promises beyond the contract: processes, privacy, no pickle, no file left behind."""

from __future__ import annotations

import stat
import subprocess
import sys
from dataclasses import replace

import diskcache
import pytest

from app.store.disk import DiskFrameLog
from nnprobe_core.errors import FilmError, RunPrunedError, WriterConflictError
from nnprobe_core.record import DONE, RUNNING, Command, Status


@pytest.fixture
def log(tmp_path):
    made = DiskFrameLog(tmp_path / "films")
    yield made
    made.close()


def test_its_folder_is_private(log, tmp_path):
    log.create(Status("one", RUNNING))
    assert stat.S_IMODE((tmp_path / "films").stat().st_mode) == 0o700


def test_what_would_need_a_pickle_is_neither_written_nor_read(log, tmp_path):
    with pytest.raises(FilmError, match="a value must be bytes or str, got dict"):
        log._cache.set("x", {})
    with pytest.raises(FilmError, match="a key must be str, got int"):
        log._cache.set(1, b"")
    with diskcache.Cache(str(tmp_path / "films"), disk=diskcache.Disk) as foreign:
        foreign.set("status/evil", {"a": 1})
    with pytest.raises(FilmError, match="a stored value must be bytes or text"):
        log.status("evil")


WRITER = """
import sys
from pathlib import Path
from app.store.disk import DiskFrameLog
log = DiskFrameLog(Path(sys.argv[1]))
seq = log.last("one") + 1
while True:
    log.append("one", seq, seq.to_bytes(4, "little") * 5000)
    seq += 1
    if seq % 20 == 0:
        print(seq, flush=True)
"""


def test_a_writer_killed_at_any_moment_leaves_whole_frames_and_true_counts(log, tmp_path):
    log.create(Status("one", RUNNING))
    for _ in range(2):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path / "films")], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout.readline()
            writer.kill()
        count = log.last("one") + 1
        frames = log.since("one", -1, count + 10)
        assert frames == [seq.to_bytes(4, "little") * 5000 for seq in range(count)]
        assert log.size() == sum(map(len, frames)) > 0
        with pytest.raises(WriterConflictError):
            log.append("one", count - 1, b"second writer")


def test_large_frames_leave_no_file_behind_when_their_run_is_pruned(log, tmp_path):
    log.create(Status("one", RUNNING, created=1.0))
    log.append("one", 0, bytes(3 << 20), "checkpoints")
    log.append("one", 0, bytes(1000))
    log.send("one", Command("pause"))
    log.set_status(replace(log.status("one"), state=DONE))
    files = set((tmp_path / "films").rglob("*.val"))
    assert len(files) == 1
    assert log.prune(0) == ["one"]
    assert not set((tmp_path / "films").rglob("*.val"))
    assert list(log._cache.iterkeys()) == ["gone/one", "runs", "size"]
    with pytest.raises(RunPrunedError):
        log.commands("one", 0)


def test_a_frame_is_never_evicted(tmp_path):
    log = DiskFrameLog(tmp_path / "films")
    assert (log._cache.eviction_policy, log._cache.cull_limit) == ("none", 0)
    log.close()
