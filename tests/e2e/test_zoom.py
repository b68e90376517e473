"""Zoom and pan on every plot of every page, by mouse, wheel and fingers; and the page scrolls under a finger."""

from __future__ import annotations

import pytest
from browser import ALL, settled
from playwright.sync_api import CDPSession, Page, expect

from app.pages import PAGES

pytestmark = pytest.mark.e2e

#: {axis: range} of each plot of a panel, as Plotly has drawn it, by its name; what is bare, or a card, has none.
DRAWN = """() => Object.fromEntries([...document.querySelectorAll('.panel[data-panel]')].map((section) => {
  const panel = nnprobe.stage.panel(section.dataset.panel), { gd, body } = panel, out = {};
  if (body.matches('.bare, .carded') || !panel.layout) return [panel.name, null];
  for (const [n, place] of nnprobe.layout.read(gd)) { out[`x${n}`] = [...place.x]; out[`y${n}`] = [...place.y]; }
  return [panel.name, out];
}))"""
#: How large each graph is, and its panel's body: a graph that dcc.Graph has drawn anew is 300 by 200.
SIZES = """() => [...document.querySelectorAll('.panel-body:not(.bare)')].map((body) => {
  const box = body.querySelector('.main-svg').getBoundingClientRect();
  return [Math.round(box.width - body.clientWidth), Math.round(box.height - body.clientHeight)];
})"""
#: The middle of the plot with the most room, and its size: [x, y, width, height, number].
PLOT = """(name) => {
  const { places, body } = nnprobe.stage.panel(name), corner = body.getBoundingClientRect();
  const [n, place] = [...places].reduce((a, b) => (b[1].width * b[1].height > a[1].width * a[1].height ? b : a));
  const { left, top, width, height } = place;
  return [corner.left + left + width / 2, corner.top + top + height / 2, width, height, n];
}"""


def at_rest(page: Page) -> None:
    page.wait_for_function("nnprobe.film.head && nnprobe.film.complete && nnprobe.film.count > 1")
    page.evaluate("nnprobe.clock.pause(); nnprobe.clock.seek(nnprobe.film.count - 2)")
    settled(page)


def drag(page: Page, name: str, *, shift: bool = False) -> int:
    """A drag over a quarter of the panel's largest plot; the plot's number."""
    x, y, width, height, n = page.evaluate(PLOT, name)
    if shift:
        page.keyboard.down("Shift")
    page.mouse.move(x - width / 8, y - height / 8)
    page.mouse.down()
    page.mouse.move(x, y, steps=3)
    page.mouse.move(x + width / 8, y + height / 8, steps=3)
    page.mouse.up()
    if shift:
        page.keyboard.up("Shift")
    page.mouse.move(2, 2)
    return n


def spans(ranges: dict[str, list[float]], n: int) -> list[float]:
    return [high - low for low, high in (ranges[f"x{n}"], ranges[f"y{n}"])]


@pytest.fixture(params=PAGES, ids=[page.name for page in PAGES])
def described(request):
    return request.param


def test_every_plot_is_zoomed_by_a_drag_and_goes_back_at_rest_and_while_the_film_plays(tab, described):
    page = tab(f"{described.path}?{ALL}", width=1600, height=900)
    at_rest(page)
    home = page.evaluate(DRAWN)
    shown = [name for name, axes in home.items() if axes]
    assert len(shown) >= len(described.panels) - 1  # one may have nothing to show of this film
    zoomed = {}
    for name in shown:
        expect(page.locator(f"#panel-{name} .panel-undo")).to_be_hidden()
        settled(page)
        zoomed[name] = drag(page, name)
    settled(page)
    now = page.evaluate(DRAWN)
    assert all(size == [0, 0] for size in page.evaluate(SIZES))
    for name, n in zoomed.items():
        before, after = spans(home[name], n), spans(now[name], n)
        assert min(b / a for a, b in zip(before, after, strict=True)) == pytest.approx(0.25, abs=0.02), name
        undo = page.locator(f"#panel-{name} .panel-undo")
        expect(undo).to_be_visible()
        if name in (shown[0], shown[-1]):
            x, y, *_ = page.evaluate(PLOT, name)
            page.mouse.dblclick(x, y)
            page.mouse.move(2, 2)
        else:
            undo.click()
        expect(undo).to_be_hidden()
    settled(page)
    assert page.evaluate(DRAWN) == home
    page.set_viewport_size({"width": 1280, "height": 720})
    zoomed_while_it_plays(page)


