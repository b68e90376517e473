"""Servers: one ``nnprobe serve`` with all its web processes, and how others know that it lives."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from app.jobs.locks import Lock, is_held
from app.settings import Settings


@dataclass(frozen=True)
class Server:
    """An id, the lock that is held while the server lives, and a folder for what goes with it."""

    id: str
    lock: Lock
    folder: Path

    @classmethod
    def start(cls, settings: Settings) -> Server:
        """Take a new id, and clear away what dead servers left.

        The lock is held by this process and by all that it forks: it goes with the last of them.
        """
        for path in settings.folder("servers").glob("*.lock"):
            if not is_held(path):
                shutil.rmtree(path.with_suffix(""), ignore_errors=True)
                path.unlink(missing_ok=True)
        server = secrets.token_hex(4)
        lock = Lock(_lock_path(settings, server))
        lock.acquire(wait=1.0)
        return cls(server, lock, settings.folder(f"servers/{server}"))


def server_lives(settings: Settings, server: str) -> bool:
    """Whether the server with this id lives, from any process."""
    return is_held(_lock_path(settings, server))


def _lock_path(settings: Settings, server: str) -> Path:
    return settings.home / "servers" / f"{server}.lock"
