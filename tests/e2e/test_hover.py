"""What the pointer is told can be read whole, at every edge of every panel."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

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


def test_no_hover_box_is_cut(tab, done):
    page = tab(f"/?run={done}", width=1280, height=720)
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.hasSettled")
    page.evaluate(Path(__file__).with_name("pictures.js").read_text())
    page.evaluate("nnprobe.clock.pause(); nnprobe.clock.seek(60)")
    page.wait_for_timeout(100)
    page.wait_for_function("!nnprobe.clock.moving && !document.querySelector('.panel-body.moving:not(.bare)')")
    asked = 0
    for name in page.evaluate("[...document.querySelectorAll('.panel')].map((panel) => panel.dataset.panel)"):
        found = page.evaluate(f"pictures.answering('{name}', 1000)")
        ends = {
            (point["x"], point["y"])
            for axis in ("x", "y")
            for point in sorted(found, key=lambda one: one[axis])[:: max(1, len(found) - 1)]
        }
        for x, y in ends:
            page.mouse.move(x - 1, y - 1)
            page.mouse.move(x, y)
            expect(page.locator(f"#panel-{name} .hovertext").first).to_be_visible()
            assert page.evaluate(CUT, name) <= 0.5, (name, x, y)
            asked += 1
        page.mouse.move(2, 2)
    assert asked > 12
