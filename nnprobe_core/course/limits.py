"""How long, and in how much memory, a student's code may run; and where in it an error happened."""

from __future__ import annotations

import linecache
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psutil

EXTRA = 1 << 30  #: bytes that a student's code may use


class TimeLimit(BaseException):
    """Raised where the code is when its time is over; no Exception, so that ``except Exception`` lets it pass."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimit in what runs within, after ``seconds``. In the main thread only; without SIGALRM no limit."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def over(_number: int, _frame: FrameType | None) -> None:
        raise TimeLimit

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def limit_memory(extra: int) -> None:
    """From now on this process may use ``extra`` bytes more than it does now: beyond them, MemoryError.

    Where the system knows no such limit there is none.
    """
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = psutil.Process().memory_info().vms + extra
    try:
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))
    except (ValueError, OSError):  # macOS has the name but not the limit
        return


@dataclass(frozen=True)
class Place:
    """A line of a student's code: ``file`` within the folder, ``line`` from 1, ``code`` what stands there."""

    file: str
    line: int
    code: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.code}" if self.code else f"{self.file}, line {self.line}"


def place_of(error: BaseException, folder: Path) -> Place | None:
    """The innermost line of ``error``'s traceback that is in ``folder``, in its library before its tests; or None."""
    found = [(Path(frame.filename), frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        found.append((Path(error.filename), error.lineno or 0))
    folder = folder.resolve()
    inside = [(path.resolve(), line) for path, line in found if path.resolve().is_relative_to(folder)]
    of_library = [item for item in inside if item[0].relative_to(folder).parts[0] != "tests"]
    if not inside:
        return None
    path, line = (of_library or inside)[-1]
    linecache.checkcache(str(path))
    return Place(path.relative_to(folder).as_posix(), line, linecache.getline(str(path), line).strip())


def sentence(error: BaseException, seconds: float, extra: int) -> str:
    """What happened, in a sentence."""
    if isinstance(error, TimeLimit):
        return f"It was stopped after {seconds:g} s: a loop that does not end?"
    if isinstance(error, MemoryError):
        return f"It was stopped when it asked for more than {extra / 2**30:g} GiB of memory."
    text = error.msg if isinstance(error, SyntaxError) else str(error).strip()
    name = type(error).__name__
    if isinstance(error, AssertionError):
        return text or "It is not so."
    return f"{name}: {text}" if text else name
