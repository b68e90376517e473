"""The same film at the same place gives the same picture, however it came: axes, and what the panels say."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pytest
from browser import ALL, READY, RENDERED, slowed
from playwright.sync_api import Page, Route

pytestmark = pytest.mark.e2e

#: Of every panel: its axes' ranges as laid and as Plotly has drawn them, its note, verdict and sentence.
SEEN = """() => Object.fromEntries([...document.querySelectorAll('.panel[data-panel]')].map((section) => {
  const panel = nnprobe.stage.panel(section.dataset.panel), words = (slot) => section.querySelector(slot).textContent;
  const bare = panel.body.classList.contains('bare'), near = (v) => Number(v.toPrecision(9));
  const ranges = (places) => [...places.values()].map(({ x, y }) => [...x, ...y].map(near));
  return [panel.name, { bare: bare && words('.panel-sentence'), said: words('.panel-note') + words('.panel-verdict'),
    laid: bare ? [] : ranges(panel.places), drawn: bare ? [] : ranges(nnprobe.layout.read(panel.gd)) }];
}))"""
#: Where a point of a panel is drawn outside its plot: its name and how many.
OUTSIDE = """() => [...document.querySelectorAll('.panel[data-panel]')].flatMap((section) => {
  const { name, places, marks, body } = nnprobe.stage.panel(section.dataset.panel);
  if (body.classList.contains('bare')) return [];
  const out = (mark, i, { left, top, width, height }) => {
    const [x, y] = nnprobe.pixels(places.get(mark.axis), mark.x[i], mark.y[i]), near = 1.5;
    return x < left - near || x > left + width + near || y < top - near || y > top + height + near;
  };
  const found = marks.filter((mark) => mark.kind === 'points' && mark.clip !== false && places.get(mark.axis))
    .reduce((sum, mark) => sum + [...mark.x].filter((_, i) => out(mark, i, places.get(mark.axis))).length, 0);
  return found ? [`${name}: ${found}`] : [];
})"""
WHOLE = """() => nnprobe.film.complete && nnprobe.film.here === nnprobe.film.count && nnprobe.film.count > 1
  && !nnprobe.asked && nnprobe.stage.settled"""


def seen(page: Page) -> dict[str, object]:
    """What the whole film shows once nothing more is on its way."""
    page.wait_for_function(READY)
    page.wait_for_function(WHOLE)
    page.evaluate(RENDERED)
    page.wait_for_function(WHOLE)
    return page.evaluate(SEEN)


def by_link(page: Page, link: str, step: int) -> None:
    page.goto(link.replace("STEP", str(step)))


def by_scrubbing(page: Page, link: str, step: int) -> None:
    if page.url != link.replace("STEP", "0"):
        by_link(page, link, 0)
    page.wait_for_function(READY)
    page.wait_for_function("nnprobe.film.head")
    for at in (40, 250, 120, 3):
        page.evaluate("seq => nnprobe.clock.seek(seq)", at)
        page.evaluate(RENDERED)
    page.wait_for_function(WHOLE)
    page.evaluate("step => { nnprobe.clock.pause(); nnprobe.clock.seek([...nnprobe.film.steps].indexOf(step)); }", step)


def by_playing(page: Page, link: str, step: int) -> None:
    by_link(page, link, 0)
    page.wait_for_function(READY)
    page.wait_for_function("nnprobe.film.head")
    page.evaluate("nnprobe.clock.seek(0); nnprobe.clock.setSpeed(4); nnprobe.clock.play()")
    page.wait_for_function("nnprobe.film.complete && !nnprobe.clock.playing")
    page.evaluate("step => nnprobe.clock.seek([...nnprobe.film.steps].indexOf(step))", step)


def late(seconds: float, route: Route) -> None:
    time.sleep(seconds)
    route.continue_()


#: Of the film that the page opens by itself, and of a short one that was trained here: the ways it is come to, and what
#: is late meanwhile, on a processor how many times slower.
FILMS: dict[str, tuple[dict[str, Callable[[Page, str, int], None]], tuple[tuple[str, int], ...]]] = {
    "": ({"scrubbing": by_scrubbing, "link": by_link}, (("**/frames?*", 1),)),
    "run=RUN&": (
        {"playing": by_playing, "link": by_link},
        (("**/{series,graph}?*", 1), ("**/frames?*track=settled*", 3)),
    ),
}


@pytest.mark.parametrize("film", FILMS)
def test_the_axes_follow_from_the_film_however_it_came(tab, server, done, film):
    ways, lates = FILMS[film]
    link = f"/?{film.replace('RUN', done)}at=STEP&{ALL}"
    page = tab(link.replace("STEP", "0"))
    link = server + link
    steps = page.evaluate(
        "async () => { while (!nnprobe.film.complete) await new Promise((r) => setTimeout(r, 50));"
        " return [...nnprobe.film.steps]; }"
    )
    step = min(steps, key=lambda one: abs(one - (steps[-1] // 2 + 1)))
    whole = None
    for name, way in ways.items():
        way(page, link, step)
        got = seen(page)
        assert page.evaluate("nnprobe.film.nearest(Math.floor(nnprobe.clock.seq)).step") == step
        whole = whole or got
        assert got == whole, name
        assert page.evaluate(OUTSIDE) == [], name
    assert [name for name, panel in whole.items() if panel["bare"]] == []
    for slow, rate in lates:
        page.route(slow, partial(late, 0.2))
        with slowed(page, rate):
            by_link(page, link, step)
            assert seen(page) == whole, (slow, rate)
        page.unroute(slow)
