"""DiskFrameLog: the FrameLog that web processes and jobs share, on diskcache (SQLite).

Keys are text and values are bytes or text, so nothing is ever pickled or unpickled. What is counted lies beside the
frames and changes in the same transaction: a frame is there whole or not at all, and a second writer is found by seq.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import diskcache

from nnprobe_core.errors import FilmError, RunNotFoundError, RunPrunedError, WriterConflictError
from nnprobe_core.frame import FILM, TRACKS
from nnprobe_core.record import Command, Status, check_run_id, check_track

# Measured: below a megabyte a row of SQLite is twice as fast as a file of its own, above it is the other way round.
_FILE_FROM = 2**20
_INDEX = "runs"  #: JSON list of the ids of all runs here


class _NativeDisk(diskcache.Disk):  # type: ignore[misc]
    """A diskcache Disk that keeps text and bytes as they are, and refuses whatever would need a pickle."""

    def put(self, key: Any) -> Any:
        if not isinstance(key, str):
            raise FilmError(f"a key must be str, got {type(key).__name__}.")
        return super().put(key)

    def store(self, value: Any, read: bool, key: Any = diskcache.UNKNOWN) -> Any:
        if not isinstance(value, bytes | str):
            raise FilmError(f"a value must be bytes or str, got {type(value).__name__}.")
        return super().store(value, read, key=key)

    def fetch(self, mode: int, filename: str | None, value: Any, read: bool) -> Any:
        if mode not in (diskcache.core.MODE_RAW, diskcache.core.MODE_BINARY, diskcache.core.MODE_TEXT):
            raise FilmError(f"a stored value must be bytes or text, got diskcache's mode {mode}.")
        return super().fetch(mode, filename, value, read)


class DiskFrameLog:
    """A FrameLog in a folder; any number of processes and threads may use it at once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._cache = diskcache.Cache(
            str(folder),
            disk=_NativeDisk,
            disk_min_file_size=_FILE_FROM,
            eviction_policy="none",  # diskcache would else drop frames without a word
            cull_limit=0,
            size_limit=2**62,
        )

    def close(self) -> None:
        self._cache.close()

    def create(self, status: Status) -> None:
        run = check_run_id(status.run)
        now = status.created or time.time()
        status = replace(status, created=now, updated=status.updated or now)
        with self._cache.transact(retry=True):
            if f"tail/{run}" in self._cache or f"gone/{run}" in self._cache:
                raise WriterConflictError(f"The run {run} exists already.")
            self._write_tail(run, {**dict.fromkeys(TRACKS, -1), "bytes": 0, "commands": 0})
            self._cache.set(f"status/{run}", json.dumps(status.to_json()))
            self._cache.set(_INDEX, json.dumps([*self._index(), run]))

    def append(self, run: str, seq: int, data: bytes, track: str = FILM) -> None:
        check_track(track)
        with self._cache.transact(retry=True):
            tail = self._tail(run)
            if seq != tail[track] + 1:
                raise WriterConflictError(
                    f"The next frame of run {run} must have seq {tail[track] + 1}, got {seq}: is there a second writer?"
                )
            self._cache.set(_frame(run, track, seq), bytes(data))
            self._write_tail(run, {**tail, track: seq, "bytes": tail["bytes"] + len(data)})

    def since(self, run: str, after: int, limit: int, track: str = FILM) -> list[bytes]:
        return self.range(run, after + 1, after + 1 + max(0, limit), track)

    def range(self, run: str, start: int, stop: int, track: str = FILM) -> list[bytes]:
        last, frames = self.last(run, track), []
        for seq in range(max(0, start), min(stop, last + 1)):
            data = self._cache.get(_frame(run, track, seq))
            if data is None:  # pruned while we read
                self._tail(run)
                break
            frames.append(data)
        return frames

    def last(self, run: str, track: str = FILM) -> int:
        return int(self._tail(run)[check_track(track)])

    def status(self, run: str) -> Status:
        text = self._cache.get(f"status/{check_run_id(run)}")
        if text is None:
            raise self._missing(run)
        return Status.from_json(json.loads(text))

    def set_status(self, status: Status) -> None:
        with self._cache.transact(retry=True):
            self._tail(status.run)
            status = replace(status, updated=status.updated or time.time())
            self._cache.set(f"status/{status.run}", json.dumps(status.to_json()))

    def runs(self) -> list[Status]:
        texts = [self._cache.get(f"status/{run}") for run in self._index()]
        statuses = [Status.from_json(json.loads(text)) for text in texts if text is not None]
        return sorted(statuses, key=lambda status: -status.created)

    def send(self, run: str, command: Command) -> int:
        with self._cache.transact(retry=True):
            tail = self._tail(run)
            number = int(tail["commands"]) + 1
            self._cache.set(f"command/{run}/{number}", json.dumps(command.to_json()))
            self._write_tail(run, {**tail, "commands": number})
        return number

    def commands(self, run: str, after: int) -> list[tuple[int, Command]]:
        out = []
        for number in range(max(0, after) + 1, self._tail(run)["commands"] + 1):
            text = self._cache.get(f"command/{run}/{number}")
            if text is not None:
                out.append((number, Command.from_mapping(json.loads(text))))
        return out

    def size(self) -> int:
        return sum(self._bytes(run) for run in self._index())

    def prune(self, limit: int) -> list[str]:
        removed: list[str] = []
        total = self.size()
        for run in sorted(self._index(), key=self._created):
            if total <= limit:
                break
            freed = self._remove(run)
            if freed is not None:
                total -= freed
                removed.append(run)
        return removed

    def _remove(self, run: str) -> int | None:
        """Take a run out whole and leave a tombstone; the bytes freed, None if it is active or not there."""
        with self._cache.transact(retry=True):
            try:
                tail, status = self._tail(run), self.status(run)
            except RunNotFoundError:
                return None
            if status.active:
                return None
            self._cache.set(f"gone/{run}", "")
            self._cache.set(_INDEX, json.dumps([other for other in self._index() if other != run]))
            for track in TRACKS:
                for seq in range(tail[track] + 1):
                    self._cache.delete(_frame(run, track, seq))
            for number in range(1, tail["commands"] + 1):
                self._cache.delete(f"command/{run}/{number}")
            self._cache.delete(f"status/{run}")
            self._cache.delete(f"tail/{run}")
            return int(tail["bytes"])

    def _index(self) -> list[str]:
        return list(json.loads(self._cache.get(_INDEX, default="[]")))

    def _tail(self, run: str) -> dict[str, int]:
        """The last seq of each track, the bytes of all frames and the number of commands."""
        text = self._cache.get(f"tail/{check_run_id(run)}")
        if text is None:
            raise self._missing(run)
        return dict(json.loads(text))

    def _write_tail(self, run: str, tail: dict[str, int]) -> None:
        self._cache.set(f"tail/{run}", json.dumps(tail))

    def _bytes(self, run: str) -> int:
        try:
            return self._tail(run)["bytes"]
        except RunNotFoundError:
            return 0

    def _created(self, run: str) -> float:
        try:
            return self.status(run).created
        except RunNotFoundError:
            return 0.0

    def _missing(self, run: str) -> RunNotFoundError:
        return RunPrunedError(run) if f"gone/{run}" in self._cache else RunNotFoundError(run)


def _frame(run: str, track: str, seq: int) -> str:
    return f"frame/{run}/{track}/{seq:08d}"
