"""DiskFrameLog: the FrameLog that web processes and jobs share, on diskcache (SQLite).

Keys are text and values are bytes or text, so nothing is ever pickled or unpickled. What is counted lies beside the
frames and changes in the same transaction: a frame is there whole or not at all, and a second writer is found by seq.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import diskcache

from app.store.failures import storage_error, told
from app.store.reels import Reel, needed
from nnprobe_core.errors import FilmError, RunNotFoundError, RunPrunedError, WriterConflictError
from nnprobe_core.frame import FILM, TRACKS
from nnprobe_core.record import Command, Status, check_run_id, check_track

# Measured: below a megabyte a row of SQLite is twice as fast as a file of its own, above it is the other way round.
_FILE_FROM = 2**20
_INDEX = "runs"  #: JSON list of the ids of all runs here
_SIZE = "size"  #: bytes of all frames here, as text


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
        self.folder = folder
        self._parsed = lru_cache(4096)(_parse)
        try:
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
            with self._cache.transact():
                if _SIZE not in self._cache:
                    self._cache.set(_SIZE, str(sum(self._bytes(run) for run in self._index())))
        except (OSError, diskcache.Timeout, diskcache.core.sqlite3.Error) as error:
            raise storage_error(error, folder) from error

    def close(self) -> None:
        self._cache.close()

    @told
    def create(self, status: Status) -> None:
        run = check_run_id(status.run)
        now = status.created or time.time()
        status = replace(status, created=now, updated=status.updated or now)
        with self._cache.transact():
            if f"tail/{run}" in self._cache or f"gone/{run}" in self._cache:
                raise WriterConflictError(f"The run {run} exists already.")
            self._write_tail(run, {**dict.fromkeys(TRACKS, -1), "bytes": 0, "commands": 0})
            self._cache.set(f"status/{run}", json.dumps(status.to_json()))
            self._cache.set(_INDEX, json.dumps([*self._index(), run]))

    @told
    def append(self, run: str, seq: int, data: bytes, track: str = FILM) -> None:
        check_track(track)
        with self._cache.transact():
            tail = self._tail(run)
            if seq != tail[track] + 1:
                raise WriterConflictError(
                    f"The next frame of run {run} must have seq {tail[track] + 1}, got {seq}: is there a second writer?"
                )
            self._cache.set(_frame(run, track, seq), bytes(data))
            self._write_tail(run, {**tail, track: seq, "bytes": tail["bytes"] + len(data)})
            self._grow(len(data))

    @told
    def share(self, run: str, source: str, stop: int, track: str = FILM) -> None:
        check_track(track)
        with self._cache.transact():
            tail, theirs = self._tail(run), self._tail(source)
            start, stop = tail[track] + 1, min(stop, theirs[track] + 1)
            if start >= stop:
                return
            lent = self._reel(source, track, theirs).lent(start, stop)
            given = tail.get("given", {})
            pieces = [*given.get(track, []), *Reel(run, lent).to_json()]
            self._write_tail(run, {**tail, track: stop - 1, "given": {**given, track: pieces}})
            for owner in {piece.owner for piece in lent}:
                self._set_players(owner, {*self._players(owner), run})

    @told
    def since(self, run: str, after: int, limit: int, track: str = FILM) -> list[bytes]:
        return self.range(run, after + 1, after + 1 + max(0, limit), track)

    @told
    def range(self, run: str, start: int, stop: int, track: str = FILM) -> list[bytes]:
        tail, frames = self._tail(run), []
        reel = self._reel(run, check_track(track), tail)
        for seq in range(max(0, start), min(stop, tail[track] + 1)):
            data = self._cache.get(_frame(reel.owner(seq), track, seq))
            if data is None:  # pruned while we read
                self._tail(run)
                break
            frames.append(data)
        return frames

    @told
    def last(self, run: str, track: str = FILM) -> int:
        return int(self._tail(run)[check_track(track)])

    @told
    def status(self, run: str) -> Status:
        text = self._cache.get(f"status/{check_run_id(run)}")
        if text is None:
            raise self._missing(run)
        return Status.from_json(json.loads(text))

    @told
    def set_status(self, status: Status) -> None:
        with self._cache.transact():
            self._tail(status.run)
            status = replace(status, updated=status.updated or time.time())
            self._cache.set(f"status/{status.run}", json.dumps(status.to_json()))

    @told
    def runs(self) -> list[Status]:
        # One question for all: diskcache itself would ask a few for each.
        rows = self._cache._sql("SELECT value FROM Cache WHERE key >= 'status/' AND key < 'status0' AND raw = 1")
        statuses = [self._parsed(text) for (text,) in rows if isinstance(text, str)]
        return sorted(statuses, key=lambda status: -status.created)

    @told
    def send(self, run: str, command: Command) -> int:
        with self._cache.transact():
            tail = self._tail(run)
            number = int(tail["commands"]) + 1
            self._cache.set(f"command/{run}/{number}", json.dumps(command.to_json()))
            self._write_tail(run, {**tail, "commands": number})
        return number

    @told
    def commands(self, run: str, after: int) -> list[tuple[int, Command]]:
        out = []
        for number in range(max(0, after) + 1, self._tail(run)["commands"] + 1):
            text = self._cache.get(f"command/{run}/{number}")
            if text is not None:
                out.append((number, Command.from_mapping(json.loads(text))))
        return out

    @told
    def size(self, run: str | None = None) -> int:
        return int(self._cache.get(_SIZE, default="0")) if run is None else int(self._tail(run)["bytes"])

    @told
    def prune(self, limit: int, keep: Collection[str] = ()) -> list[str]:
        removed: list[str] = []
        if self.size() <= limit:
            return removed
        for run in sorted(self._index(), key=self._created):
            if self.size() <= limit:
                break
            if run not in keep and self._remove(run):
                removed.append(run)
        return removed

    def _remove(self, run: str) -> bool:
        """Take a run out and leave a tombstone; False if it is active or not there.

        Frames that a fork plays stay until no fork does.
        """
        with self._cache.transact():
            try:
                tail, status = self._tail(run), self.status(run)
            except RunNotFoundError:
                return False
            if status.active:
                return False
            self._cache.set(f"gone/{run}", "")
            self._cache.set(_INDEX, json.dumps([other for other in self._index() if other != run]))
            reels = {track: self._reel(run, track, tail) for track in TRACKS}
            own = {
                track: [seq for seq in range(tail[track] + 1) if reel.owner(seq) == run]
                for track, reel in reels.items()
            }
            for number in range(1, tail["commands"] + 1):
                self._cache.delete(f"command/{run}/{number}")
            self._cache.delete(f"status/{run}")
            self._cache.delete(f"tail/{run}")
            self._trim(run, own)
            for owner in {piece.owner for reel in reels.values() for piece in reel.pieces}:
                self._set_players(owner, self._players(owner) - {run})
                if (left := self._cache.get(f"left/{owner}")) is not None:
                    self._trim(owner, json.loads(left))
            return True

    def _trim(self, owner: str, there: Mapping[str, Sequence[int]]) -> None:
        """Of the frames ``there`` of a run that is gone, keep those that others play."""
        play = needed(owner, ({track: self._reel(run, track) for track in TRACKS} for run in self._players(owner)))
        left: dict[str, list[int]] = {}
        for track, seqs in there.items():
            for seq in seqs:
                if seq in play.get(track, ()):
                    left.setdefault(track, []).append(seq)
                else:
                    self._grow(-len(self._cache.pop(_frame(owner, track, seq), default=b"")))
        if left:
            self._cache.set(f"left/{owner}", json.dumps(left))
        else:
            self._cache.delete(f"left/{owner}")
            self._cache.delete(f"players/{owner}")

    def _players(self, owner: str) -> set[str]:
        """The runs that play frames of ``owner``."""
        return set(json.loads(self._cache.get(f"players/{owner}", default="[]")))

    def _set_players(self, owner: str, players: set[str]) -> None:
        self._cache.set(f"players/{owner}", json.dumps(sorted(players)))

    def _reel(self, run: str, track: str, tail: dict[str, Any] | None = None) -> Reel:
        tail = self._tail(run) if tail is None else tail
        return Reel.from_json(run, tail.get("given", {}).get(track, []))

    def _grow(self, count: int) -> None:
        self._cache.set(_SIZE, str(int(self._cache.get(_SIZE, default="0")) + count))

    def _index(self) -> list[str]:
        return list(json.loads(self._cache.get(_INDEX, default="[]")))

    def _tail(self, run: str) -> dict[str, Any]:
        """The last seq of each track, the bytes it wrote, the number of commands, and what it was given of others."""
        text = self._cache.get(f"tail/{check_run_id(run)}")
        if text is None:
            raise self._missing(run)
        return dict(json.loads(text))

    def _write_tail(self, run: str, tail: dict[str, Any]) -> None:
        self._cache.set(f"tail/{run}", json.dumps(tail))

    def _bytes(self, run: str) -> int:
        try:
            return int(self._tail(run)["bytes"])
        except RunNotFoundError:
            return 0

    def _created(self, run: str) -> float:
        try:
            return self.status(run).created
        except RunNotFoundError:
            return 0.0

    def _missing(self, run: str) -> RunNotFoundError:
        return RunPrunedError(run) if f"gone/{run}" in self._cache else RunNotFoundError(run)


def _parse(text: str) -> Status:
    return Status.from_json(json.loads(text))


def _frame(run: str, track: str, seq: int) -> str:
    return f"frame/{run}/{track}/{seq:08d}"
