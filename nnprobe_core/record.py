"""What travels beside the frames: Command (down), Status (up), and FrameLog, the append-only store of runs."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Protocol

from nnprobe_core.errors import (
    ConfigError,
    RunNotFoundError,
    RunPrunedError,
    UnknownFieldError,
    WriterConflictError,
)
from nnprobe_core.frame import FILM, TRACKS

QUEUED, RUNNING, PAUSED = "queued", "running", "paused"
DONE, STOPPED, FAILED, LOST = "done", "stopped", "failed", "lost"
ACTIVE = frozenset({QUEUED, RUNNING, PAUSED})
STATES = (QUEUED, RUNNING, PAUSED, DONE, STOPPED, FAILED, LOST)

_RUN_ID = re.compile(r"[a-z0-9][a-z0-9-]{2,39}")
_VALUELESS = ("pause", "resume", "step", "epoch", "stop")


def new_run_id() -> str:
    """A fresh run id, unguessable enough that two launches never meet."""
    return secrets.token_hex(6)


def check_run_id(run: object) -> str:
    """``run`` itself if it can be a run id, else :class:`RunNotFoundError`."""
    if not isinstance(run, str) or not _RUN_ID.fullmatch(run):
        raise RunNotFoundError(str(run))
    return run


@dataclass(frozen=True)
class Command:
    """One message down to a running trainer.

    ``pause``, ``resume``, ``step`` (one optimiser step, then pause), ``epoch`` (one epoch, then pause) and ``stop``
    have no value; ``lr`` has the new learning rate, ``pace`` frames per second (0: as fast as possible).
    """

    kind: str
    value: float | None = None

    @classmethod
    def from_mapping(cls, mapping: object) -> Command:
        """The command in a JSON object ``{"kind": …, "value": …}``."""
        if not isinstance(mapping, Mapping):
            raise ConfigError("command", "a JSON object with kind and value", mapping)
        unknown = sorted(set(mapping) - {"kind", "value"}, key=str)
        if unknown:
            raise UnknownFieldError([str(name) for name in unknown], ["kind", "value"])
        kind, value = mapping.get("kind"), mapping.get("value")
        if kind in _VALUELESS:
            if value is not None:
                raise ConfigError("value", f"absent for the command {kind}", value)
            return cls(str(kind))
        if kind not in ("lr", "pace"):
            raise ConfigError("kind", f"one of {', '.join((*_VALUELESS, 'lr', 'pace'))}", kind)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ConfigError("value", f"a number for the command {kind}", value)
        if kind == "lr" and not 1e-7 <= value <= 100:  # the bounds of RunConfig.lr
            raise ConfigError("value", "a learning rate from 1e-07 to 100", value)
        if kind == "pace" and not (value == 0 or 0.1 <= value <= 1000):
            raise ConfigError("value", "a pace from 0.1 to 1000 frames per second, or 0 for as fast as possible", value)
        return cls(str(kind), float(value))

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind} if self.value is None else {"kind": self.kind, "value": self.value}


@dataclass(frozen=True)
class Status:
    """What a run is doing, always true: times in seconds since the epoch, ``elapsed`` and speed without pauses."""

    run: str
    state: str
    message: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    created: float = 0.0
    updated: float = 0.0
    step: int = 0
    steps: int = 0
    epoch: float = 0.0
    frames: int = 0
    steps_per_s: float = 0.0
    elapsed: float = 0.0
    queue_place: int = 0
    pace: float = 60.0
    lr: float = 0.0
    fork: Mapping[str, Any] | None = None  #: from which run, at which step, and whether its optimiser began anew

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    def to_json(self) -> dict[str, Any]:
        return {item.name: getattr(self, item.name) for item in fields(self)}  # asdict copies configs, value by value

    @classmethod
    def from_json(cls, mapping: Mapping[str, Any]) -> Status:
        known = {item.name for item in fields(cls)}
        return cls(**{name: value for name, value in mapping.items() if name in known})


class FrameLog(Protocol):
    """Append-only store of runs. All methods raise RunNotFoundError or RunPrunedError for a run that is not there.

    A frame's ``seq`` counts from 0 within its run and track. Appending a seq that is not the next one raises
    WriterConflictError: that is how a second writer is found, however it came about.
    """

    def create(self, status: Status) -> None:
        """Open a run; WriterConflictError if the id is taken."""

    def append(self, run: str, seq: int, data: bytes, track: str = FILM) -> None:
        """Add one encoded frame, whole or not at all."""

    def share(self, run: str, source: str, stop: int, track: str = FILM) -> None:
        """Give ``run`` what follows of ``source`` after its own last frame, up to seq ``stop`` (exclusive): the same
        frames, not copies. They stay its own when ``source`` is removed."""

    def since(self, run: str, after: int, limit: int, track: str = FILM) -> list[bytes]:
        """At most ``limit`` frames that follow seq ``after`` (−1: from the start)."""

    def range(self, run: str, start: int, stop: int, track: str = FILM) -> list[bytes]:
        """The frames start ≤ seq < stop, as far as they are there."""

    def last(self, run: str, track: str = FILM) -> int:
        """The highest seq, −1 when there is none."""

    def status(self, run: str) -> Status: ...

    def set_status(self, status: Status) -> None: ...

    def runs(self) -> list[Status]:
        """All runs that are here, newest first."""

    def send(self, run: str, command: Command) -> int:
        """Queue a command; returns its number, counted from 1."""

    def commands(self, run: str, after: int) -> list[tuple[int, Command]]:
        """The commands with a number above ``after``."""

    def size(self, run: str | None = None) -> int:
        """Bytes of all frames, each counted once; or of those that ``run`` wrote itself."""

    def prune(self, limit: int, keep: Collection[str] = ()) -> list[str]:
        """Remove whole runs, oldest first and never an active one or one of ``keep``, until ``size() <= limit``;
        leaves tombstones."""


_READ_AT_ONCE = 64  #: frames: a film is never in memory as a whole


def read(log: FrameLog, run: str, track: str = FILM, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """The frames start ≤ seq < stop (all that are there when it is asked for), in order, a few at a time."""
    stop = log.last(run, track) + 1 if stop is None else stop
    for at in range(start, stop, _READ_AT_ONCE):
        yield from log.range(run, at, min(stop, at + _READ_AT_ONCE), track)


def check_track(track: str) -> str:
    if track not in TRACKS:
        raise ConfigError("track", f"one of {', '.join(TRACKS)}", track)
    return track


@dataclass
class _Run:
    status: Status
    frames: dict[str, list[bytes]] = field(default_factory=lambda: {track: [] for track in TRACKS})
    commands: list[Command] = field(default_factory=list)
    given: dict[tuple[str, int], str] = field(default_factory=dict)  # by track and seq: which run wrote it


class MemoryFrameLog:
    """A FrameLog within one process: for tests, the command line, and films that ship with the package."""

    def __init__(self) -> None:
        self._runs: dict[str, _Run] = {}
        self._pruned: set[str] = set()
        self._lock = threading.RLock()

    def _run(self, run: str) -> _Run:
        if run in self._pruned:
            raise RunPrunedError(run)
        try:
            return self._runs[check_run_id(run)]
        except KeyError:
            raise RunNotFoundError(run) from None

    def create(self, status: Status) -> None:
        with self._lock:
            check_run_id(status.run)
            if status.run in self._runs or status.run in self._pruned:
                raise WriterConflictError(f"The run {status.run} exists already.")
            now = status.created or time.time()
            self._runs[status.run] = _Run(replace(status, created=now, updated=status.updated or now))

    def append(self, run: str, seq: int, data: bytes, track: str = FILM) -> None:
        with self._lock:
            frames = self._run(run).frames[check_track(track)]
            if seq != len(frames):
                raise WriterConflictError(
                    f"The next frame of run {run} must have seq {len(frames)}, got {seq}: is there a second writer?"
                )
            frames.append(bytes(data))

    def share(self, run: str, source: str, stop: int, track: str = FILM) -> None:
        with self._lock:
            own, theirs = self._run(run), self._run(source)
            frames = own.frames[check_track(track)]
            for seq in range(len(frames), min(stop, len(theirs.frames[track]))):
                own.given[track, seq] = theirs.given.get((track, seq), source)
                frames.append(theirs.frames[track][seq])

    def since(self, run: str, after: int, limit: int, track: str = FILM) -> list[bytes]:
        return self.range(run, after + 1, after + 1 + max(0, limit), track)

    def range(self, run: str, start: int, stop: int, track: str = FILM) -> list[bytes]:
        with self._lock:
            return self._run(run).frames[check_track(track)][max(0, start) : max(0, stop)]

    def last(self, run: str, track: str = FILM) -> int:
        with self._lock:
            return len(self._run(run).frames[check_track(track)]) - 1

    def status(self, run: str) -> Status:
        with self._lock:
            return self._run(run).status

    def set_status(self, status: Status) -> None:
        with self._lock:
            self._run(status.run).status = replace(status, updated=status.updated or time.time())

    def runs(self) -> list[Status]:
        with self._lock:
            return sorted((run.status for run in self._runs.values()), key=lambda status: -status.created)

    def send(self, run: str, command: Command) -> int:
        with self._lock:
            queue = self._run(run).commands
            queue.append(command)
            return len(queue)

    def commands(self, run: str, after: int) -> list[tuple[int, Command]]:
        with self._lock:
            queue = self._run(run).commands
            return [(number, queue[number - 1]) for number in range(max(0, after) + 1, len(queue) + 1)]

    def size(self, run: str | None = None) -> int:
        with self._lock:
            if run is not None:
                return _own_bytes(self._run(run))
            # Of what was given, once: what nobody who is here wrote.
            others = {
                (owner, *place): len(found.frames[place[0]][place[1]])
                for found in self._runs.values()
                for place, owner in found.given.items()
                if owner not in self._runs
            }
            return sum(map(_own_bytes, self._runs.values())) + sum(others.values())

    def prune(self, limit: int, keep: Collection[str] = ()) -> list[str]:
        with self._lock:
            removed: list[str] = []
            for run in sorted(self._runs.values(), key=lambda item: item.status.created):
                if self.size() <= limit:
                    break
                if not run.status.active and run.status.run not in keep:
                    self._pruned.add(run.status.run)
                    removed.append(run.status.run)
                    del self._runs[run.status.run]
            return removed


def _own_bytes(run: _Run) -> int:
    return sum(
        len(data)
        for track, frames in run.frames.items()
        for seq, data in enumerate(frames)
        if (track, seq) not in run.given
    )
