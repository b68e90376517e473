"""A phone, upright and on its side: what can be touched is large enough, one panel is shown, the form is a drawer."""

from __future__ import annotations

import pytest
from browser import ALL, call
from playwright.sync_api import Page, expect

from app.pages import PAGES
from app.pages import Page as Described

pytestmark = pytest.mark.e2e

UPRIGHT, LYING = (390, 844), (844, 390)

#: What can be touched, in view or to be scrolled to, and is smaller than a finger: "name width × height".
SMALL = """() => {
  const touched = 'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"]),'
    + ' [role="slider"], [role="radio"], [role="switch"], [role="menuitem"]';
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('.skip, .unseen');
  const found = [...document.querySelectorAll(touched)].filter(seen).map((e) => [e, e.getBoundingClientRect()]);
  window.touchable = found.length;
  return found.filter(([, box]) => box.width > 0 && Math.min(box.width, box.height) < 43.5)
    .map(([e, { width, height }]) => `${e.id || e.textContent.trim() || e.className}: ${width} × ${height}`);
}"""


@pytest.fixture(params=PAGES, ids=[page.name for page in PAGES])
def described(request) -> Described:
    return request.param


def phone(tab, path: str, size: tuple[int, int], theme: str = "dark") -> Page:
    page: Page = tab(path, *size, theme, has_touch=True, is_mobile=True)
    page.wait_for_function("nnprobe.stage.current !== null")
    return page


def swipe(page: Page, dx: float, dy: float = 0) -> None:
    """A finger goes over the middle of the panel that is shown."""
    box = page.locator(".panel:visible").bounding_box()
    x, y = box["x"] + box["width"] / 2 - dx / 2, box["y"] + box["height"] / 2 - dy / 2
    hand = page.context.new_cdp_session(page)
    for kind, share in (
        ("touchStart", 0),
        ("touchMove", 0.3),
        ("touchMove", 0.7),
        ("touchMove", 1),
        ("touchEnd", None),
    ):
        points = [] if share is None else [{"x": x + share * dx, "y": y + share * dy}]
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def fills(page: Page, size: tuple[int, int]) -> None:
    """Nothing is cut, and the picture has the room there is."""
    width, height = size
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    lying = width > height
    if lying:
        assert page.evaluate("document.documentElement.scrollHeight") <= height
    boxes = {
        name: page.locator(name).bounding_box()
        for name in (".panel:visible", "#index", "#train", "#clock-play", "#scrub")
    }
    for name, box in boxes.items():
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= width + 1, name
        assert box["y"] >= 0, name
        assert box["y"] + box["height"] <= height + 1, name
    picture = boxes[".panel:visible"]
    assert picture["width"] * picture["height"] >= (0.36 if lying else 0.38) * width * height
    if lying:  # the picture beside the clock, both down to the foot of the screen
        assert picture["x"] + picture["width"] <= boxes["#clock-play"]["x"]
        assert height - picture["y"] - picture["height"] < 20
        assert height - boxes["#scrub"]["y"] - boxes["#scrub"]["height"] < 30


def handled(page: Page, described: Described, size: tuple[int, int]) -> None:
    """Every panel, the drawer, the menus and the help sheet are gone through."""
    fills(page, size)
    for panel in described.panels:
        page.get_by_role("navigation", name="Panels").get_by_role("button", name=panel.title).click()
        assert page.evaluate(SMALL) == [], panel.name
        shown = page.locator(".panel:visible")
        expect(shown).to_have_count(1)
        assert shown.get_attribute("data-panel") == panel.name
    assert page.evaluate("touchable") > 15
    page.get_by_role("button", name="Controls").click()
    page.evaluate("document.querySelectorAll('#rail details').forEach((one) => { one.open = true; })")
    assert page.evaluate(SMALL) == [], "the drawer"
    page.get_by_role("button", name="Close the controls").click()
    expect(page.locator(".rail-scroll")).to_be_hidden()
    for menu in ("presets", "runs"):
        page.click(f"#{menu}-button")
        page.locator(f"#{menu}-list .menu-item").first.wait_for()
        assert page.evaluate(SMALL) == [], menu
        page.click(f"#{menu}-button")
    page.get_by_role("button", name="Help").click()
    assert page.evaluate(SMALL) == [], "the help sheet"
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()


