"""The page Compare in a real Chromium: a sweep is asked for, watched, opened network by network, and taken home."""

from __future__ import annotations

import time
from contextlib import suppress
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import call
from playwright.sync_api import Page, expect

from nnprobe_core.sweeps.config import SweepConfig
from nnprobe_core.sweeps.results import SweepResults

pytestmark = pytest.mark.e2e

SMALL = {
    "kind": "sweep", "over": "max_phi", "values": "4,6,9", "over2": "activation", "values2": "tanh,relu", "seeds": 2,
    "steps": 120, "frames": 12, "n_train": 60, "n_test": 40, "hidden": "6-6", "test_noise": "0.1,0.2",
    "epsilons": "0.1",
}  # fmt: skip

#: A panel shows its marks, at the size it has now.
PAINTED = """(name) => {
  const { marks, body, width } = nnprobe.stage.panel(name);
  return marks.length > 1 && Math.abs(body.clientWidth - width) < 1 && body.classList.contains('drawn');
}"""


@pytest.fixture(scope="module")
def swept(server) -> str:
    """A small sweep, finished."""
    run = call(f"{server}/api/runs", SMALL)["run"]
    while call(f"{server}/api/runs/{run}")["state"] != "done":
        time.sleep(0.1)
    return run


def at_rest(page: Page) -> None:
    """At the end of the film."""
    page.wait_for_function("nnprobe.film.complete")
    page.keyboard.press("End")
    page.wait_for_function("!nnprobe.clock.moving")
    page.wait_for_function("[...document.querySelectorAll('.panel-body.moving')].length === 0")


def test_it_opens_with_a_ready_film_of_64_fates(tab):
    page = tab("/compare")
    at_rest(page)
    assert page.evaluate("nnprobe.film.run") == "preset-64-fates"
    expect(page.locator("#panel-fates .panel-note")).to_contain_text("64 networks: 48 solved")
    expect(page.locator("#panel-sweep_curve .panel-note")).to_contain_text("64 of 64 networks done")


def test_every_network_is_a_dot_a_fate_and_a_line_of_the_table(tab, swept, server):
    page = tab(f"/compare?run={swept}")
    at_rest(page)
    marks = page.evaluate(
        "nnprobe.stage.panel('sweep_curve').marks.filter((mark) => mark.kind === 'points' && mark.index)"
        ".map((mark) => ({index: Array.from(mark.index), x: Array.from(mark.x), y: Array.from(mark.y)}))"
    )
    seen = {k: (x, y) for mark in marks for k, x, y in zip(mark["index"], mark["x"], mark["y"], strict=True)}
    table = SweepResults.from_json(_text(page, f"{server}/api/runs/{swept}/table?format=json"))
    assert sorted(seen) == list(range(12))
    for index, cell in enumerate(SweepConfig.from_mapping(SMALL).cells):
        x, y = seen[index]
        assert y == pytest.approx(float(table.scores[index, 3]))
        assert abs(x - cell.config.max_phi) < 0.5

    # Every fate is what the film says of its cell.
    wrong = page.evaluate(
        """() => {
          const panel = nnprobe.stage.panel('fates'), image = panel.marks.find((mark) => mark.kind === 'image');
          const { data } = nnprobe.film.latest('fates.class', nnprobe.film.count - 1).array;
          const scores = nnprobe.film.nearest(nnprobe.film.count - 1).arrays['sweep.scores'].data;
          const order = Array.from({ length: 12 }, (_, k) => k);
          order.sort((a, b) => scores[4 * b + 3] - scores[4 * a + 3] || a - b);
          const colours = nnprobe.theme.classes.map(nnprobe.theme.rgb), cols = image.w / 27;
          let wrong = 0;
          order.forEach((cell, place) => {
            for (let row = 0; row < 24; row++) for (let col = 0; col < 24; col++) {
              const left = (place % cols) * 27 + 1 + col, top = Math.floor(place / cols) * 27 + 1 + (23 - row);
              const at = 4 * (top * image.w + left), colour = colours[data[(cell * 24 + row) * 24 + col]];
              if ([0, 1, 2].some((k) => image.pixels[at + k] !== colour[k])) wrong++;
            }
          });
          return wrong;
        }"""
    )
    assert wrong == 0, "pixels of fates that are not what the film says of the cell"

    # At the foot of the form are the table, and every network to be opened.
    networks = page.get_by_label("Networks, best at the end first")
    assert networks.locator("option").count() == 12
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    text = download.value.path().read_text()
    assert len(text.splitlines()) == 13
    assert text == SweepResults.from_csv(text, SweepConfig.from_mapping(SMALL)).to_csv()
    networks.select_option("7")
    page.wait_for_function(
        "nnprobe.stage.panel('sweep_curve').marks.some((mark) => mark.hollow && mark.colour === nnprobe.theme.ink)"
    )
    with page.expect_navigation():
        page.get_by_role("button", name="Open in the Lab").click()
    page.wait_for_function("window.nnprobe && nnprobe.page.name === 'lab' && nnprobe.film.run && nnprobe.film.head")
    assert page.evaluate("nnprobe.film.config.activation") == SweepConfig.from_mapping(SMALL).cells[7].config.activation


