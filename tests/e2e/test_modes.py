"""Projector mode keeps what a lecture needs in reach; Escape leaves one thing at a time, the innermost first."""

from __future__ import annotations

from itertools import permutations

import pytest
from browser import call
from playwright.sync_api import Page, expect

from app.pages import PAGES
from app.pages import Page as Described

pytestmark = pytest.mark.e2e


@pytest.fixture(params=PAGES, ids=[page.name for page in PAGES])
def described(request) -> Described:
    return request.param


STATE = """() => ({
  menu: !document.getElementById('presets-list').hidden, dialog: document.getElementById('help').open,
  spotlight: nnprobe.stage.current !== null, projector: nnprobe.look.projector,
  full: Boolean(document.fullscreenElement),
})"""
#: What Escape leaves, in this order, however it was come by.
LADDER = ("menu", "dialog", "spotlight", "projector", "full")
ENTER = {"spotlight": "3", "projector": "p", "full": "f"}


def state(page: Page) -> set[str]:
    return {name for name, on in page.evaluate(STATE).items() if on}


def come_to(page: Page, wanted: set[str]) -> None:
    alike = "Object.keys(now).every((key) => now[key] === wanted.includes(key))"
    page.wait_for_function(f"wanted => {{ const now = ({STATE})(); return {alike}; }}", arg=sorted(wanted))


def test_escape_leaves_the_innermost_first_in_whatever_order_one_came(tab):
    page = tab("/separation")
    page.evaluate("nnprobe.clock.pause()")
    for order, last in zip(permutations(ENTER), ("menu", "dialog", None, "dialog", None, "menu"), strict=True):
        for name in order:
            page.keyboard.press(ENTER[name])
            page.wait_for_function(f"name => ({STATE})()[name]", arg=name)
        if last == "menu":
            page.click("#presets-button")
        if last == "dialog":
            page.keyboard.press("?")
        inside = {*ENTER, *([last] if last else [])}
        come_to(page, inside)
        for name in LADDER:
            if name in inside:
                page.keyboard.press("Escape")
                inside.remove(name)
                come_to(page, inside)
        page.keyboard.press("Escape")
        assert state(page) == set()


def test_escape_leaves_a_menu_whose_focus_is_elsewhere_and_a_field_before_the_spotlight(tab):
    page = tab("/")
    page.keyboard.press("3")
    page.evaluate("document.querySelector('#panel-separation [popover]').showPopover()")
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector(':popover-open')")
    come_to(page, {"spotlight"})
    page.click("#presets-button")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Escape")
    come_to(page, {"spotlight"})
    page.locator("#more-training summary").click()
    page.get_by_label("Seed", exact=True).focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")
    come_to(page, {"spotlight"})
    page.get_by_role("combobox", name="Dataset").focus()
    page.keyboard.press("Escape")
    come_to(page, set())


def within_reach(page: Page, width: int, height: int) -> None:
    """What a lecture needs is in view, large, and covers no panel."""
    reach = [page.locator("#train"), page.locator("#presets-button"), *page.locator(".page-link").all()]
    panels = [panel.bounding_box() for panel in page.locator(".panel:visible").all()]
    header = [part.bounding_box() for part in page.locator(".header > *:visible, .page-link").all()]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in header)
    for one in reach:
        expect(one).to_be_in_viewport(ratio=1)
        assert one.evaluate("element => parseFloat(getComputedStyle(element).fontSize)") >= 22 * height / 1080 - 0.1
        box = one.bounding_box()
        assert box["height"] >= 36 * height / 1080
        for panel in panels:
            apart = box["y"] + box["height"] <= panel["y"] or panel["y"] + panel["height"] <= box["y"]
            assert apart, "no panel is covered"
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_a_projector_keeps_act_presets_and_pages_in_reach(tab, described):
    page = tab(described.path, 1280, 720, "light")
    page.keyboard.press("p")
    within_reach(page, 1280, 720)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.wait_for_function("innerHeight === 1080")
    within_reach(page, 1920, 1080)
    page.click("#presets-button")
    page.locator("#presets-list .menu-item").last.click()
    page.wait_for_function("nnprobe.session.preset === nnprobe.session.presets.at(-1)")
    other = PAGES[(PAGES.index(described) + 1) % len(PAGES)]
    page.get_by_role("link", name=other.title).click()
    page.wait_for_function("path => location.pathname === path", arg=other.path)


def test_a_lecture_trains_and_pauses_on_the_projector(tab, server):
    page = tab("/?steps=100000&frames=3000&n_train=50&n_test=50&hidden=4", 1280, 720)
    page.wait_for_function("nnprobe.film.run && nnprobe.film.count > 3")
    page.keyboard.press("p")
    pause = page.get_by_role("button", name="Pause", exact=True)
    expect(pause).to_be_in_viewport(ratio=1)
    pause.click()
    page.wait_for_function("nnprobe.film.status.state === 'paused'")
    page.get_by_role("button", name="Resume").click()
    page.wait_for_function("nnprobe.film.status.state === 'running'")
    run = page.evaluate("nnprobe.film.run")
    call(f"{server}/api/runs/{run}/commands", {"kind": "stop"})
    page.wait_for_function("nnprobe.film.status.state === 'stopped'")
    expect(page.locator("#train")).to_be_in_viewport(ratio=1)
