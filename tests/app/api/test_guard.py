"""Under which names the lab may be asked, and what it says when others can reach it."""

from __future__ import annotations

import json
import socket

import pytest
from live_server import LiveServer

from app.api.guard import HEADERS
from app.commands.serve import addresses


@pytest.fixture(scope="module", params=["127.0.0.1", "0.0.0.0"])
def server(request, tmp_path_factory):
    """At either address; it may be asked as ``lab.example``, too."""
    if request.param == "127.0.0.1":
        yield request.getfixturevalue("lab")
        return
    with LiveServer(tmp_path_factory.mktemp("open"), "--host", request.param, NNPROBE_HOSTS="lab.example") as opened:
        yield opened


def test_another_name_that_points_here_may_not_ask_wherever_we_listen(server):
    port = server.host.rsplit(":", 1)[1]
    allowed = ["localhost", "127.0.0.1", "lab.example", "192.0.2.7", "[::1]", socket.gethostname()]
    for name in allowed:
        assert server.ask("GET", "/api/health", headers={"Host": f"{name}:{port}"})[0] == 200, name
    for name in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "1.2.3", "", "[::1"):
        for path in ("/", "/api/runs", "/assets/stage/stage.js"):
            code, headers, body = server.ask("GET", path, headers={"Host": f"{name}:{port}"})
            assert 400 <= code < 500, (name, path)
            assert all(name in headers for name in HEADERS)
        if name.endswith("example"):
            assert json.loads(body)["error"].endswith(f"(NNPROBE_HOSTS), got {name}.")


def test_every_answer_says_what_browsers_must_not_do(server):
    for path in ("/", "/api/health", "/api/nothing", "/assets/stage/stage.js", "/assets/nothing.js", "/_dash-layout"):
        _, headers, _ = server.ask("GET", path)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_server_that_others_can_reach_says_so_and_at_which_address(server):
    if server.host.startswith("127.0.0.1:"):
        assert server.news == []
        return
    port = server.host.rsplit(":", 1)[1]
    (line,) = server.news
    assert line.startswith("Other machines can reach it, and whoever does may train here: ")
    for address in addresses():
        assert f"http://{f'[{address}]' if ':' in address else address}:{port}" in line
        if ":" not in address:
            with socket.create_connection((address, int(port)), timeout=5):
                pass


def test_the_addresses_are_those_the_system_names():
    found = addresses()
    assert not {"127.0.0.1", "::1"} & set(found)
    for address in found:  # only an address of this machine can be listened at
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as one:
            one.bind((address, 0))
