"""Films that ship with the package, as runs ``preset-<name>``; and the one FrameLog over them and the user's own.

They are made by :mod:`app.make_films`; beside each lie the weights of some of its frames.
"""

from __future__ import annotations

import lzma
import threading
from collections import OrderedDict
from collections.abc import Collection
from hashlib import blake2b
from pathlib import Path

from app.jobs.untrained import Untrained, is_untrained
from nnprobe_core.errors import RunNotFoundError, WriterConflictError
from nnprobe_core.frame import CHECKPOINTS, FILM, header, unpack
from nnprobe_core.record import DONE, Command, FrameLog, MemoryFrameLog, Status, check_run_id, check_track

PREFIX = "preset-"
SUFFIX, WEIGHTS_SUFFIX = ".film.xz", ".weights.xz"
_KEPT = 8  #: films kept unpacked, some 10 MB each


def films_folder() -> Path:
    """Where the shipped films lie, in a checkout and in an installed wheel."""
    return Path(__file__).parents[1] / "films"


def is_shipped(run: str) -> bool:
    """Whether ``run`` is the id of a shipped film, there or not."""
    return run.startswith(PREFIX)


class ShippedFilms:
    """The films ``<name>.film.xz`` of a folder, unpacked when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, MemoryFrameLog] = OrderedDict()
        self._editions: dict[str, str] = {}

    def names(self) -> list[str]:
        """The presets that have a film."""
        return sorted(path.name.removesuffix(SUFFIX) for path in self._folder.glob(f"*{SUFFIX}"))

    def edition(self, run: str) -> str:
        """What tells this film from others of the same id, which other versions of nnprobe ship."""
        name = check_run_id(run).removeprefix(PREFIX)
        with self._lock:
            if run not in self._editions:
                path = self._folder / f"{name}{SUFFIX}"
                if not path.is_file():
                    raise RunNotFoundError(run)
                self._editions[run] = blake2b(path.read_bytes(), digest_size=8).hexdigest()
            return f"{run}.{self._editions[run]}"

    def open(self, run: str) -> MemoryFrameLog:
        """The log that holds the one run; RunNotFoundError for a film that does not ship."""
        name = check_run_id(run).removeprefix(PREFIX)
        with self._lock:
            if run not in self._kept:
                self._kept[run] = _unpack(run, self._folder, name)
            self._kept.move_to_end(run)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return self._kept[run]


class RoutedFrameLog:
    """A FrameLog that reads ``preset-…`` from the shipped films, ``untrained-…`` from those made on request, and keeps
    everything else in ``own``.

    The first two can be read only; they are not among :meth:`runs`, and count for no limit.
    """

    def __init__(self, shipped: ShippedFilms, own: FrameLog, untrained: Untrained | None = None) -> None:
        self.shipped, self._own, self._untrained = shipped, own, untrained

    def edition(self, run: str) -> str:
        """A name under which the frames of ``run`` never change."""
        return self.shipped.edition(run) if is_shipped(run) else run

    def _to_read(self, run: str) -> FrameLog:
        if self._untrained is not None and is_untrained(run):
            return self._untrained.open(run)
        return self.shipped.open(run) if is_shipped(run) else self._own

    def _to_write(self, run: str) -> FrameLog:
        if is_shipped(run) or is_untrained(run):
            raise WriterConflictError(f"A run that is written must be one's own, got {run}.")
        return self._own

    def create(self, status: Status) -> None:
        self._to_write(status.run).create(status)

    def append(self, run: str, seq: int, data: bytes, track: str = FILM) -> None:
        self._to_write(run).append(run, seq, data, check_track(track))

    def share(self, run: str, source: str, stop: int, track: str = FILM) -> None:
        self._to_write(run).share(run, source, stop, track)

    def since(self, run: str, after: int, limit: int, track: str = FILM) -> list[bytes]:
        return self._to_read(run).since(run, after, limit, track)

    def range(self, run: str, start: int, stop: int, track: str = FILM) -> list[bytes]:
        return self._to_read(run).range(run, start, stop, track)

    def last(self, run: str, track: str = FILM) -> int:
        return self._to_read(run).last(run, track)

    def status(self, run: str) -> Status:
        return self._to_read(run).status(run)

    def set_status(self, status: Status) -> None:
        self._to_write(status.run).set_status(status)

    def runs(self) -> list[Status]:
        return self._own.runs()

    def send(self, run: str, command: Command) -> int:
        return self._to_write(run).send(run, command)

    def commands(self, run: str, after: int) -> list[tuple[int, Command]]:
        return self._to_read(run).commands(run, after)

    def size(self, run: str | None = None) -> int:
        return self._own.size(run)

    def prune(self, limit: int, keep: Collection[str] = ()) -> list[str]:
        return self._own.prune(limit, keep)


def _unpack(run: str, folder: Path, name: str) -> MemoryFrameLog:
    path, weights = folder / f"{name}{SUFFIX}", folder / f"{name}{WEIGHTS_SUFFIX}"
    if not path.is_file():
        raise RunNotFoundError(run)
    frames = list(unpack(lzma.decompress(path.read_bytes())))
    config, step = header(frames[0])["config"], header(frames[-1])["step"]
    made = path.stat().st_mtime
    log = MemoryFrameLog()
    log.create(
        Status(
            run, DONE, config=config, created=made, updated=made, step=step, steps=step,
            frames=len(frames), lr=config.get("lr", 0.0),
        )
    )  # fmt: skip
    for seq, data in enumerate(frames):
        log.append(run, seq, data)
    if weights.is_file():
        for seq, data in enumerate(unpack(lzma.decompress(weights.read_bytes()))):
            log.append(run, seq, data, CHECKPOINTS)
    return log
