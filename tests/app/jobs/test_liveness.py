"""One contract for whatever tells who lives: a new way is a line in WAYS."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from second_process import second_process

from app.jobs.liveness import RUNS, SERVERS, SHARED, Liveness, open_liveness
from app.settings import Settings

WAYS: dict[str, Callable[[Settings], Liveness]] = {"locks": open_liveness}

#: Holds runs/one in a process of its own, and says so; told "fork", it leaves that to a child whose pid it prints.
HOLD = """
import os, sys, time
from pathlib import Path
from {module} import {way}
from app.settings import Settings
claim = {way}(Settings(Path(sys.argv[1]), max_jobs=1)).claim("runs/one")
assert claim.acquire(text="a text")
print(os.getpid(), flush=True)
if sys.argv[2:] == ["fork"] and (child := os.fork()):
    print(child, flush=True)
    os._exit(0)
time.sleep(600)
"""


@pytest.fixture(params=WAYS)
def way(request) -> Callable[[Settings], Liveness]:
    return WAYS[request.param]


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(tmp_path, max_jobs=1)


@pytest.fixture
def liveness(way, settings) -> Liveness:
    return way(settings)


@pytest.fixture
def in_turns() -> Iterator[None]:
    """Threads take turns all the time, so that what may come between comes between."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def start_holder(way, settings: Settings, *more: str) -> subprocess.Popen[str]:
    return second_process(HOLD.format(module=way.__module__, way=way.__name__), settings.home, *more)


def until(said: Callable[[], bool]) -> None:
    """Wait for a state, as long as the test may take."""
    while not said():
        time.sleep(0.01)


def test_a_name_is_held_by_one_and_freed_by_its_holder(liveness):
    first, second, other = (liveness.claim(name) for name in ("runs/one", "runs/one", "slots/one"))
    assert (liveness.held("runs/one"), liveness.holder("runs/one")) == (False, "")
    assert first.acquire(text="first")
    assert (liveness.held("runs/one"), liveness.holder("runs/one")) == (True, "first")
    assert not second.acquire(text="second")
    assert not second.acquire(wait=0.05)
    assert liveness.holder("runs/one") == "first"
    assert not liveness.held("slots/one")
    assert other.acquire()  # a room is apart from the others
    first.release()
    assert (liveness.held("runs/one"), liveness.holder("runs/one")) == (False, "")
    assert second.acquire(text="2")
    assert liveness.holder("runs/one") == "2"
    second.release(remove=True)
    second.release(remove=True)
    assert not liveness.held("runs/one")
    assert liveness.held("slots/one")


def test_with_holds_a_name_and_frees_it_whatever_happens(liveness):
    held = []

    def fail() -> None:
        with liveness.claim("shared/opening"):
            held.append(liveness.held("shared/opening"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [*held, liveness.held("shared/opening")] == [True, False]


@pytest.mark.parametrize("remove", [False, True])
def test_who_waits_for_a_name_gets_it_when_its_holder_lets_go(liveness, remove):
    holder, waiting, third = (liveness.claim("runs/one") for _ in range(3))
    assert holder.acquire()
    got: list[bool] = []
    thread = threading.Thread(target=lambda: got.append(waiting.acquire(wait=60, text="waited")))
    thread.start()
    holder.release(remove=remove)
    thread.join()
    assert got == [True]
    assert liveness.holder("runs/one") == "waited"
    assert not third.acquire()
    waiting.release()


@pytest.mark.usefixtures("in_turns")
@pytest.mark.parametrize("remove", [False, True])
def test_of_many_who_want_a_name_one_at_a_time_holds_it(liveness, remove):
    inside, most, turns = 0, 0, 0

    def work() -> None:
        nonlocal inside, most, turns
        for _ in range(20):
            claim = liveness.claim("shared/opening")
            assert claim.acquire(wait=60)
            inside += 1
            most = max(most, inside)
            turns += 1
            inside -= 1
            claim.release(remove=remove)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, turns) == (1, 80)


def test_who_was_killed_holds_no_more(way, liveness, settings):
    with start_holder(way, settings) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert (liveness.held("runs/one"), liveness.holder("runs/one")) == (True, "a text")
        assert not liveness.claim("runs/one").acquire()
        process.kill()
        process.wait()
        until(lambda: not liveness.held("runs/one"))
        assert liveness.holder("runs/one") == ""
        again = liveness.claim("runs/one")
        assert again.acquire()
        again.release()


def test_a_name_goes_with_the_last_of_those_its_holder_forked(way, liveness, settings):
    with start_holder(way, settings, "fork") as process:
        assert process.stdout is not None
        process.stdout.readline()
        child = int(process.stdout.readline())
        try:
            process.wait()
            assert (liveness.held("runs/one"), liveness.holder("runs/one")) == (True, "a text")
        finally:
            os.kill(child, signal.SIGKILL)
        until(lambda: not liveness.held("runs/one"))


@pytest.mark.usefixtures("in_turns")
def test_asking_never_looks_like_holding(liveness):
    claim = liveness.claim("runs/one")
    claim.acquire()
    claim.release()
    found: list[bool] = []
    threads = [
        threading.Thread(target=lambda: found.append(any(liveness.held("runs/one") for _ in range(300))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [False] * 4


def test_a_name_says_when_somebody_last_cared(liveness):
    assert not liveness.touch("runs/one")
    assert (liveness.touched("runs/one"), liveness.held("runs/one")) == (0.0, False)
    claim = liveness.claim("runs/one")
    claim.acquire()
    acquired = liveness.touched("runs/one")
    assert abs(acquired - time.time()) < 60
    until(lambda: liveness.touch("runs/one") and liveness.touched("runs/one") > acquired)
    assert liveness.held("runs/one")
    claim.release(remove=True)
    assert liveness.touched("runs/one") == 0.0


def test_clearing_a_room_forgets_the_dead_alone(liveness):
    living, dead, elsewhere = (liveness.claim(name) for name in (f"{SERVERS}/a", f"{SERVERS}/b", f"{RUNS}/b"))
    for claim in (living, dead, elsewhere):
        claim.acquire()
    dead.release()
    elsewhere.release()
    liveness.clear(SERVERS)
    liveness.clear(SHARED)
    assert liveness.held(f"{SERVERS}/a")
    assert [liveness.touched(name) > 0 for name in (f"{SERVERS}/a", f"{SERVERS}/b", f"{RUNS}/b")] == [True, False, True]
    assert dead.acquire()
