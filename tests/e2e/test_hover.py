"""What the pointer is told can be read whole, at every edge of every panel, and whenever the pointer came."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import ALL, settled, slowed, tabs
from playwright.sync_api import Page, expect
from png import pixels

pytestmark = pytest.mark.e2e

#: By how many pixels the boxes of a panel reach beyond what would cut them off, the window included.
CUT = """(name) => {
  const section = document.getElementById(`panel-${name}`), labels = [...section.querySelectorAll('.hovertext')];
  const over = (a, b) => Math.max(b.left - a.left, b.top - a.top, a.right - b.right, a.bottom - b.bottom);
  let most = -Infinity;
  for (const label of labels) {
    const box = label.getBoundingClientRect();
    most = Math.max(most, over(box, { left: 0, top: 0, right: innerWidth, bottom: innerHeight }));
    for (let one = label.parentElement; one && one !== document.body; one = one.parentElement) {
      const cuts = one.tagName !== 'g' && getComputedStyle(one).overflow !== 'visible';
      if (cuts) most = Math.max(most, over(box, one.getBoundingClientRect()));
    }
  }
  return most;
}"""


#: Does what it is told and waits for the first picture; whether all has settled by then.
PAINTED = """async (act) => {
  const painted = new Promise((resolve) => { const off = nnprobe.stage.on('painted', () => { off(); resolve(); }); });
  (0, eval)(act);
  await painted;
  return nnprobe.stage.settled;
}"""


@pytest.fixture(scope="module")
def page(server, chromium, profiles, done) -> Iterator[Page]:
    with tabs(server, chromium, profiles) as open_tab:
        page = open_tab(f"/?run={done}&{ALL}", width=1280, height=720)
        page.wait_for_function("nnprobe.film.complete && nnprobe.film.hasSettled")
        page.evaluate(Path(__file__).with_name("pictures.js").read_text())
        page.evaluate("nnprobe.clock.pause(); nnprobe.clock.seek(60)")
        settled(page)
        yield page


def test_no_hover_box_is_cut(page):
    asked = 0
    for name in page.evaluate("[...document.querySelectorAll('.panel')].map((panel) => panel.dataset.panel)"):
        found = page.evaluate(f"pictures.answering('{name}', 1000)")
        ends = {
            (point["x"], point["y"])
            for axis in ("x", "y")
            for point in sorted(found, key=lambda one: one[axis])[:: max(1, len(found) - 1)]
        }
        for x, y in ends:
            page.mouse.move(x, y)
            expect(page.locator(f"#panel-{name} .hovertext").first).to_be_visible()
            assert page.evaluate(CUT, name) <= 0.5, (name, x, y)
            asked += 1
        page.mouse.move(2, 2)
    assert asked > 12


def test_a_pointer_that_came_too_early_is_answered_without_moving_again(page):
    """On a slow machine one points at a panel long before it has settled."""
    box = page.locator("#panel-loss .hovertext").first
    for there, back in (
        ("nnprobe.stage.spotlight('loss')", "nnprobe.stage.spotlight(null)"),
        ("nnprobe.clock.seek(80)", "nnprobe.clock.seek(60)"),
    ):
        page.evaluate(there)
        settled(page)
        point = page.evaluate("pictures.answering('loss', 1)[0]")
        page.evaluate(back)
        settled(page)
        with slowed(page, 4):
            assert not page.evaluate(PAINTED, there), "it had settled before the pointer came"
            page.mouse.move(point["x"], point["y"])
            expect(box).to_be_visible()
        page.mouse.move(2, 2)
        expect(box).to_be_hidden()
        page.evaluate(back)


def test_over_a_crowd_of_points_the_box_lies_on_top_and_a_point_can_be_taken(tab):
    """A thousand points stay on the canvas, under what the pointer is told."""
    page = tab("/?run=preset-default&at=1000", 1280, 720)
    page.wait_for_function("nnprobe.film.complete")
    page.evaluate(Path(__file__).with_name("pictures.js").read_text())
    settled(page)
    classes = [tuple(colour) for colour in page.evaluate("nnprobe.theme.classes.map(nnprobe.theme.rgb).slice(0, 2)")]

    def of_a_class(box: dict[str, float]) -> int:
        """Pixels in the colours of the classes, inside the box."""
        clip = {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}
        picture = pixels(page.screenshot(clip=clip))[..., :3]
        return sum(int((picture == colour).all(axis=-1).sum()) for colour in classes)

    for name in ("boundary", "layers"):
        panel = page.locator(f"#panel-{name}")
        expect(panel.locator(".panel-canvas")).to_be_visible()
        assert panel.locator(".point").count() == 0
        covered = 0
        for point in page.evaluate(f"pictures.answering('{name}', 1000)"):
            page.mouse.move(point["x"], point["y"])
            box = panel.locator(".hovertext text").first
            expect(box).to_be_visible()
            place = box.bounding_box()
            assert of_a_class(place) == 0, (name, point)
            page.mouse.move(2, 2)
            expect(box).to_be_hidden()
            covered += of_a_class(place)
        assert covered > 20, f"boxes of {name} lay over points"
    page.mouse.click(point["x"], point["y"])
    page.wait_for_function("nnprobe.stage.selected !== null")