def test_a_click_on_a_dot_opens_that_network_in_the_lab(tab, swept):
    page = tab(f"/compare?run={swept}")
    at_rest(page)
    place = page.evaluate(
        """() => {
          const panel = nnprobe.stage.panel('sweep_curve'), box = panel.body.getBoundingClientRect();
          const mark = panel.marks.find((one) => one.kind === 'points' && one.index && [...one.index].includes(0));
          const [x, y] = nnprobe.pixels(panel.places.get(1), mark.x[0], mark.y[0]);
          return [box.left + x, box.top + y, mark.index[0]];
        }"""
    )
    with page.expect_navigation():
        page.mouse.click(place[0], place[1])
    page.wait_for_function("window.nnprobe && nnprobe.page.name === 'lab' && nnprobe.film.run && nnprobe.film.head")
    config = SweepConfig.from_mapping(SMALL).cells[place[2]].config
    opened = page.evaluate("nnprobe.film.config")
    assert {name: opened[name] for name in config.to_mapping()} == config.to_mapping()
    expect(page.locator("#watch")).to_contain_text("trained by itself: near, not equal. In the sweep it came to")
    page.reload()
    page.wait_for_function("window.nnprobe && nnprobe.film && nnprobe.film.head")
    expect(page.locator("#watch")).to_be_hidden()  # it is said where the click leads, and of nothing else


def test_a_click_on_a_fate_opens_the_network_that_is_drawn_there(tab, swept):
    page = tab(f"/compare?run={swept}")
    at_rest(page)
    page.keyboard.press("4")
    at_rest(page)
    scores = page.evaluate("Array.from(nnprobe.film.nearest(nnprobe.film.count - 1).arrays['sweep.scores'].data)")[3::4]
    best = max(range(12), key=lambda k: (scores[k], -k))
    x, y = page.evaluate(
        """() => {
          const panel = nnprobe.stage.panel('fates'), box = panel.body.getBoundingClientRect();
          const place = panel.places.get(1);
          const [x, y] = nnprobe.pixels(place, 0.5, place.y[1] - 0.5);
          return [box.left + x, box.top + y];
        }"""
    )
    with page.expect_navigation():
        page.mouse.click(x, y)
    query = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
    expected = dict(parse_qs(SweepConfig.from_mapping(SMALL).cells[best].config.to_query()))
    assert {name: query.get(name) for name in expected} == {name: values[0] for name, values in expected.items()}


def test_six_lines_or_more_differ_in_dash_and_marker_and_are_named(tab):
    page = tab("/compare?run=preset-sweep-width&at=2000", 1920, 1080)
    page.wait_for_function("nnprobe.film.complete && nnprobe.stage.panel('sweep_stress').marks.length > 10")
    marks = page.evaluate(
        "nnprobe.stage.panel('sweep_stress').marks.filter((one) => one.axis === 1 || one.kind === 'text')"
        ".map(({ kind, axis, dash, shape, text }) => ({ kind, axis, dash, shape, text }))"
    )
    lines = [str(mark.get("dash")) for mark in marks if mark["kind"] == "line"]
    shapes = [mark["shape"] for mark in marks if mark["kind"] == "points"]
    assert len(lines) == len(set(zip(lines, shapes, strict=True))) == 6
    assert {"2", "3", "4", "6", "8", "16"} <= {mark.get("text") for mark in marks if mark["axis"] == 1}


def test_a_sweep_is_asked_for_in_the_form_and_watched(tab, server):
    page = tab("/compare", refused=400)
    at_rest(page)  # the ready film has filled the form
    page.get_by_label("Vary", exact=True).select_option("width")
    values = page.get_by_label("Values", exact=True)
    values.fill("2,x")
    values.press("Enter")
    expect(page.locator("#problem-values")).to_contain_text(
        "Values must be values of Width, each a whole number from 1 to 1024"
    )
    values.fill("2,5")
    values.press("Enter")
    expect(page.locator("#problem-values")).to_be_hidden()
    page.get_by_role("button", name="Sweep").click()
    page.wait_for_function("nnprobe.film.run && !nnprobe.film.run.startsWith('preset') && nnprobe.film.count > 3")
    run = page.evaluate("nnprobe.film.run")
    config = call(f"{server}/api/runs/{run}")["config"]
    assert (config["kind"], config["over"], config["values"], config["seeds"]) == ("sweep", "width", "2,5", 64)
    # That its button stops a study is test_every_page.py's, of one that lasts; this one may be over.
    with suppress(HTTPError):
        call(f"{server}/api/runs/{run}/commands", {"kind": "stop"})
    states = page.evaluate("Array.from(nnprobe.film.nearest(nnprobe.film.count - 1).arrays['sweep.state'].data)")
    assert len(states) == 128


def test_nothing_overflows(tab, swept):
    page = tab(f"/compare?run={swept}")
    at_rest(page)
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("dark", "light"):
            page.emulate_media(color_scheme=theme)
            page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
            for name in ("sweep_curve", "sweep_spectra", "sweep_stress", "fates"):
                if width < 800:  # a phone shows one panel, and what is not seen is not painted
                    page.evaluate("name => nnprobe.stage.spotlight(name)", name)
                page.wait_for_function(PAINTED, arg=name)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (width, theme)


def _text(page: Page, url: str) -> str:
    return page.request.get(url).text()
