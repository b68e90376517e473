"""A real server process and a real Chromium for the browser tests."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from find_chromium import chromium_path
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
#: Seconds a browser is waited for. It costs nothing where a test passes, and a machine may have much else to do.
PATIENCE = float(os.environ.get("NNPROBE_PATIENCE", "120"))
QUICK = {"steps": 300, "frames": 100, "n_train": 50, "n_test": 50}
#: Of an address: every panel of the page, for a test that means all of them and not those it opens with.
ALL = "panels=all"
READY = "window.nnprobe && nnprobe.session && nnprobe.session.ready && nnprobe.stage.ready"
#: A page that has been resized or scrolled learns of it when it is next rendered.
RENDERED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def call(url: str, body: object = None) -> object:
    """The JSON answer to a GET, or to a POST of ``body``."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


def settled(page: Page) -> None:
    """Wait until all that is seen is as it stays: what was last asked for is laid out, painted and drawn by Plotly."""
    page.evaluate(RENDERED)
    page.wait_for_function("nnprobe.stage.settled")


@contextmanager
def slowed(page: Page, rate: int) -> Iterator[None]:
    """A processor that is ``rate`` times slower, meanwhile."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    try:
        yield
    finally:
        session.detach()


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
def profiles() -> dict[str, list[Page]]:
    """Tabs that tests have left, each in a profile of its own, by how they look.

    A page opens in two thirds of the time where its scripts are known and compiled.
    """
    return {}


@contextmanager
def tabs(server: str, chromium: Browser, profiles: dict[str, list[Page]]) -> Iterator[Callable[..., Page]]:
    """``tab(path, width, height, theme)`` opens a page in a profile of its own, ready to use.

    A tab that another test has left has its scripts in the cache, and nothing else.

    However it ends, no page may have written to its console or asked another machine for anything. Where the
    server is to refuse something, ``refused`` is the status that Chromium itself then writes there.
    """
    opened: list[tuple[str, Page]] = []
    said: list[str] = []
    asked: set[str] = set()
    expected: set[int] = set()
    listeners: dict[str, Callable[..., None]] = {
        "console": lambda message: said.append(f"{message.type}: {message.text}"),
        "pageerror": lambda error: said.append(f"{error}\n{error.stack}"),
        "request": lambda request: asked.add(request.url.split("/")[2] if "://" in request.url else ""),
    }

    def open_tab(
        path: str = "/", width: int = 1280, height: int = 720, theme: str = "dark", refused: int = 0, **rest: object
    ) -> Page:
        expected.add(refused)
        # Playwright evaluates what it waits for, which our pages forbid; that they work so is test_policy.py's.
        # A film that nobody plays rests at its first frame, and costs no processor time.
        rest = {"bypass_csp": True, "color_scheme": theme, "reduced_motion": "reduce", **rest}
        kind, size = repr(sorted(rest.items())), {"width": width, "height": height}
        left = profiles.setdefault(kind, [])
        page = left.pop() if left else chromium.new_context(viewport=size, **rest).new_page()
        opened.append((kind, page))
        page.emulate_media(media="null", color_scheme=rest["color_scheme"], reduced_motion=rest["reduced_motion"])
        page.set_viewport_size(size)
        page.set_default_timeout(1000 * PATIENCE)
        for event, listener in listeners.items():
            page.on(event, listener)
        page.goto(server + path)
        page.wait_for_function(READY)
        return page

    try:
        yield open_tab
    finally:
        for kind, page in opened:
            for event, listener in listeners.items():
                page.remove_listener(event, listener)
            forget(page, server)
            profiles.setdefault(kind, []).append(page)
    assert [
        line for line in said if not any(f"the server responded with a status of {code} " in line for code in expected)
    ] == []
    assert asked <= {server.removeprefix("http://"), ""}


@pytest.fixture
def tab(server, chromium, profiles) -> Iterator[Callable[..., Page]]:
    """What opens pages for one test; a page that several tests share is opened by a fixture of theirs, with `tabs`."""
    with tabs(server, chromium, profiles) as open_tab:
        yield open_tab


def forget(page: Page, server: str) -> None:
    """Leave a tab's page, and take away all that it has stored but what is cached."""
    page.unroute_all(behavior="ignoreErrors")
    for other in page.context.pages:
        if other is not page:
            other.close()
    page.context.clear_cookies()
    page.context.clear_permissions()
    page.goto(f"{server}/api/health")
    page.evaluate("localStorage.clear(); sessionStorage.clear()")


@pytest.fixture(scope="session")
def done(server) -> str:
    """A short run of the default experiment, finished."""
    run = call(f"{server}/api/runs", QUICK)["run"]
    while call(f"{server}/api/runs/{run}")["state"] != "done":
        time.sleep(0.1)
    return run
