"""The lab's Attack panel in a real Chromium: a point travels where the server says, in the plane and in every layer."""

from __future__ import annotations

import urllib.request

import numpy as np
import pytest
from browser import ALL
from playwright.sync_api import Page, expect

from nnprobe_core.frame import decode, unpack

pytestmark = pytest.mark.e2e
POINT = 65
MARKS = "nnprobe.stage.panel('boundary').marks"


def way(page: Page, panel: str, axis: int) -> np.ndarray:
    """The way to the adversary that a panel draws on one of its subplots, (m, 2)."""
    lines = page.evaluate(
        f"nnprobe.stage.panel('{panel}').marks.filter((m) => m.kind === 'line' && m.axis === {axis} && m.width === 4)"
        ".map((m) => [Array.from(m.x), Array.from(m.y)])"
    )
    return np.array(lines[0]).T if lines else np.empty((0, 2))


def answer(server: str, done: str, **query: object) -> object:
    text = "&".join(f"{name}={value}" for name, value in query.items())
    with urllib.request.urlopen(f"{server}/api/runs/{done}/attack?{text}", timeout=120) as found:
        return decode(next(unpack(found.read())))


def test_a_point_travels_in_the_plane_and_in_every_layer(tab, server, done):
    film = tab(f"/?run={done}&{ALL}", width=1920, height=1080)
    film.wait_for_function("nnprobe.film.complete && nnprobe.film.count > 2 && nnprobe.film.hasSettled")
    film.evaluate("nnprobe.clock.pause(); nnprobe.clock.seek(nnprobe.film.count - 1)")
    film.evaluate(f"nnprobe.stage.select({POINT})")
    slider = film.get_by_label("ε", exact=True)
    slider.fill("0.06")
    film.wait_for_function(f"{MARKS}.some((m) => m.width === 4)")
    side = film.evaluate("nnprobe.adversary.side(nnprobe.context(nnprobe.stage.panel('attack')))")
    expected = answer(server, done, point=POINT, epsilon=0.06 * side, track="settled")
    np.testing.assert_allclose(way(film, "boundary", 1), expected.arrays["path.0"], atol=1e-5)
    for layer in range(5):
        np.testing.assert_allclose(way(film, "layers", layer + 1), expected.arrays[f"path.{layer}"], atol=1e-4)
        # It begins at the point that is followed.
        shown = f"nnprobe.context(nnprobe.stage.panel('layers')).layer({layer}, nnprobe.film.count - 1)"
        at = film.evaluate(f"{shown}.map((column) => column[{POINT}])")
        np.testing.assert_allclose(way(film, "layers", layer + 1)[0], at, atol=0.02)
    rich = "nnprobe.stage.panel('attack').marks.filter((m) => m.rich)"
    words = film.evaluate(f"{rich}.map((m) => m.rich.map((part) => part.text).join('')).join(' ')")
    head = expected.header
    assert f"class {head['before']} " in words
    assert f"class {head['after']} " in words
    assert f"moved {head['linf']:.2g} (L∞)" in words

    longer = len(way(film, "boundary", 1))
    film.get_by_label("by", exact=True).select_option(label="BIM L∞")
    film.wait_for_function(
        f"nnprobe.stage.panel('boundary').marks.some((m) => m.width === 4 && m.x.length !== {longer})"
    )
    expected = answer(server, done, point=POINT, epsilon=0.06 * side, attack="bim", track="settled")
    np.testing.assert_allclose(way(film, "boundary", 1), expected.arrays["path.0"], atol=1e-5)

    slider.fill("0")
    film.wait_for_function(f"!{MARKS}.some((m) => m.width === 4)")

    # Who moves ε and follows no point is given one.
    film.evaluate("nnprobe.stage.select(null)")
    slider.focus()
    for _ in range(12):
        slider.press("ArrowRight")
    expect(film.locator("#panel-attack output")).not_to_have_text("0")
    assert film.evaluate("nnprobe.stage.selected") is not None
    film.wait_for_function("nnprobe.stage.panel('layers').marks.some((m) => m.width === 4)")
