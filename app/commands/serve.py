"""``nnprobe serve``: the lab, in a browser."""

from __future__ import annotations

import argparse
import logging
import signal
import socket
import threading
from contextlib import ExitStack
from ipaddress import ip_address
from typing import Any

import psutil

from app.settings import Settings
from nnprobe_core.errors import ConfigError

_ALL = ("0.0.0.0", "::")  #: to listen at every address
_THREADS = 16  #: per web process; a request has one while it is worked on, not while it comes or its answer goes


def add(commands: Any) -> None:
    parser = commands.add_parser("serve", help="serve the lab", description="Serve the lab to browsers.")
    add_options(parser)
    parser.set_defaults(run=run)


def add_options(parser: argparse.ArgumentParser) -> None:
    """What every command that serves the lab may be told."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (%(default)s; 0.0.0.0: all)")
    parser.add_argument("--port", type=int, default=8050, help="port (%(default)s; 0: any free one)")
    parser.add_argument("--workers", type=int, default=1, help="web processes (%(default)s)")
    parser.add_argument("--debug", action="store_true", help="Dash's developer tools, and a log of requests")


def run(options: argparse.Namespace, page: str = "") -> int:
    """Serve until told to end; ``page`` is what to open, beyond the address that is printed."""
    if not 0 <= options.port <= 65535:
        raise ConfigError("--port", "a whole number from 0 to 65535", options.port)
    if not 1 <= options.workers <= 64:
        raise ConfigError("--workers", "a whole number from 1 to 64", options.workers)
    settings = Settings.from_environment()
    logging.basicConfig(level=logging.INFO if options.debug else logging.WARNING, format="%(levelname)s %(message)s")
    listener = _listen(options.host, options.port)
    host, port = listener.getsockname()[:2]
    news = [f"nnprobe is at {_url(host, port)}/{page}".rstrip("/"), *_news_for_others(host, port)]
    _serve(settings, listener, "\n".join(news), workers=options.workers, debug=options.debug)
    return 0


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens, before anything costly is imported: a taken port is told at once."""
    with ExitStack() as stack:
        try:
            family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
            listener = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(place)
            listener.listen(2048)
        except OSError as error:
            raise ConfigError("--host and --port", f"free to listen at ({error.strerror})", f"{host}:{port}") from None
        stack.pop_all()
    return listener


def _url(host: str, port: int) -> str:
    name = "localhost" if host in _ALL else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def _news_for_others(host: str, port: int) -> list[str]:
    """What to say where other machines can reach the lab: that they can, and at which addresses."""
    if host not in _ALL and ip_address(host.partition("%")[0]).is_loopback:
        return []
    places = [_url(address, port) for address in (addresses() if host in _ALL else [host])]
    return [
        "Other machines can reach it, and whoever does may train here: "
        + (", ".join(places) or "no address of this machine was found")
        + "."
    ]


def addresses() -> list[str]:
    """The addresses at which other machines may reach this one, IPv4 first."""
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = []
    for name, entries in psutil.net_if_addrs().items():
        for entry in entries:
            if name in up and entry.family in (socket.AF_INET, socket.AF_INET6):
                address = ip_address(entry.address.partition("%")[0])
                if not (address.is_loopback or address.is_link_local):
                    found.append(address)
    return [str(address) for address in sorted(found, key=lambda address: address.version)]


def _serve(settings: Settings, listener: socket.socket, news: str, *, workers: int, debug: bool) -> None:
    """Serve until told to end, from ``workers`` processes that are watched over by this one."""
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    from app.api.guard import log_requests
    from app.jobs.servers import Server
    from app.services import Services, build_services
    from app.web.worker import WebWorker

    server = Server.start(settings)  # its lock is held by this process and all workers: it goes with the last

    class Lab(BaseApplication):  # type: ignore[misc]
        services: Services | None = None

        def load_config(self) -> None:
            options = {
                "bind": f"fd://{listener.fileno()}",
                "workers": workers,
                "worker_class": WebWorker,
                "threads": _THREADS,
                "timeout": 120,
                "graceful_timeout": 5,
                "loglevel": "info" if debug else "warning",
                "control_socket_disable": True,
                "post_worker_init": self.ready,
                "worker_exit": self.end,
            }
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            """In each worker: the WSGI application."""
            from app.factory import create_app

            self.services = build_services(settings, server)
            app = create_app(self.services)
            if debug:
                app.enable_dev_tools(debug=True, dev_tools_hot_reload=False)
                log_requests(app.server)
            return app.server

        def ready(self, worker: Any) -> None:
            # Connections may linger while a worker ends; its jobs end at once.
            end = signal.getsignal(signal.SIGTERM)

            def terminate(*given: Any) -> None:
                threading.Thread(target=self.end).start()
                if callable(end):
                    end(*given)

            signal.signal(signal.SIGTERM, terminate)
            if worker.age == 1:
                print(news, flush=True)

        def end(self, _arbiter: Any = None, _worker: Any = None) -> None:
            if self.services is not None:
                self.services.close()

    Lab().run()
