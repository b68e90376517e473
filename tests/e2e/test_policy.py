"""Our pages under their own content security policy, as every browser obeys it: nothing is refused, all is drawn."""

from __future__ import annotations

import time

import pytest
from browser import PATIENCE, READY

PLOTS = "document.querySelectorAll('.panel .main-svg').length"


def until(page, what: str) -> None:
    """Ask for ``what`` until it is so; Playwright's own wait evaluates text within the page, which is not allowed."""
    end = time.monotonic() + 2 * PATIENCE
    while not page.evaluate(what):
        assert time.monotonic() < end, what
        time.sleep(0.1)


@pytest.mark.parametrize("path", ["/", "/compare", "/attack", "/separation"])
def test_a_page_is_drawn_and_its_console_stays_empty_under_the_policy(server, chromium, path):
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    answer = page.goto(server + path)
    policy = answer.headers["content-security-policy"]
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.partition("style-src")[0]
    until(page, f"!!({READY})")
    until(page, f"{PLOTS} > 2")
    injected = page.evaluate(
        "(async () => { const s = document.createElement('script'); s.textContent = 'window.injected = 1';"
        " document.body.append(s); setTimeout('window.injected = 2', 0);"
        " await new Promise((done) => setTimeout(done, 200)); return window.injected || 0 })()"
    )
    assert injected == 0
    said = [line for line in said if "script-src" not in line]  # what Chromium refused of the two above
    context.close()
    assert said == []


def test_no_other_page_can_frame_ours(server, chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.goto("about:blank")
    page.set_content(f'<iframe src="{server}/" width="800" height="600"></iframe>')
    frame = next((one for one in page.frames if one is not page.main_frame), None)
    time.sleep(1)
    assert frame is None or "nnprobe-page" not in frame.content()
    context.close()