def test_nothing_is_cut_and_everything_that_can_be_touched_is_large_enough(tab, done, described):
    assert done  # so that there is a run in the list
    page = phone(tab, f"{described.path}?{ALL}", UPRIGHT)
    for width, height in (UPRIGHT, LYING):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function("width => innerWidth === width", arg=width)
        handled(page, described, (width, height))
        page.emulate_media(color_scheme="light")


def test_a_swipe_or_a_name_leads_to_another_panel(tab):
    page = phone(tab, f"/?{ALL}", UPRIGHT)
    assert page.evaluate("nnprobe.stage.current") == "boundary"
    current = page.locator(".index-item[aria-current='true']")
    swipe(page, 200)  # there is none before the first
    expect(current).to_have_text("Decision boundary")
    swipe(page, -200)
    expect(current).to_have_text("Layers")
    expect(page.locator(".panel:visible .panel-title")).to_have_text("Layers")
    swipe(page, -90, 150)  # that is a scroll
    expect(current).to_have_text("Layers")
    page.locator(".index-item").last.click()
    expect(current).to_have_text("Graph")
    expect(current).to_be_in_viewport(ratio=1)
    swipe(page, 200)
    expect(current).to_have_text("Attack")
    page.keyboard.press("0")  # there is no room for all
    expect(page.locator(".panel:visible")).to_have_count(1)
    page.set_viewport_size({"width": 1280, "height": 720})
    expect(page.locator(".panel:visible")).to_have_count(9)
    page.set_viewport_size({"width": 844, "height": 390})
    expect(page.locator(".panel:visible .panel-title")).to_have_text("Attack")


def test_the_drawer_closes_at_train_by_its_cross_beside_it_and_by_escape(tab, server):
    page = phone(tab, "/", UPRIGHT)
    drawer, opener = page.locator(".rail-scroll"), page.get_by_role("button", name="Controls")
    opener.click()
    expect(page.get_by_role("button", name="Close the controls")).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(opener).to_be_focused()
    opener.click()
    page.get_by_role("button", name="Close the controls").click()
    expect(drawer).to_be_hidden()
    opener.click()
    page.touchscreen.tap(383, 400)
    expect(drawer).to_be_hidden()
    opener.click()
    page.get_by_role("slider", name="Noise").fill("0.1")
    page.locator("#train").click()
    expect(drawer).to_be_hidden()
    page.wait_for_function("nnprobe.film.run && !nnprobe.film.run.startsWith('preset-') && nnprobe.film.head")
    run = page.evaluate("nnprobe.film.run")
    assert call(f"{server}/api/runs/{run}")["config"]["noise"] == 0.1
    page.locator("#stop").click()


def test_a_layer_of_three_units_is_turned_not_swiped_away(tab, server):
    run = call(f"{server}/api/runs", {"hidden": "3", "steps": 30, "frames": 10, "n_train": 50, "n_test": 20})["run"]
    page = phone(tab, f"/?run={run}", LYING)
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.count > 5")
    page.evaluate("nnprobe.clock.pause(); nnprobe.stage.spotlight('layers')")
    page.wait_for_function("nnprobe.stage.panel('layers').places.size === 3")
    before = "JSON.stringify(nnprobe.stage.panel('layers').marks.find((m) => m.axis === 2 && m.kind === 'points').x[0])"
    page.wait_for_function("!nnprobe.clock.moving")
    was = page.evaluate(before)
    swipe(page, -120)
    page.wait_for_function(f"was => {before} !== was", arg=was)
    assert page.evaluate("nnprobe.stage.current") == "layers"
