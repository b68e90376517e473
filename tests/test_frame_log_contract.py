"""One contract for every FrameLog: a new one is a line in FACTORIES."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.store.disk import DiskFrameLog
from app.store.routed import RoutedFrameLog
from app.store.shipped import ShippedFilms
from nnprobe_core.errors import ConfigError, RunNotFoundError, RunPrunedError, WriterConflictError
from nnprobe_core.frame import CHECKPOINTS, FILM, SETTLED, TRACKS
from nnprobe_core.record import (
    DONE,
    FAILED,
    LOST,
    PAUSED,
    QUEUED,
    RUNNING,
    STOPPED,
    Command,
    FrameLog,
    MemoryFrameLog,
    Status,
    read,
)

FACTORIES: dict[str, Callable[[Path], FrameLog]] = {
    "memory": lambda _: MemoryFrameLog(),
    "disk": DiskFrameLog,
    "routed": lambda folder: RoutedFrameLog(ShippedFilms(folder), MemoryFrameLog()),
}


@pytest.fixture(params=FACTORIES)
def log(request, tmp_path) -> Iterator[FrameLog]:
    made = FACTORIES[request.param](tmp_path / "log")
    yield made
    getattr(made, "close", lambda: None)()


def frame(number: int, size: int = 32) -> bytes:
    return bytes([number % 256]) * size


def fill(log: FrameLog, run: str, frames: int, *, state: str = DONE, created: float = 1.0, size: int = 32) -> None:
    log.create(Status(run, RUNNING, created=created))
    for seq in range(frames):
        log.append(run, seq, frame(seq, size))
    log.set_status(replace(log.status(run), state=state))


def test_frames_come_back_in_order_and_unchanged(log):
    log.create(Status("run-1", RUNNING))
    assert log.last("run-1") == -1
    assert log.since("run-1", -1, 10) == []
    for seq in range(5):
        log.append("run-1", seq, frame(seq))
        assert log.last("run-1") == seq
    assert log.since("run-1", -1, 10) == [frame(seq) for seq in range(5)]


def test_a_frame_may_be_empty_and_may_be_large(log):
    log.create(Status("run-1", RUNNING))
    parts = [b"", bytes(range(256)) * 16_384, b"\x00"]
    for seq, data in enumerate(parts):
        log.append("run-1", seq, data)
    assert log.since("run-1", -1, 3) == parts
    assert log.size() == sum(map(len, parts))


@pytest.mark.parametrize(
    ("after", "limit", "expected"),
    [(-1, 2, [0, 1]), (1, 2, [2, 3]), (3, 5, [4]), (4, 5, []), (99, 5, []), (-1, 0, []), (-1, -3, []), (-9, 3, None)],
)
def test_since_gives_what_follows_up_to_a_limit(log, after, limit, expected):
    fill(log, "run-1", 5)
    got = log.since("run-1", after, limit)
    if expected is None:  # far before the start: never more than the limit, and nothing but the start
        assert got == [frame(seq) for seq in range(len(got))]
        assert len(got) <= limit
    else:
        assert got == [frame(seq) for seq in expected]


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [
        (0, 5, range(5)),
        (1, 3, [1, 2]),
        (3, 99, [3, 4]),
        (3, 3, []),
        (4, 2, []),
        (-2, 2, [0, 1]),
        (0, -1, []),
        (7, 9, []),
    ],
)
def test_range_gives_what_is_there(log, start, stop, expected):
    fill(log, "run-1", 5)
    assert log.range("run-1", start, stop) == [frame(seq) for seq in expected]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(-3, 8), stop=st.integers(-3, 8))
def test_range_is_pythons_slice_of_the_film_from_nought(log, start, stop):
    if not log.runs():
        fill(log, "run-1", 5)
    assert log.range("run-1", start, stop) == [frame(seq) for seq in range(5)][max(0, start) : max(0, stop)]


@pytest.mark.parametrize("seq", [-1, 0, 2, 4, 99])
def test_a_seq_that_is_not_the_next_one_is_a_second_writer(log, seq):
    fill(log, "run-1", 3)
    with pytest.raises(WriterConflictError, match=rf"run-1 must have seq 3, got {seq}"):
        log.append("run-1", seq, b"x")
    assert log.since("run-1", -1, 10) == [frame(seq) for seq in range(3)]
    assert log.size() == 3 * 32
    log.append("run-1", 3, b"y")


def test_of_writers_at_once_each_seq_has_one_winner(log):
    log.create(Status("run-1", RUNNING))

    def write(writer: int) -> int:
        won = 0
        for seq in range(20):
            try:
                log.append("run-1", seq, bytes([writer]))
                won += 1
            except WriterConflictError:
                continue
        return won

    with ThreadPoolExecutor(4) as pool:
        wins = sum(pool.map(write, range(4)))
    assert wins == log.last("run-1") + 1 == len(log.since("run-1", -1, 99))
    assert log.size() == wins


def test_tracks_are_apart(log):
    log.create(Status("run-1", RUNNING))
    log.append("run-1", 0, b"film", FILM)
    log.append("run-1", 0, b"settled", SETTLED)
    log.append("run-1", 0, b"checkpoint", CHECKPOINTS)
    log.append("run-1", 1, b"film 2")
    assert [log.last("run-1", track) for track in TRACKS] == [1, 0, 0]
    assert log.range("run-1", 0, 9, SETTLED) == [b"settled"]
    assert log.since("run-1", -1, 9, CHECKPOINTS) == [b"checkpoint"]
    assert log.since("run-1", -1, 9) == [b"film", b"film 2"]
    with pytest.raises(ConfigError, match="track must be one of film, settled, checkpoints, got 'sound'"):
        log.append("run-1", 0, b"x", "sound")
    with pytest.raises(ConfigError, match="track"):
        log.last("run-1", "sound")


def test_runs_are_apart_and_listed_newest_first(log):
    for run, created in (("middle", 2.0), ("oldest", 1.0), ("newest", 3.0)):
        fill(log, run, 1, created=created)
    assert [status.run for status in log.runs()] == ["newest", "middle", "oldest"]
    log.append("middle", 1, b"more")
    assert (log.last("middle"), log.last("newest")) == (1, 0)


def test_an_id_is_taken_once(log):
    fill(log, "run-1", 2)
    with pytest.raises(WriterConflictError, match="run-1"):
        log.create(Status("run-1", QUEUED))
    assert log.status("run-1").state == DONE
    assert log.last("run-1") == 1


@pytest.mark.parametrize("run", ["never", "../escape", "", "UPPER"])
def test_a_run_that_is_not_there_is_not_found_by_any_method(log, run):
    for call in every_call(log, run):
        with pytest.raises(RunNotFoundError) as caught:
            call()
        assert not isinstance(caught.value, RunPrunedError)
        assert caught.value.http_status == 404


def every_call(log: FrameLog, run: str) -> list[Callable[[], object]]:
    return [
        lambda: log.append(run, 0, b"x"),
        lambda: log.since(run, -1, 1),
        lambda: log.range(run, 0, 1),
        lambda: log.last(run),
        lambda: log.status(run),
        lambda: log.set_status(Status(run, DONE)),
        lambda: log.send(run, Command("stop")),
        lambda: log.commands(run, 0),
    ]


def test_a_status_comes_back_as_it_was_set(log):
    log.create(Status("run-1", QUEUED, queue_place=2, config={"hidden": [4, 4], "lr": 0.1}))
    status = Status("run-1", RUNNING, "Training.", {"hidden": [4, 4]}, 5.0, 6.0, 7, 8, 0.5, 9, 10.5, 11.0, 0, 30.0, 0.1)
    log.set_status(status)
    assert log.status("run-1") == status
    assert log.runs() == [status]


def test_times_are_filled_in_where_they_are_left_out(log):
    log.create(Status("run-1", QUEUED))
    status = log.status("run-1")
    assert status.created == status.updated > 1.6e9
    log.set_status(Status("run-1", RUNNING, created=status.created))
    assert log.status("run-1").updated >= status.created


def test_commands_are_numbered_from_one_and_kept_in_order(log):
    log.create(Status("run-1", RUNNING))
    assert log.commands("run-1", 0) == []
    sent = [Command("pause"), Command("lr", 0.5), Command("pace", 0.0), Command("stop")]
    assert [log.send("run-1", command) for command in sent] == [1, 2, 3, 4]
    assert log.commands("run-1", 0) == list(enumerate(sent, start=1))
    assert log.commands("run-1", -5) == list(enumerate(sent, start=1))
    assert log.commands("run-1", 2) == [(3, sent[2]), (4, sent[3])]
    assert log.commands("run-1", 4) == log.commands("run-1", 9) == []


def test_commands_sent_at_once_have_numbers_of_their_own(log):
    log.create(Status("run-1", RUNNING))
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: log.send("run-1", Command("pause")), range(20)))
    assert sorted(numbers) == list(range(1, 21))
    assert len(log.commands("run-1", 0)) == 20


def test_pruning_removes_whole_runs_oldest_first_until_there_is_room(log):
    for number in range(4):
        fill(log, f"run-{number}", 2, created=float(number + 1), size=100)
    assert log.size() == 800
    assert log.prune(800) == []
    assert log.prune(599) == ["run-0", "run-1"]
    assert log.size() == 400
    assert [status.run for status in log.runs()] == ["run-3", "run-2"]
    assert len(log.since("run-2", -1, 9)) == 2


@pytest.mark.parametrize("state", [QUEUED, RUNNING, PAUSED])
def test_an_active_run_is_never_pruned(log, state):
    fill(log, "active", 2, state=state, created=1.0)
    fill(log, "done", 2, state=DONE, created=2.0)
    assert log.prune(0) == ["done"]
    assert log.since("active", -1, 9) == [frame(0), frame(1)]
    log.append("active", 2, b"and on")


@pytest.mark.parametrize("state", [DONE, STOPPED, FAILED, LOST])
def test_a_pruned_run_leaves_a_tombstone(log, state):
    fill(log, "run-1", 2, state=state)
    log.append("run-1", 0, b"x" * 50, CHECKPOINTS)
    assert log.prune(0) == ["run-1"]
    assert (log.size(), log.runs()) == (0, [])
    for call in every_call(log, "run-1"):
        with pytest.raises(RunPrunedError) as caught:
            call()
        assert caught.value.http_status == 410
    with pytest.raises(WriterConflictError):
        log.create(Status("run-1", QUEUED))
    assert log.prune(0) == []


def test_size_counts_every_track(log):
    log.create(Status("run-1", RUNNING))
    for track in TRACKS:
        log.append("run-1", 0, b"x" * 10, track)
    assert log.size() == 30


def test_a_fork_shares_its_parents_frames_and_keeps_them_when_the_parent_goes(log):
    fill(log, "parent", 5, created=1.0, size=100)
    log.append("parent", 0, b"c" * 10, CHECKPOINTS)
    log.create(Status("child", RUNNING, created=2.0))
    log.append("child", 0, b"own")
    log.share("child", "parent", 4)
    log.share("child", "parent", 9, CHECKPOINTS)
    assert (log.last("child"), log.last("child", CHECKPOINTS)) == (3, 0)
    assert (log.size(), log.size("parent"), log.size("child")) == (513, 510, 3)  # nothing was copied
    film = [b"own", frame(1, 100), frame(2, 100), frame(3, 100)]
    assert log.range("child", 0, 9) == film
    log.append("child", 4, b"and on")
    log.create(Status("grandchild", DONE, created=3.0))
    log.share("grandchild", "child", 3)
    assert log.since("grandchild", -1, 9) == film[:3]
    with pytest.raises(WriterConflictError):
        log.append("child", 2, b"x")

    assert log.prune(518, keep=["grandchild"]) == ["parent"]
    assert log.size() == 3 + 6 + 300 + 10  # of the parent, what somebody plays
    assert log.range("child", 0, 9) == [*film, b"and on"]
    log.set_status(replace(log.status("child"), state=DONE))
    assert log.prune(310, keep=["grandchild"]) == ["child"]
    assert log.size() == 3 + 200
    assert log.since("grandchild", -1, 9) == film[:3]
    assert log.prune(0) == ["grandchild"]
    assert log.size() == 0


def test_what_is_kept_is_not_removed_however_little_room_there_is(log):
    for number in range(3):
        fill(log, f"run-{number}", 1, created=float(number + 1), size=100)
    assert log.prune(0, keep=["run-0", "run-2"]) == ["run-1"]
    assert [status.run for status in log.runs()] == ["run-2", "run-0"]


@pytest.mark.parametrize("count", [0, 1, 64, 65, 150])
def test_a_film_is_read_in_order_a_few_frames_at_a_time(log, count):
    fill(log, "run-1", count, size=4)
    assert list(read(log, "run-1")) == [frame(seq, 4) for seq in range(count)]
    assert list(read(log, "run-1", start=60, stop=70)) == [frame(seq, 4) for seq in range(60, min(70, count))]
    assert list(read(log, "run-1", SETTLED)) == []
    log.append("run-1", 0, b"map", SETTLED)
    assert list(read(log, "run-1", SETTLED)) == [b"map"]
