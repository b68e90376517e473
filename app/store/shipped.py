"""Films that ship with the package, as runs ``preset-<name>``.

They are made by :mod:`app.make_films`; beside each lie the weights of some of its frames.
"""

from __future__ import annotations

import lzma
import threading
from collections import OrderedDict
from hashlib import blake2b
from pathlib import Path

from nnprobe_core.errors import RunNotFoundError
from nnprobe_core.frame import CHECKPOINTS, header, unpack
from nnprobe_core.record import DONE, MemoryFrameLog, Status, check_run_id

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
