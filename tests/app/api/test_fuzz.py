"""Nonsense at every door: whatever is sent, the answer is a sentence or a page, never a traceback and never a 500.

Bounded here; ``python tests/app/api/test_fuzz.py 50000`` sends as many as you like.
"""

from __future__ import annotations

import json
import logging
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from app.api.guard import HEADERS
from app.factory import create_app
from app.services import build_services
from app.settings import Settings

COUNT = 1500
RUNS = ["preset-default", "nothing", "..", "%2e%2e%2fetc", "UPPER", "a" * 300, "%00", "é", "preset-", "' OR 1=1"]
REST = [
    "", "/frames", "/series", "/film", "/weights", "/attack", "/robustness", "/graph", "/table", "/commands", "/fork",
    "/nowhere", "/frames/../../x",
]  # fmt: skip
PATHS = [
    "/", "/compare", "/attack", "/separation", "/nowhere/at/all", "/_dash-layout", "/_dash-dependencies",
    "/_reload-hash", "/_dash-update-component", "/compare/_dash-update-component", "/compare/_dash-layout",
    "/_dash-component-suites/dash/deps/none.js", "/_dash-component-suites/os/x.py", "/assets/../app/api.py",
    "/_dash-component-suites/dash/../../etc/passwd", "/_dash-component-suites/plotly/package_data/x.js",
    "/assets/%2e%2e/%2e%2e/etc/passwd", "/assets/nothing.js", "/favicon.ico", "/api", "/api/health", "/api/runs",
    "/api/presets", "/api/config", "/api/preview", "/_favicon.ico", "//", "/\x00", "/_alive_abc", "/_dash-ws-callback",
]  # fmt: skip
NAMES = ["seq", "after", "limit", "track", "point", "epsilon", "attack", "norm", "target", "format", "page", "kind",
         "dataset", "hidden", "steps", "over", "values", "run", "endId", "cacheKey", "job", "oldJob", "cancelJob",
         "radius", "n_train", "lr_schedule", "engine"]  # fmt: skip
TEXTS = ["", "0", "-1", "3", "1e400", "nan", "９", "9" * 5000, "true", "spiral", "sweep", "film", "%ff%fe", "[1]", "{}",
         "a:b:c", "1:2:0", "0:1e9:1e-9", "lr", "\u0000", "../../x", "16-16", "-", "💥" * 50, "fgsm", "l2"]  # fmt: skip
TYPES = ["application/json", "text/plain", "", "application/x-www-form-urlencoded", "application/json; charset=utf-7",
         "multipart/form-data; boundary=x", "multipart/form-data", "application/octet-stream"]  # fmt: skip


