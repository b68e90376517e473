"""A real server process and a real Chromium for the browser tests."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
from collections.abc import Callable, Iterator

import pytest
from browser import PATIENCE, QUICK, ROOT, call, tabs
from find_chromium import chromium_path
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright


@pytest.fixture(scope="session")
def server(tmp_path_factory) -> Iterator[str]:
    """The address of ``nnprobe serve`` with a home of its own."""
    home = tmp_path_factory.mktemp("home")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NNPROBE")}
    environment = {**kept, "NNPROBE_HOME": str(home), "NNPROBE_MAX_JOBS": "2"}
    log = (home / "server.log").open("w")
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):
            try:
                call(f"{address}/api/health")
                break
            except (urllib.error.URLError, OSError):
                assert process.poll() is None, (home / "server.log").read_text()
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=120)
        log.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        expect.set_options(timeout=1000 * PATIENCE)
        # Nobody looks at the screen: a GPU need not be imitated.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def profiles() -> dict[str, list[BrowserContext]]:
    """Browser profiles that tests have left, by how they look: a page opens faster where its scripts are known."""
    return {}


@pytest.fixture
def tab(server, chromium, profiles) -> Iterator[Callable[..., Page]]:
    """What opens pages for one test; a page that several tests share is opened by a fixture of theirs, with `tabs`."""
    with tabs(server, chromium, profiles) as open_tab:
        yield open_tab


@pytest.fixture(scope="session")
def done(server) -> str:
    """A short run of the default experiment, finished."""
    run = call(f"{server}/api/runs", QUICK)["run"]
    while call(f"{server}/api/runs/{run}")["state"] != "done":
        time.sleep(0.1)
    return run
