"""A real ``nnprobe serve`` in a process of its own, for tests."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from werkzeug.datastructures import Headers

from nnprobe_core.frame import unpack
from nnprobe_core.record import ACTIVE

#: Trains for minutes at the pace of 60 frames a second, and costs next to nothing.
LONG = {"steps": 5000, "frames": 3000, "n_train": 20, "n_test": 20, "hidden": "2"}


class LiveServer:
    """``with LiveServer(home, NNPROBE_MAX_JOBS="1") as lab: lab.start(LONG)``."""

    def __init__(self, home: Path, *options: str, root: Path | None = None, **environment: str) -> None:
        """``root``: the folder of the code that serves, where it is not this one."""
        self.home = home
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", "0", *options],
            env={**os.environ, "NNPROBE_HOME": str(home), **environment},
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("nnprobe is at http://"), line + self._errors()
        self.host = line.split("//")[1].strip()
        self.news = [self.process.stdout.readline().strip()] if "0.0.0.0" in options else []

    def __enter__(self) -> LiveServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.end(signal.SIGTERM)

    def end(self, number: int) -> str:
        """Send a signal, wait for the end; what was on stderr."""
        self.process.send_signal(number)
        return self._errors()

    def _errors(self) -> str:
        return self.process.communicate(timeout=120)[1]

    def wait_until_up(self, seconds: float = 120) -> None:
        """Wait until requests are answered again."""
        end = time.monotonic() + seconds
        while True:
            try:
                self.ask("GET", "/api/health")
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < end
                time.sleep(0.05)
            else:
                return

    def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Headers, bytes]:
        """Status, headers (by names in any case, as HTTP has them) and body of one request."""
        connection = http.client.HTTPConnection(self.host, timeout=120)
        data = None if body is None else json.dumps(body)
        connection.request(method, path, data, {"Content-Type": "application/json", **(headers or {})})
        response = connection.getresponse()
        try:
            return response.status, Headers(response.getheaders()), response.read()
        finally:
            connection.close()

    def json(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        status, _, data = self.ask(method, path, body)
        return status, json.loads(data)

    def start(self, config: Mapping[str, Any]) -> str:
        """Launch a run; its id."""
        status, body = self.json("POST", "/api/runs", config)
        assert status == 201, body
        return str(body["run"])

    def status(self, run: str) -> dict[str, Any]:
        status, body = self.json("GET", f"/api/runs/{run}")
        assert status == 200, body
        return dict(body)

    def command(self, run: str, kind: str, value: float | None = None) -> tuple[int, Any]:
        body = {"kind": kind} if value is None else {"kind": kind, "value": value}
        return self.json("POST", f"/api/runs/{run}/commands", body)

    def wait(self, run: str, until: Callable[[dict[str, Any]], bool] | str, seconds: float = 120) -> dict[str, Any]:
        """The first status of ``run`` that is ``until`` (a state, or a test)."""
        end = time.monotonic() + seconds
        while True:
            status = self.status(run)
            if status["state"] == until if isinstance(until, str) else until(status):
                return status
            assert time.monotonic() < end, status
            time.sleep(0.02)

    def stop_all(self) -> None:
        """Stop whatever trains or waits, and wait until it has."""
        active = [status["run"] for status in self.json("GET", "/api/runs")[1]["runs"] if status["state"] in ACTIVE]
        for run in active:
            self.command(run, "stop")
        for run in active:
            self.wait(run, lambda status: status["state"] not in ACTIVE)

    def film(self, run: str) -> list[bytes]:
        status, _, data = self.ask("GET", f"/api/runs/{run}/film")
        assert status == 200
        return list(unpack(data)) if data else []

    def pid(self, run: str) -> int:
        """The process that trains ``run``."""
        return int((self.home / "runs" / f"{run}.lock").read_text())
