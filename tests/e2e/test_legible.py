"""No text is cut, covers other text, or is too small or too faint: on every page, in every panel, mode and size."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import ALL, call
from playwright.sync_api import Page

from app.pages import PAGES
from app.pages import Page as Described
from nnprobe_core.config import MAX_DEPTH

pytestmark = pytest.mark.e2e

LEGIBLE = (Path(__file__).parent / "legible.js").read_text()
SCREENS = [(1280, 720), (1920, 1080)]
PHONES = [(390, 844), (844, 390)]
LEAST = 11  #: px
SHORT = {"n_train": 60, "n_test": 60, "steps": 20, "frames": 6}
PROJECTED, FROM_THE_BACK = 22, 7  #: px on a picture 1080 high; contrast

#: Puts a panel, or none, into the spotlight and waits for its axes and painted marks; while held, nothing settles.
SHOW = """async ([name, seq]) => {
  const next = () => new Promise(requestAnimationFrame);
  nnprobe.clock.hold(true);
  nnprobe.stage.spotlight(name);
  nnprobe.clock.seek(seq);
  for (let k = 0; k < 3; k++) await next(); // sizes have been observed
  do { // what the server was asked for has come, and is painted
    while (nnprobe.asked) await next();
    await nnprobe.painter.idle();
    for (let k = 0; k < 2; k++) await next();
  } while (nnprobe.asked);
}"""
SETTLE = """async () => {
  const settled = new Promise((resolve) => { nnprobe.stage.on('settled', resolve); });
  nnprobe.clock.hold(false);
  nnprobe.clock.repaint();
  await settled;
}"""


@pytest.fixture(params=PAGES, ids=[page.name for page in PAGES])
def described(request) -> Described:
    return request.param


def opened(page: Page) -> None:
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.head")
    page.evaluate("document.fonts.ready")
    page.evaluate("nnprobe.clock.pause()")


def faults(page: Page, where: str, least: float = LEAST, contrast: float = 1) -> list[str]:
    found = page.evaluate(LEGIBLE, {"least": least, "contrast": contrast})
    return [f"{where}: {kind}: {said}" for kind, all_said in found.items() for said in all_said]


def spotlights(page: Page, described: Described) -> Iterator[str]:
    """The overview in the middle and at the end of the film, then each panel in the spotlight."""
    last = page.evaluate("nnprobe.film.count - 1")
    shown = [(None, last // 3), (None, last), *((panel.name, last) for panel in described.panels)]
    for name, seq in shown:
        page.evaluate(SHOW, [name, seq])
        yield f"{name or 'overview'} at {seq}"


def test_every_text_on_a_screen_can_be_read(tab, described):
    page = tab(f"{described.path}?{ALL}", *SCREENS[0])
    opened(page)
    wrong = on_a_screen(page, described) + of_what_can_be_opened(page, described) + from_the_back(page, described)
    assert not wrong, "\n".join(wrong)


def test_every_text_a_newcomer_sees_can_be_read(tab):
    """The panels that the lab opens with, the shelf that names the others, and the list of all."""
    page, wrong = tab("/", *SCREENS[0]), []
    opened(page)
    last = page.evaluate("nnprobe.film.count - 1")
    for mode, least, contrast in (("screen", LEAST, 1), ("projector", PROJECTED, FROM_THE_BACK)):
        if mode == "projector":
            page.keyboard.press("p")
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(SHOW, [None, last])
            assert page.locator(".panel:visible").count() == 5
            size = least if mode == "screen" else least * height / 1080
            wrong += faults(page, f"{mode}, {width} × {height}", size, contrast)
    page.keyboard.press("p")
    for (width, height), opener in zip((*SCREENS, PHONES[0]), ("shelf", "shelf", "index"), strict=True):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(SHOW, [None, last])
        page.locator(f"#{opener}-panels").click()
        wrong += faults(page, f"the list, {width} × {height}")
        page.keyboard.press("Escape")
    assert not wrong, "\n".join(wrong)


def on_a_screen(page: Page, described: Described) -> list[str]:
    wrong = []
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        for where in spotlights(page, described):
            wrong += faults(page, f"{where}, {width} × {height}")
        page.evaluate(SHOW, [None, 10])
        page.evaluate(SETTLE)  # and as Plotly writes it
        wrong += faults(page, f"at rest, {width} × {height}")
    return wrong


def test_every_text_of_the_deepest_network_of_many_classes_can_be_read(tab, server):
    """The most layers, plots, lines, rows and colours a panel can be asked for."""
    run = call(f"{server}/api/runs", {**SHORT, "hidden": [2] * MAX_DEPTH, "arms": 6})["run"]
    page, wrong = tab(f"/?run={run}&{ALL}", *SCREENS[0]), []
    page.wait_for_function("run => nnprobe.film.run === run", arg=run)
    opened(page)
    for where in spotlights(page, PAGES[0]):
        wrong += faults(page, where)
    assert not wrong, "\n".join(wrong)


def from_the_back(page: Page, described: Described) -> list[str]:
    """A projector's picture, in both themes."""
    wrong = []
    page.keyboard.press("p")
    for theme, (width, height) in zip(("dark", "light"), SCREENS, strict=True):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
        for where in spotlights(page, described):
            where = f"projector, {theme}, {where}, {width} × {height}"
            wrong += faults(page, where, PROJECTED * height / 1080, FROM_THE_BACK)
    return wrong


def of_what_can_be_opened(page: Page, described: Described) -> list[str]:
    wrong = []
    openers = [
        "#presets-button",
        "#runs-button",
        "#panels-button",
        "#help-button",
        *(f"#panel-{panel.name} .panel-more" for panel in described.panels),
    ]
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(SHOW, [None, 10])
        for opener in openers:
            page.locator(opener).click()
            wrong += faults(page, f"{opener}, {width} × {height}")
            page.keyboard.press("Escape")
    return wrong


def test_every_text_on_a_phone_can_be_read(tab, described):
    page, wrong = tab(f"{described.path}?{ALL}", *PHONES[0], has_touch=True, is_mobile=True), []
    opened(page)
    for width, height in PHONES:
        page.set_viewport_size({"width": width, "height": height})
        for where in spotlights(page, described):
            wrong += faults(page, f"{where}, {width} × {height}")
    assert not wrong, "\n".join(wrong)
