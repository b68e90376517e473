"""The web server: whole requests to threads, whole answers out of buffers, so that nobody's slow line holds a thread.

Waitress reads requests and writes answers in one loop over all sockets, and calls the application in a thread once a
request is complete. What it leaves open is decided here: how long a client may take to say what it wants, how slowly it
may read, and who goes when there are too many.
"""

from __future__ import annotations

import logging
import resource
import socket
import time
from collections.abc import Callable, Iterable
from typing import Any

from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.adjustments import Adjustments  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import TcpWSGIServer  # type: ignore[import-untyped]
from waitress.task import ErrorTask, ThreadedTaskDispatcher  # type: ignore[import-untyped]

from app.api.guard import HEADERS, MAX_BODY

ASK_WITHIN = 10.0  #: seconds from a request's first byte to its last
IDLE = 75.0  #: seconds that a connection is kept between two requests
LOOK_EVERY = 1.0  #: seconds between two looks at all connections
READ_WITHIN = 30.0  #: seconds in which an answer must be read, or enough of it
SLOWEST = 8 << 10  #: bytes a second, enough of it
MOST = 1000  #: connections
BUFFERED = 512 << 20  #: bytes of answers that wait to be read, all together
_FILES = 4096  #: of the process, which is a connection each and the films

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class _Refusal(ErrorTask):  # type: ignore[misc]
    """The answer to what is not HTTP; as guarded as every other."""

    def execute(self) -> None:
        self.response_headers.extend(HEADERS.items())
        super().execute()


class _Connection(HTTPChannel):  # type: ignore[misc]
    """One client's connection, and since when it does what."""

    error_task_class = _Refusal
    sent = 0

    def __init__(self, *args: Any, **rest: Any) -> None:
        self.since, self._sent_then = time.monotonic(), 0
        self._state = "idle"
        super().__init__(*args, **rest)

    def send(self, data: bytes, do_close: bool = True) -> int:
        count = int(super().send(data, do_close=do_close))
        self.sent += count
        return count

    @property
    def busy(self) -> bool:
        """Whether a thread is at work for it."""
        return bool(self.requests)

    def overdue(self, now: float) -> bool:
        """Whether its client has taken too long; called every second or so, by the server's loop."""
        reading = self.total_outbufs_len > 0
        state = "reading" if reading else "busy" if self.busy else "asking" if self.request is not None else "idle"
        if state != self._state:
            self._state, self.since, self._sent_then = state, now, self.sent
        passed = now - self.since
        if state == "reading" and passed > READ_WITHIN:
            slow = self.sent - self._sent_then < passed * SLOWEST
            self.since, self._sent_then = now, self.sent
            return slow
        return passed > {"asking": ASK_WITHIN, "idle": IDLE}.get(state, passed)


class WebServer(TcpWSGIServer):  # type: ignore[misc]
    """Serves ``application`` at a socket that listens; :meth:`turn` is one round of its loop."""

    channel_class = _Connection

    def __init__(self, application: Application, listener: socket.socket, threads: int) -> None:
        self.most = _connections()
        settings = Adjustments(
            sockets=[listener],
            threads=threads,
            ident="nnprobe",
            backlog=2048,
            connection_limit=10**6,  # never: see handle_accept
            channel_timeout=10**6,  # never: see maintenance
            cleanup_interval=1,
            max_request_header_size=64 << 10,
            max_request_body_size=4 * MAX_BODY,  # up to MAX_BODY it is the application that says so
            outbuf_overflow=BUFFERED,  # in memory: a full disk must not stop answers
            outbuf_high_watermark=1 << 20,
            log_socket_errors=False,
        )
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a line of requests is nothing to warn of
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(threads)
        self.sockets: dict[int, Any] = {}
        place = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(
            application, self.sockets, True, listener, dispatcher=dispatcher, adj=settings, bind_socket=False,
            sockinfo=place,
        )  # fmt: skip

    def turn(self, patience: float = 1.0) -> None:
        """Serve what comes within ``patience`` seconds."""
        wasyncore.loop(timeout=patience, use_poll=True, map=self.sockets, count=1)

    def wake(self) -> None:
        """End the present turn; from a signal handler or any thread."""
        self.pull_trigger()

    def handle_accept(self) -> None:
        """Take a new connection; where there are too many, whoever has kept a connection for nothing longest goes."""
        if len(self.active_channels) >= self.most:
            idle = [one for one in self.active_channels.values() if not one.busy and not one.total_outbufs_len]
            if idle:
                min(idle, key=lambda one: one.last_activity if one.request is None else 0).handle_close()
        super().handle_accept()

    def maintenance(self, now: float) -> None:
        """Close connections whose clients take too long, and those that let too much wait to be read."""
        now = time.monotonic()
        for one in list(self.active_channels.values()):
            if one.overdue(now):
                one.handle_close()
        waiting = sorted(self.active_channels.values(), key=lambda one: one.since)
        total = sum(one.total_outbufs_len for one in waiting)
        for one in waiting:
            if total <= BUFFERED:
                break
            total -= one.total_outbufs_len
            if one.total_outbufs_len:
                one.handle_close()

    def finish(self, patience: float) -> None:
        """Take no new connection, answer what was asked, and close all within about ``patience`` seconds."""
        self.del_channel()
        until = time.monotonic() + patience
        while time.monotonic() < until and any(
            one.busy or one.total_outbufs_len for one in self.active_channels.values()
        ):
            self.turn(0.05)
        self.task_dispatcher.shutdown(timeout=0.5)
        self.socket.close()
        wasyncore.close_all(self.sockets, ignore_all=True)


def _connections() -> int:
    """How many connections there may be: as many as files may be open, with some left for films."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(32, min(MOST, (soft if soft != resource.RLIM_INFINITY else _FILES) - 200))