class Fuzzer:
    """Draws requests; the same ones from the same seed."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)

    def value(self, depth: int = 0) -> object:
        """Any JSON value."""
        kind = self.draw.randrange(9 if depth < 3 else 6)
        if kind < 6:
            return self.draw.choice([None, True, -1, 0, 3.5, 10**30, 1e308, *TEXTS, "request", "launch"])
        if kind < 7:
            return [self.value(depth + 1) for _ in range(self.draw.randrange(4))]
        return {
            self.draw.choice([*NAMES, "config", "value", "id", "replaces"]): self.value(depth + 1) for _ in range(3)
        }

    def body(self) -> bytes:
        kind = self.draw.randrange(12)
        if kind < 5:
            return json.dumps(self.value()).encode()
        if kind < 9:
            return json.dumps(self.callback()).encode()
        return self.draw.choice(
            [b"", b"{", b"[" * 50_000, b'{"a":' * 20_000, b"\xff\xfe\x00", b"9" * 6000, b'"\\ud800"', b"NaN",
             b"{}" + b" " * 1_100_000, b'{"output":"request.data"}', b"null", b'{"steps":1' + b"0" * 5000 + b"}"]
        )  # fmt: skip

    def callback(self) -> dict[str, object]:
        """What Dash's renderer sends, with some of it wrong."""
        output = self.draw.choice(["..launch.data...refused.data..", "finished.data", "sink.data", "..", 3, None])
        places = [("launch", "data"), ("refused", "data")] if output == "..launch.data...refused.data.." else None
        outputs: object = [{"id": a, "property": b} for a, b in places or []] or {"id": "finished", "property": "data"}
        source = "request" if places else "launch"
        asked: dict[str, object] = {
            "output": output,
            "outputs": outputs,
            "inputs": [{"id": source, "property": "data", "value": self.value()}],
            "changedPropIds": [f"{source}.data"],
            "state": [],
        }
        for _ in range(self.draw.randrange(3)):
            name = self.draw.choice(list(asked))
            if self.draw.random() < 0.3:
                del asked[name]
                break
            asked[name] = self.value()
        return asked

    def request(self) -> tuple[str, str, dict[str, object]]:
        """Method, path, and the rest of a request."""
        path = self.draw.choice(PATHS)
        if self.draw.random() < 0.4:
            path = f"/api/runs/{self.draw.choice(RUNS)}{self.draw.choice(REST)}"
        pairs = [f"{self.draw.choice(NAMES)}={self.draw.choice(TEXTS)}" for _ in range(self.draw.randrange(4))]
        method = self.draw.choice(["GET", "GET", "GET", "POST", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
        if path.endswith("_dash-update-component") and self.draw.random() < 0.9:
            method = "POST"
        rest: dict[str, object] = {"query_string": "&".join(pairs)}
        if method not in ("GET", "HEAD"):
            rest |= {"data": self.body(), "content_type": self.draw.choice([*TYPES, *TYPES[:1] * 8])}
        headers = {"Cookie": "a=" + self.draw.choice(TEXTS[:10]), "If-None-Match": self.draw.choice(["*", '"x"', "é"])}
        if self.draw.random() < 0.2:
            headers["Range"] = self.draw.choice(["bytes=0-", "bytes=9-2", "bytes=-", "lines=1"])
        if self.draw.random() < 0.1:
            headers["Host"] = self.draw.choice(["[", "evil.example", "[::1", "localhost:99999999", "127.0.0.1", "a b"])
        return method, path, {**rest, "headers": headers}


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    # No run is small enough to begin: what is admitted here would train.
    made = build_services(Settings(tmp_path_factory.mktemp("fuzz"), max_jobs=1, max_work=10**6), warm=False)
    yield made
    made.close()


def storm(services, count: int, seed: int) -> Counter[int]:
    """Send ``count`` requests; how many were answered with which status."""
    client = create_app(services).server.test_client()
    fuzzer, seen = Fuzzer(seed), Counter[int]()
    for _ in range(count):
        method, path, rest = fuzzer.request()
        answer = client.open(path, method=method, **rest)
        seen[answer.status_code] += 1
        assert answer.status_code < 500, (method, path, rest)
        assert b"Traceback" not in answer.data, (method, path, rest)
        for name in HEADERS:
            assert name in answer.headers, (method, path)
        if path.startswith("/api") and answer.status_code >= 400 and method != "HEAD":
            assert answer.get_json()["error"].strip().endswith("."), (method, path, rest, answer.data)
        answer.close()
    return seen


def test_no_nonsense_is_a_mistake_of_the_server(services, caplog):
    seen = storm(services, COUNT, seed=1)
    assert {200, 400, 404, 405} <= set(seen)
    # The server has no event loop: what asyncio says is of a browser that another test of this process has closed.
    ours = [record for record in caplog.records if record.name != "asyncio"]
    assert [record for record in ours if record.levelno >= logging.ERROR] == []
    assert services.jobs.statuses() == []


def test_what_dash_itself_sends_still_arrives(services):
    client = create_app(services).server.test_client()
    fuzzer = Fuzzer(3)
    asked = {**fuzzer.callback(), "output": "..launch.data...refused.data.."}
    asked |= {
        "outputs": [{"id": "launch", "property": "data"}, {"id": "refused", "property": "data"}],
        "inputs": [{"id": "request", "property": "data", "value": {"config": {"steps": "x"}, "nonce": 5}}],
        "changedPropIds": ["request.data"],
        "state": [],
    }
    for prefix in ("", "/compare"):
        answer = client.post(f"{prefix}/_dash-update-component", json=asked)
        assert answer.status_code == 200
        told = answer.get_json()["response"]["refused"]["data"]
        assert (told["field"], told["nonce"]) == ("steps", 5)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = build_services(Settings(Path(folder), max_jobs=1, max_work=10**6), warm=False)
        print(storm(made, int(sys.argv[1]), seed=int([*sys.argv, "2"][2])))
        made.close()
