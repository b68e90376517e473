"""Servers: one ``nnprobe serve`` with all its web processes, and how others know that it lives."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from app.jobs.liveness import SERVERS, Claim, open_liveness
from app.settings import Settings


@dataclass(frozen=True)
class Server:
    """An id, the lock that is held while the server lives, and a folder for what goes with it."""

    id: str
    lock: Claim
    folder: Path

    @classmethod
    def start(cls, settings: Settings) -> Server:
        """Take a new id, and clear away what dead servers left.

        The lock is held by this process and by all that it forks: it goes with the last of them.
        """
        liveness, server = open_liveness(settings), secrets.token_hex(4)
        lock = liveness.claim(f"{SERVERS}/{server}")
        lock.acquire(wait=1.0)
        liveness.clear(SERVERS)
        for folder in settings.folder(SERVERS).iterdir():
            if folder.is_dir() and not liveness.held(f"{SERVERS}/{folder.name}"):
                shutil.rmtree(folder, ignore_errors=True)
        return cls(server, lock, settings.folder(f"{SERVERS}/{server}"))
