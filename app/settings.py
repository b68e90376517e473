"""Settings: what a person who runs nnprobe may choose, read from the environment at one door."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import whole

_NVIDIA = Path("/proc/driver/nvidia/gpus")


@dataclass(frozen=True)
class Settings:
    """Where things lie and how much there may be of them.

    Attributes
    ----------
    home : Path
        ``NNPROBE_HOME``: the folder of films, locks and caches; its folders are readable by their owner alone.
    max_jobs : int
        ``NNPROBE_MAX_JOBS``: how many runs train at once; as many as cores, or as GPUs where the device is cuda.
    max_bytes : int
        ``NNPROBE_MAX_BYTES``: bytes of all films together, beyond which the oldest runs are removed.
    max_waiting : int
        ``NNPROBE_MAX_WAITING``: how many runs may wait for their turn.
    max_run_bytes : int
        ``NNPROBE_MAX_RUN_BYTES``: bytes of one run's film; half of max_bytes where it is not said.
    max_work : int
        ``NNPROBE_MAX_WORK``: multiply-adds that one run may ask for (see :mod:`nnprobe_core.work`).
    max_seconds : int
        ``NNPROBE_MAX_SECONDS``: seconds a run may train before it is stopped; it can be continued.
    max_memory : int
        ``NNPROBE_MAX_MEMORY``: bytes of memory that the process of one run may take.
    device : str
        ``NNPROBE_DEVICE``: cuda where runs may ask for a GPU.
    unwatched : float
        ``NNPROBE_UNWATCHED``: seconds a paused run keeps its place among the running ones while nobody looks at it.
    hosts : tuple of str
        ``NNPROBE_HOSTS``: names, separated by commas, by which the server may be asked besides localhost, this
        machine's name and any address in digits (behind a reverse proxy, or where a name server knows it).
    course : Path, optional
        ``NNPROBE_COURSE``: a folder of ``nnprobe course new``, whose library is the engine ``course``.
    """

    home: Path
    max_jobs: int
    max_bytes: int = 2 * 2**30
    max_waiting: int = 100
    max_run_bytes: int = 0
    max_work: int = 2 * 10**14
    max_seconds: int = 6 * 3600
    max_memory: int = 4 * 2**30
    device: str = "cpu"
    unwatched: float = 600.0
    hosts: tuple[str, ...] = ()
    course: Path | None = None

    @property
    def run_bytes(self) -> int:
        """The quota of one run: what was set, or half of all."""
        return min(self.max_run_bytes or self.max_bytes // 2, self.max_bytes)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings in ``environment`` (default: this process's); ConfigError names the variable."""
        values = os.environ if environment is None else environment
        device = values.get("NNPROBE_DEVICE", "cpu")
        if device not in ("cpu", "cuda"):
            raise ConfigError("NNPROBE_DEVICE", "cpu or cuda", device)
        return cls(
            home=Path(values.get("NNPROBE_HOME") or "~/.cache/nnprobe").expanduser().absolute(),
            max_jobs=_whole(values, "NNPROBE_MAX_JOBS", gpus(values) if device == "cuda" else cores(), 1, 1024),
            max_bytes=_whole(values, "NNPROBE_MAX_BYTES", cls.max_bytes, 2**20, 2**50),
            max_waiting=_whole(values, "NNPROBE_MAX_WAITING", cls.max_waiting, 0, 10_000),
            max_run_bytes=_whole(values, "NNPROBE_MAX_RUN_BYTES", cls.max_run_bytes, 2**16, 2**50),
            max_work=_whole(values, "NNPROBE_MAX_WORK", cls.max_work, 10**6, 10**30),
            max_seconds=_whole(values, "NNPROBE_MAX_SECONDS", cls.max_seconds, 1, 10**9),
            max_memory=_whole(values, "NNPROBE_MAX_MEMORY", cls.max_memory, 2**28, 2**50),
            device=device,
            hosts=tuple(name.strip() for name in values.get("NNPROBE_HOSTS", "").split(",") if name.strip()),
            course=Path(values["NNPROBE_COURSE"]).expanduser().absolute() if values.get("NNPROBE_COURSE") else None,
            unwatched=float(_whole(values, "NNPROBE_UNWATCHED", int(cls.unwatched), 1, 10**7)),
        )

    @classmethod
    def from_json(cls, mapping: Mapping[str, Any]) -> Settings:
        course = mapping["course"] and Path(mapping["course"])
        return cls(**{**mapping, "home": Path(mapping["home"]), "hosts": tuple(mapping["hosts"]), "course": course})

    def to_json(self) -> dict[str, Any]:
        """What a job's process is told."""
        return {**asdict(self), "home": str(self.home), "course": self.course and str(self.course)}

    def folder(self, name: str) -> Path:
        """A folder of ours within ``home``, there and private (mode 0700) afterwards."""
        path = self.home / name
        for made in (self.home, path):
            made.mkdir(mode=0o700, parents=True, exist_ok=True)
            made.chmod(0o700)
        return path


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def gpus(values: Mapping[str, str] | None = None) -> int:
    """GPUs this process may use, at least 1; told without touching CUDA, whose context lives in jobs only."""
    visible = (os.environ if values is None else values).get("CUDA_VISIBLE_DEVICES")
    if visible:
        return len(visible.split(","))
    return max(1, len(list(_NVIDIA.iterdir())) if _NVIDIA.is_dir() else 1)


def _whole(values: Mapping[str, str], name: str, default: int, lo: int, hi: int) -> int:
    text = values.get(name, "").strip()
    return whole(name, text, lo, hi) if text else default
