"""axe-core finds nothing to object to: on every page, in both themes, in every mode, and in what can be opened."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
from browser import ALL
from playwright.sync_api import Page

from app.pages import PAGES
from app.pages import Page as Described

pytestmark = pytest.mark.e2e

#: axe-core as npm has it; this package carries it, so that no test needs node.
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
RUN = """where => axe.run(where || document, {resultTypes: ['violations']}).then(({violations}) => violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`)))"""
PHONE = {"has_touch": True, "is_mobile": True}


@pytest.fixture(params=PAGES, ids=[page.name for page in PAGES])
def described(request) -> Described:
    return request.param


def opened(page: Page) -> Page:
    page.wait_for_function("nnprobe.film.complete")
    page.evaluate("nnprobe.clock.pause()")
    page.evaluate(AXE)
    return page


def objections(page: Page, mode: str, where: str | None = None) -> list[str]:
    return [f"{mode}: {said}" for said in page.evaluate(RUN, where)]


def in_theme(page: Page, theme: str) -> None:
    """Another theme, as the system's wish."""
    page.emulate_media(color_scheme=theme)
    page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)


def test_on_a_screen(tab, described):
    page, found = opened(tab(f"{described.path}?{ALL}")), []
    for theme in ("dark", "light"):
        in_theme(page, theme)
        found += objections(page, f"overview, {theme}")
        page.keyboard.press("2")
        found += objections(page, f"spotlight, {theme}")
        page.keyboard.press("p")
        found += objections(page, f"projector, {theme}")
        page.keyboard.press("p")
        page.keyboard.press("0")
    in_theme(page, "dark")
    dots = f"#panel-{described.panels[0].name} .panel-more"
    lists = {
        "#presets-button": "#presets-list",
        "#runs-button": "#runs-list",
        "#help-button": "#help",
        dots: ":popover-open",
        "#panels-button": "#chooser",
    }
    for opener, where in lists.items():
        page.locator(opener).click()
        page.locator(where).wait_for()
        found += objections(page, opener, where)
        page.keyboard.press("Escape")
    assert not found, "\n".join(found)


def test_what_a_newcomer_sees(tab):
    """The lab's first panels, the shelf that names the others, and the list of all, some of them not shown."""
    page = opened(tab("/"))
    found = objections(page, "overview")
    page.locator("#shelf-panels").click()
    page.locator("#chooser").wait_for()
    found += objections(page, "the list", "#chooser")
    assert not found, "\n".join(found)


def test_on_a_phone(tab, described):
    page = opened(tab(f"{described.path}?{ALL}", 390, 844, "dark", **PHONE))
    found = objections(page, "phone")
    page.locator("#rail-button").click()
    found += objections(page, "drawer", "#rail")
    assert not found, "\n".join(found)
    page.get_by_role("button", name="Close the controls").click()
    page.set_viewport_size({"width": 844, "height": 390})
    in_theme(page, "light")
    found += objections(page, "landscape")
    assert not found, "\n".join(found)
