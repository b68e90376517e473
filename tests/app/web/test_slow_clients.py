"""Clients that are slow, or do not mean it: none of them keeps the others waiting, and each is let go in time."""

from __future__ import annotations

import http.client
import socket
import time
from contextlib import ExitStack
from threading import Thread
from typing import ClassVar

import pytest
from live_server import LONG

from app.api.guard import HEADERS
from app.web import server as web_server
from app.web.server import WebServer


def connect(host: str, *, small: bool = False) -> socket.socket:
    """A connection; ``small`` takes as little as it can before its owner reads."""
    name, port = host.rsplit(":", 1)
    made = socket.socket()
    if small:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.settimeout(20)
    made.connect((name, int(port)))
    return made


def request(path: str, host: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()


def closed(connection: socket.socket, seconds: float = 10) -> bool:
    """Whether the other side closes ``connection`` within ``seconds``."""
    connection.settimeout(seconds)
    try:
        while connection.recv(1 << 16):
            pass
    except ConnectionError:
        return True
    except TimeoutError:
        return False
    return True


def test_two_hundred_slow_connections_keep_nobody_waiting(lab):
    with ExitStack() as stack:
        for number in range(120):
            slow = stack.enter_context(connect(lab.host, small=True))
            if number % 3 == 0:  # half a head
                slow.sendall(b"GET /api/health HTTP/1.1\r\nHost: ")
            elif number % 3 == 1:  # half a body
                slow.sendall(b"POST /api/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
            else:  # a large answer that nobody reads
                slow.sendall(request("/api/runs/preset-default/frames?limit=512", lab.host))
        for _ in range(3):
            assert lab.ask("GET", "/api/health")[0] == 200
            assert lab.ask("GET", "/api/runs/preset-default/frames?limit=3")[0] == 200
        run = lab.start({**LONG, "steps": 20, "frames": 20})
        lab.wait(run, "done")


def test_large_downloads_leave_threads_for_others_and_are_told_when_there_are_too_many(lab):
    run = lab.start({**LONG, "steps": 600, "frames": 600})
    lab.command(run, "pace", 0)
    lab.wait(run, "done", seconds=200)
    with ExitStack() as stack:
        answers = []
        for _ in range(12):
            slow = stack.enter_context(connect(lab.host, small=True))
            slow.sendall(request(f"/api/runs/{run}/film", lab.host))
            answers.append(slow.recv(15))
        assert answers.count(b"HTTP/1.1 200 OK") == 8
        assert answers.count(b"HTTP/1.1 503 SE"[:15]) == 4
        assert lab.ask("GET", "/api/health")[0] == 200
    end = time.monotonic() + 120  # those who have gone make room
    while (answer := lab.ask("GET", f"/api/runs/{run}/film"))[0] == 503:
        assert b"downloads are under way" in answer[2]
        assert time.monotonic() < end
    assert answer[0] == 200


def test_what_is_not_http_is_told_so_and_guarded_like_all_else(lab):
    for nonsense in (
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -4\r\n\r\n",
        b"POST /api/runs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        b"POST /api/runs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"POST /api/runs HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n{",
    ):
        with connect(lab.host) as one:
            one.sendall(nonsense)
            answer = http.client.HTTPResponse(one)
            answer.begin()
            assert 400 <= answer.status < 500, nonsense[:80]
            for name, value in HEADERS.items():
                assert answer.headers[name] == value
    assert lab.ask("GET", "/api/health")[0] == 200


# Its rules of time, with a server in this process whose patience is short


class Page:
    """An application that answers with what the path says: so many bytes."""

    calls: ClassVar[list[str]] = []

    def __call__(self, environ, start_response):
        self.calls.append(environ["PATH_INFO"])
        data = bytes(int(environ["PATH_INFO"].strip("/") or 2))
        start_response("200 OK", [("Content-Length", str(len(data)))])
        return [data]


@pytest.fixture
def served(monkeypatch):
    for name, value in (("ASK_WITHIN", 0.5), ("IDLE", 2.0), ("READ_WITHIN", 0.5), ("MOST", 32)):
        monkeypatch.setattr(web_server, name, value)
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    server = WebServer(Page(), listener, threads=2)
    stop = []

    def work() -> None:
        while not stop:
            server.turn(0.2)
        server.finish(1.0)

    thread = Thread(target=work)
    thread.start()
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    stop.append(True)
    server.wake()
    thread.join()


def test_a_request_that_is_never_whole_is_let_go_though_it_trickles(served):
    with connect(served) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n")
        gone = False
        for _ in range(60):  # a byte at a time
            try:
                slow.sendall(b"a")
                time.sleep(0.1)
            except ConnectionError:
                gone = True
                break
        assert gone


def test_an_answer_that_nobody_reads_is_let_go_and_one_that_is_read_slowly_arrives(served):
    with connect(served, small=True) as deaf, connect(served, small=True) as slow:
        deaf.sendall(request("/30000000", served))
        slow.sendall(request("/200000", served))
        got = 0
        while got < 200_000:  # 100 kB a second
            got += len(slow.recv(10_000))
            time.sleep(0.1 if got < 200_000 else 0)
        assert b"200 OK" in deaf.recv(20)
        assert closed(deaf)


def test_when_there_are_too_many_connections_those_that_ask_nothing_go_first(served):
    with ExitStack() as stack:
        silent = [stack.enter_context(connect(served)) for _ in range(100)]
        asking = stack.enter_context(connect(served))
        asking.sendall(request("/3", served))
        assert b"200 OK" in asking.recv(1000)
        assert sum(closed(one, 0.05) for one in silent) >= 60


def test_a_connection_is_kept_for_the_next_request(served):
    connection = http.client.HTTPConnection(served, timeout=120)
    for size in (5, 70_000, 0):
        connection.request("GET", f"/{size or 2}")
        assert len(connection.getresponse().read()) == (size or 2)
    connection.close()