def zoomed_while_it_plays(page: Page) -> None:
    page.wait_for_function("innerWidth === 1280 && innerHeight === 720")
    at_rest(page)
    home = page.evaluate(DRAWN)
    shown = [name for name, axes in home.items() if axes]
    page.locator("#clock-speed").select_option("0.1")
    zoomed = {}
    for name in shown:
        page.evaluate("nnprobe.clock.seek(nnprobe.film.count - 12); nnprobe.clock.play()")
        zoomed[name] = drag(page, name)
    page.evaluate("nnprobe.clock.pause(); nnprobe.clock.seek(nnprobe.film.count - 2)")
    settled(page)
    now = page.evaluate(DRAWN)
    for name, n in zoomed.items():
        before, after = spans(home[name], n), spans(now[name], n)
        assert min(b / a for a, b in zip(before, after, strict=True)) == pytest.approx(0.25, abs=0.02), name
        x, y, *_ = page.evaluate(PLOT, name)
        page.mouse.dblclick(x, y)
    page.mouse.move(2, 2)
    settled(page)
    assert page.evaluate(DRAWN) == home


def test_shift_and_the_wheel_move_and_zoom_about_their_place(tab, done):
    page = tab(f"/?run={done}", width=1600, height=900)
    at_rest(page)
    home = page.evaluate(DRAWN)["boundary"]
    drag(page, "boundary", shift=True)
    settled(page)
    moved = page.evaluate(DRAWN)["boundary"]
    assert spans(moved, 1) == pytest.approx(spans(home, 1))
    assert moved["x1"][0] == pytest.approx(home["x1"][0] - spans(home, 1)[0] / 4, rel=0.02)
    assert moved["y1"][0] == pytest.approx(home["y1"][0] + spans(home, 1)[1] / 4, rel=0.02)
    page.locator("#panel-boundary .panel-undo").click()
    settled(page)
    x, y, width, *_ = page.evaluate(PLOT, "boundary")
    page.mouse.move(x - width / 4, y)
    page.mouse.wheel(0, -200)
    settled(page)
    closer = page.evaluate(DRAWN)["boundary"]
    share = spans(closer, 1)[0] / spans(home, 1)[0]
    assert 0.5 < share < 0.9
    # What was under the pointer, at a quarter of the width, still is.
    quarter = home["x1"][0] + spans(home, 1)[0] / 4
    assert closer["x1"][0] + spans(closer, 1)[0] / 4 == pytest.approx(quarter, abs=0.01)
    assert spans(closer, 1)[0] / spans(closer, 1)[1] == pytest.approx(spans(home, 1)[0] / spans(home, 1)[1], rel=1e-3)
    page.mouse.wheel(0, 2000)
    settled(page)
    page.mouse.wheel(0, 2000)
    settled(page)
    assert page.evaluate(DRAWN)["boundary"] == home
    expect(page.locator("#panel-boundary .panel-undo")).to_be_hidden()


def touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    session.send(
        "Input.dispatchTouchEvent",
        {"type": kind, "touchPoints": [{"x": x, "y": y, "id": k} for k, (x, y) in enumerate(points)]},
    )


def test_on_a_phone_a_finger_scrolls_two_zoom_and_a_tap_still_taps(tab, done):
    page = tab(f"/?run={done}", width=390, height=560, has_touch=True, is_mobile=True)
    at_rest(page)
    session = page.context.new_cdp_session(page)
    assert page.evaluate("document.scrollingElement.scrollHeight - innerHeight") > 60
    for name in ("loss", "layers", "spectrum", "boundary"):
        page.evaluate("name => { nnprobe.stage.spotlight(name); scrollTo(0, 0); }", name)
        settled(page)
        home = page.evaluate(DRAWN)[name]
        x, y, *_ = page.evaluate(PLOT, name)
        y = min(y, 480)
        touch(session, "touchStart", (x, y))
        for k in range(1, 9):
            touch(session, "touchMove", (x, y - 15 * k))
        touch(session, "touchEnd")
        page.wait_for_function("scrollY > 40")
        settled(page)
        assert page.evaluate(DRAWN)[name] == home
        assert page.evaluate("nnprobe.stage.current") == name
    x, y, *_ = page.evaluate(PLOT, "boundary")
    touch(session, "touchStart", (x - 20, y), (x + 20, y))
    for k in range(1, 7):
        touch(session, "touchMove", (x - 20 - 10 * k, y), (x + 20 + 10 * k, y))
    touch(session, "touchEnd")
    settled(page)
    now = page.evaluate(DRAWN)["boundary"]
    assert spans(now, 1)[0] / spans(home, 1)[0] == pytest.approx(0.25, abs=0.03)
    undo = page.locator("#panel-boundary .panel-undo")
    box = undo.bounding_box()
    assert min(box["width"], box["height"]) >= 44
    undo.tap()
    settled(page)
    assert page.evaluate(DRAWN)["boundary"] == home
    x, y = page.evaluate(
        """() => {
          const { places, marks, body } = nnprobe.stage.panel('boundary'), corner = body.getBoundingClientRect();
          const mark = marks.find((one) => one.index), at = nnprobe.pixels(places.get(1), mark.x[5], mark.y[5]);
          return [corner.left + at[0], corner.top + at[1]];
        }"""
    )
    page.touchscreen.tap(x, y)
    page.wait_for_function("nnprobe.stage.selected !== null")
