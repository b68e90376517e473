"""Services: what one web process needs, built once and passed on."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask_caching import Cache

from app.frame_log_disk import DiskFrameLog
from app.frame_log_shipped import RoutedFrameLog, ShippedFilms, films_folder
from app.jobs import BackgroundManager, JobManager
from app.locks import Lock
from app.runs import Runs
from app.settings import Settings

if TYPE_CHECKING:
    from dash import DiskcacheManager


@dataclass(frozen=True)
class Server:
    """One ``nnprobe serve`` with all its web processes: an id, and the lock that says it lives."""

    id: str
    lock: Lock

    @classmethod
    def start(cls, settings: Settings) -> Server:
        """Take a new id, and clear away what dead servers left."""
        runs = Runs(settings, DiskFrameLog(settings.folder("films")))
        for dead in runs.dead_servers():
            shutil.rmtree(settings.home / "launches" / dead, ignore_errors=True)
            runs.server_lock(dead).path.unlink(missing_ok=True)
        server = secrets.token_hex(4)
        lock = runs.server_lock(server)
        lock.acquire(wait=1.0)
        return cls(server, lock)


@dataclass(frozen=True)
class Services:
    """The log, the jobs, the cache of derived things, and Dash's background manager."""

    settings: Settings
    server: Server
    log: RoutedFrameLog
    jobs: JobManager
    cache: Cache
    background_manager: DiskcacheManager

    def close(self) -> None:
        """End this process's jobs."""
        self.jobs.close()


def build_services(
    settings: Settings, server: Server | None = None, *, shipped: Path | None = None, warm: bool = True
) -> Services:
    """The services of one web process.

    ``server`` is given where several processes make one server; ``shipped`` is the folder of films that come with the
    package; ``warm`` gets the fork server ready in the background.
    """
    server = server or Server.start(settings)
    log = RoutedFrameLog(ShippedFilms(shipped or films_folder()), DiskFrameLog(settings.folder("films")))
    jobs = JobManager(settings, log, server.id)
    if warm:
        jobs.warm()
    cache = Cache(
        config={
            "CACHE_TYPE": "FileSystemCache",
            "CACHE_DIR": str(settings.folder("cache")),
            "CACHE_THRESHOLD": 500,
            "CACHE_DEFAULT_TIMEOUT": 7 * 24 * 3600,
        }
    )
    settings.folder("launches")
    manager = BackgroundManager(settings.folder(f"launches/{server.id}"), jobs)
    return Services(settings, server, log, jobs, cache, manager)
