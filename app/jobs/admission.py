"""Admission: what a request means on this server, and what the server does not take on, however well described."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.settings import Settings
from nnprobe_core.errors import ConfigError
from nnprobe_core.kinds import Config, config_from_mapping
from nnprobe_core.work import check_limit


def config_here(mapping: Mapping[str, Any], settings: Settings) -> Any:
    """The config that ``mapping`` describes on this server: where nothing is said of a device, it is the server's.

    A NumPy engine has no other device than the CPU. Raises ConfigError as
    :func:`~nnprobe_core.kinds.config_from_mapping` does.
    """
    if settings.device == "cpu" or not isinstance(mapping, Mapping):
        return config_from_mapping(mapping)
    if mapping.get("engine", "kernel") != "kernel":
        return config_from_mapping({**mapping, "device": "cpu"})
    return config_from_mapping({"device": settings.device, **mapping})


def check_admissible(config: Config, settings: Settings) -> None:
    """ConfigError for a config whose device, engine or points are not here, that asks for more work than a run may,
    or whose film would certainly be larger."""
    if config.device == "cuda" and settings.device != "cuda":
        raise ConfigError("device", "cpu on this server", config.device)
    if own := config.get("data"):
        raise ConfigError("data", "empty on a server: points of one's own are learnt by nnprobe train --data", own)
    if config.get("engine") == "course" and settings.course is None:
        raise ConfigError("engine", "kernel or autograd on this server", "course")
    check_limit(config, config.work, settings.max_work, "multiply-adds on this server (NNPROBE_MAX_WORK)")
    check_limit(config, config.room, settings.run_bytes, "bytes for a film on this server (NNPROBE_MAX_RUN_BYTES)")
