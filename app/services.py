"""Services: what one web process needs, built once and passed on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask_caching import Cache

from app.jobs.background import BackgroundManager
from app.jobs.forkserver import ForkServer
from app.jobs.manager import JobManager
from app.jobs.servers import Server
from app.jobs.untrained import Untrained
from app.settings import Settings
from app.store.derived import derived_cache
from app.store.logs import open_log
from app.store.routed import RoutedFrameLog

if TYPE_CHECKING:
    from dash import DiskcacheManager


@dataclass(frozen=True)
class Services:
    """What the routes and callbacks call; ``cache`` is of derived things."""

    settings: Settings
    server: Server
    log: RoutedFrameLog
    jobs: JobManager
    untrained: Untrained
    cache: Cache
    background_manager: DiskcacheManager

    def close(self) -> None:
        """End this process's jobs, and the makers of untrained networks."""
        self.untrained.close()
        self.jobs.close()


def build_services(
    settings: Settings, server: Server | None = None, *, shipped: Path | None = None, warm: bool = True
) -> Services:
    """The services of one web process.

    ``server`` is given where several processes make one server; ``shipped`` is the folder of films that come with the
    package; ``warm`` gets the fork server ready in the background.
    """
    server = server or Server.start(settings)
    cache = derived_cache(settings.folder("cache"))
    untrained = Untrained(cache, ForkServer())
    log = open_log(settings, shipped=shipped, untrained=untrained)
    jobs = JobManager(settings, log, server.id)
    jobs.adopt()
    if warm:
        jobs.warm()
    manager = BackgroundManager(server.folder, jobs)
    return Services(settings, server, log, jobs, untrained, cache, manager)
