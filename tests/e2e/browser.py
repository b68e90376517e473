"""What the browser tests share: how a page is opened, waited for and left, and what the server is asked."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

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


@contextmanager
def tabs(server: str, chromium: Browser, profiles: dict[str, list[BrowserContext]]) -> Iterator[Callable[..., Page]]:
    """``tab(path, width, height, theme)`` opens a page in a profile of its own, ready to use.

    A profile that another test has left has its scripts in the cache, and nothing else.

    However it ends, no page may have written to its console or asked another machine for anything. Where the
    server is to refuse something, ``refused`` is the status that Chromium itself then writes there.
    """
    opened: list[tuple[str, BrowserContext]] = []
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
        context = left.pop() if left else chromium.new_context(viewport=size, **rest)
        opened.append((kind, context))
        page = context.new_page()
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
        for kind, context in opened:
            forget(context, server)
            profiles.setdefault(kind, []).append(context)
    assert [
        line for line in said if not any(f"the server responded with a status of {code} " in line for code in expected)
    ] == []
    assert asked <= {server.removeprefix("http://"), ""}


def forget(context: BrowserContext, server: str) -> None:
    """Close a profile's pages, and take away all that they have stored but what is cached."""
    for page in context.pages:
        page.close()
    context.clear_cookies()
    context.clear_permissions()
    page = context.new_page()
    page.goto(f"{server}/api/health")
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.close()
