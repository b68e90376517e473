"""Fates: picture, tooltip, order and what a click opens are of one network, whatever arrives when."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from browser import READY, call, settled, slowed
from playwright.sync_api import Page

from nnprobe_core.sweeps.config import SweepConfig

pytestmark = pytest.mark.e2e

SMALL = {
    "kind": "sweep", "over": "width", "values": "2,3,5", "seeds": 4, "depth": 2, "steps": 200, "frames": 20,
    "n_train": 60, "n_test": 40, "test_noise": "", "epsilons": "",
}  # fmt: skip

#: Of the picture as Plotly shows it: the place of every tile on the screen, and per tile the network whose classes its
#: colours are, found by comparing them with those of every network at the playhead.
SHOWN = """async () => {
  const panel = nnprobe.stage.panel('fates'), box = panel.body.getBoundingClientRect(), place = panel.places.get(1);
  const picture = Object.assign(new Image(), { src: panel.gd.layout.images[0].source });
  await picture.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: picture.width, height: picture.height });
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen.drawImage(picture, 0, 0);
  const seq = Math.floor(nnprobe.clock.seq), labels = nnprobe.film.latest('fates.class', seq).array;
  const scores = nnprobe.film.nearest(seq).arrays['sweep.scores'].data;
  const cols = picture.width / 27, rows = picture.height / 27;
  const colours = nnprobe.theme.classes.map(nnprobe.theme.rgb), out = [];
  const classOf = ([r, g, b]) => {
    const far = colours.map((c) => (c[0] - r) ** 2 + (c[1] - g) ** 2 + (c[2] - b) ** 2);
    return far.indexOf(Math.min(...far));
  };
  for (let k = 0; k < labels.shape[0]; k++) {
    const col = k % cols, row = Math.floor(k / cols), { data } = pen.getImageData(col * 27 + 1, row * 27 + 1, 24, 24);
    const seen = Array.from({ length: 576 }, (_, i) => classOf(data.slice(4 * i, 4 * i + 3)));
    const wrong = Array.from({ length: labels.shape[0] }, (_, cell) => seen.reduce((sum, c, i) =>
      sum + (c !== labels.data[(cell * 24 + 23 - Math.floor(i / 24)) * 24 + (i % 24)]), 0));
    const [x, y] = nnprobe.pixels(place, col + 0.45, rows - row - 0.45), cell = wrong.indexOf(Math.min(...wrong));
    out.push({ x: box.left + x, y: box.top + y, cell, wrong: wrong[cell], score: scores[4 * cell + 3],
      name: nnprobe.sweep.name(nnprobe.sweep.of(nnprobe.film), cell) });
  }
  return { tiles: out, seq };
}"""


@pytest.fixture(scope="module")
def swept(server) -> str:
    """A small sweep, finished."""
    run = call(f"{server}/api/runs", SMALL)["run"]
    while call(f"{server}/api/runs/{run}")["state"] != "done":
        time.sleep(0.1)
    return str(run)


def at_rest(page: Page) -> None:
    page.wait_for_function("nnprobe.film.complete")
    settled(page)
    page.wait_for_function("nnprobe.stage.panel('fates').gd.layout.images?.length")


def tooltip(page: Page, tile: dict) -> str:
    """What is said of a tile when the pointer rests on it."""
    page.mouse.move(5, 5)
    page.wait_for_function("!document.querySelector('#panel-fates .hoverlayer text')")
    page.mouse.move(tile["x"], tile["y"])
    page.wait_for_function("document.querySelector('#panel-fates .hoverlayer text')")
    return str(page.evaluate("document.querySelector('#panel-fates .hoverlayer text').textContent"))


def check(page: Page, end: list[float]) -> list[dict]:
    """Every tile is some network's picture, the tiles stand by accuracy at the end, and tooltips are of the picture."""
    at_rest(page)
    tiles = page.evaluate(SHOWN)["tiles"]
    cells = [tile["cell"] for tile in tiles]
    assert sorted(cells) == list(range(len(cells)))
    assert max(tile["wrong"] for tile in tiles) <= 6  # at the undecided line colours are next to nothing
    assert cells == sorted(cells, key=lambda cell: (-end[cell], cell))
    for tile in (tiles[0], tiles[len(tiles) // 2], tiles[-1]):
        said = tooltip(page, tile)
        assert said.startswith(tile["name"])
        assert f"accuracy {100 * tile['score']:.1f}" in said
    return tiles


def scores_at_end(page: Page) -> list[float]:
    flat = page.evaluate("Array.from(nnprobe.film.frame(nnprobe.film.count - 1).arrays['sweep.scores'].data)")
    return [-1.0 if not np.isfinite(score) else score for score in flat[3::4]]


def test_picture_tooltip_order_and_click_are_of_one_network_also_on_a_slow_machine_and_after_back(tab, swept):
    page = tab(f"/compare?run={swept}&at=50", 1280, 720)
    page.context.set_default_navigation_timeout(120_000)
    with slowed(page, 3):
        page.reload()  # as a link that rests in the middle of the film, on a machine that has much else to do
        page.wait_for_function(READY)
        page.keyboard.press("4")
        page.wait_for_function("nnprobe.film.complete")
        end = scores_at_end(page)
        tiles = check(page, end)
    for tile, back in ((tiles[0], True), (tiles[-1], False)):
        with page.expect_navigation():
            page.mouse.click(tile["x"], tile["y"])
        opened = {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}
        cell = SweepConfig.from_mapping(SMALL).cells[tile["cell"]].config
        asked = {name: values[0] for name, values in parse_qs(cell.to_query()).items()}
        assert {name: opened.get(name) for name in asked} == asked
        if not back:
            break
        page.go_back()
        page.wait_for_function(READY)
        page.keyboard.press("4")
        again = check(page, end)
        assert [one["cell"] for one in again] == [one["cell"] for one in tiles]


def test_the_shipped_sweep_stands_still_while_its_film_plays(tab):
    page = tab("/compare?run=preset-sweep-width&at=600", 1280, 720)
    page.keyboard.press("4")
    page.wait_for_function("nnprobe.film.complete")
    end = scores_at_end(page)
    with slowed(page, 2):
        tiles = check(page, end)
        page.keyboard.press("Home")
        page.keyboard.press("Space")
        seen = set()
        for _ in range(6):  # a tap while it plays is answered from the very picture that is seen
            cells = page.evaluate(
                """() => new Promise((resolve) => requestAnimationFrame(() => {
                  const mark = nnprobe.stage.panel('fates').marks.find((one) => one.drawn);
                  resolve(mark ? mark.drawn.tiles : null);
                }))"""
            )
            seen.add(tuple(cells or ()))
            time.sleep(0.2)
        assert seen - {()} == {tuple(tile["cell"] for tile in tiles)}
