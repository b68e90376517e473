"""A web process: one of those that gunicorn starts, watches over and replaces, with our server in it."""

from __future__ import annotations

import os
from typing import Any

from gunicorn.workers.base import Worker  # type: ignore[import-untyped]

from app.web.server import WebServer

_FINISH = 3.0  #: seconds to answer what was asked before it ends


class WebWorker(Worker):  # type: ignore[misc]
    """Gunicorn's part is the processes and their signals; the requests are :class:`WebServer`'s."""

    server: WebServer | None = None

    def run(self) -> None:
        (listener,) = self.sockets
        listener.sock.setblocking(False)
        self.server = WebServer(self.wsgi, listener.sock, self.cfg.threads)
        while self.alive and os.getppid() == self.ppid:
            self.notify()
            self.server.turn()
        self.server.finish(_FINISH)

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        if self.server is not None:
            self.server.wake()
