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


RIVAL = """
import sys
from pathlib import Path
from app.store.disk import DiskFrameLog
from nnprobe_core.record import RUNNING, Command, Status
log = DiskFrameLog(Path(sys.argv[1]))
deeds = {
    "append": lambda: log.append("one", 0, b"rival"),
    "send": lambda: log.send("one", Command("pause")),
    "create": lambda: log.create(Status("two", RUNNING)),
    "revive": lambda: log.set_status(Status("one", RUNNING, created=1.0)),
    "share": lambda: log.append("two", 0, b"its own"),
}
for line in sys.stdin:
    deeds[line.strip()]()
    print("done", flush=True)
"""


@pytest.fixture
def rival(log, tmp_path):
    """A second process that does what it is told at the very moment in which this one asks for the database's lock."""
    command = [sys.executable, "-c", RIVAL, str(tmp_path / "films")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def comes_first(deed: str) -> None:
            def before(statement: str) -> None:
                if statement.startswith("BEGIN"):
                    log._cache._con.set_trace_callback(None)
                    print(deed, file=process.stdin, flush=True)
                    assert process.stdout.readline() == "done\n"

            log._cache._con.set_trace_callback(before)

        yield comes_first
        process.stdin.close()


def test_what_is_read_before_writing_is_read_under_the_lock(log, rival):
    """Else both would find the same next number, and the second to write would win over the first."""
    log.create(Status("one", RUNNING, created=1.0))
    rival("append")
    with pytest.raises(WriterConflictError, match="must have seq 1, got 0"):
        log.append("one", 0, b"ours")
    assert (log.since("one", -1, 9), log.size()) == ([b"rival"], 5)
    rival("send")
    assert log.send("one", Command("stop")) == 2
    assert [command.kind for _, command in log.commands("one", 0)] == ["pause", "stop"]
    rival("create")
    with pytest.raises(WriterConflictError, match="two exists already"):
        log.create(Status("two", DONE))
    assert (log.status("two").state, len(log.runs())) == (RUNNING, 2)
    rival("share")
    log.share("two", "one", 1)
    assert log.since("two", -1, 9) == [b"its own"]
    log.set_status(Status("one", DONE, created=1.0))
    rival("revive")
    assert log.prune(0) == []  # somebody continues it
    assert log.status("one").state == RUNNING


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
