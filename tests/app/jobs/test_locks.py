"""Locks, where their files matter; what holds for every way to tell who lives is in test_liveness.py."""

from __future__ import annotations

import fcntl

from second_process import asked, second_process

from app.jobs.locks import Lock, is_held


def test_asking_for_a_lock_never_looks_like_holding_it(tmp_path):
    path = tmp_path / "x.lock"
    path.touch()
    with path.open() as asker:
        fcntl.flock(asker, fcntl.LOCK_SH)
        assert not is_held(path)


HOLDS = """
import sys
from pathlib import Path
from app.jobs.locks import Lock
lock = Lock(Path(sys.argv[1]))
for _ in sys.stdin:
    held = lock._fd is not None
    lock.release(remove=True) if held else lock.acquire()
    print("removed" if held else "held", flush=True)
"""


def test_a_lock_whose_file_its_holder_removes_meanwhile_is_not_the_lock(tmp_path, monkeypatch):
    """Opened before and locked after its end: nobody else would ever look at that file."""
    lock, flock = Lock(tmp_path / "x.lock"), fcntl.flock
    with second_process(HOLDS, lock.path) as holder_of_it:
        assert asked(holder_of_it) == "held"

        def after_its_end(fd: int, kind: int) -> None:
            if kind & fcntl.LOCK_EX:
                monkeypatch.setattr(fcntl, "flock", flock)
                assert asked(holder_of_it) == "removed"
            flock(fd, kind)

        monkeypatch.setattr(fcntl, "flock", after_its_end)
        assert lock.acquire(wait=60)
        assert is_held(lock.path)
        assert not Lock(lock.path).acquire()
        holder_of_it.stdin.close()
    lock.release()
