"""axe-core finds nothing to object to: on every page, in both themes, in every mode, and in what can be opened."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest
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


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_on_a_screen(tab, described, theme):
    page = opened(tab(described.path, theme=theme))
    found = objections(page, "overview")
    page.keyboard.press("2")
    found += objections(page, "spotlight")
    page.keyboard.press("p")
    found += objections(page, "projector")
    assert not found, "\n".join(found)


def test_what_is_opened(tab, described):
    page, found = opened(tab(described.path)), []
    dots = f"#panel-{described.panels[0].name} .panel-more"
    lists = {
        "#presets-button": "#presets-list",
        "#runs-button": "#runs-list",
        "#help-button": "#help",
        dots: ":popover-open",
    }
    for opener, where in lists.items():
        page.locator(opener).click()
        page.locator(where).wait_for()
        found += objections(page, opener, where)
        page.keyboard.press("Escape")
    assert not found, "\n".join(found)


def test_on_a_phone(tab, described):
    page = opened(tab(described.path, 390, 844, "dark", **PHONE))
    found = objections(page, "phone")
    page.locator("#rail-button").click()
    found += objections(page, "drawer", "#rail")
    assert not found, "\n".join(found)
    page = opened(tab(described.path, 844, 390, "light", **PHONE))
    found += objections(page, "landscape")
    assert not found, "\n".join(found)
