"""The Attack page in a real Chromium: what it draws is what the film holds, and a study is started from its form."""

from __future__ import annotations

import time
import urllib.request

import numpy as np
import pytest
from conftest import call
from playwright.sync_api import Page, expect

from nnprobe_core.frame import decode, unpack

pytestmark = pytest.mark.e2e
SMALL = {"kind": "attack", "epochs": 5, "sizes": 6, "hidden": "24", "per_class": 10}


def finished(server: str, config: dict[str, object]) -> str:
    run = call(f"{server}/api/runs", config)["run"]
    while (status := call(f"{server}/api/runs/{run}"))["state"] != "done":
        assert status["state"] in ("queued", "running"), status
        time.sleep(0.1)
    return str(run)


def frames_of(server: str, run: str) -> list[object]:
    with urllib.request.urlopen(f"{server}/api/runs/{run}/film", timeout=120) as answer:
        return [decode(data) for data in unpack(answer.read())]


def open_at(page: Page, seq: int) -> None:
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.count > 2")
    page.evaluate(f"nnprobe.clock.pause(); nnprobe.clock.seek({seq}); nnprobe.clock.repaint()")
    page.wait_for_function(f"nnprobe.stage.panel('attack_curve').seq === {seq}")


def marks(page: Page, panel: str, which: str, what: str) -> list[object]:
    """Of a panel's marks ``m`` for which ``which`` holds: ``what``."""
    return page.evaluate(f"nnprobe.stage.panel('{panel}').marks.filter((m) => {which}).map((m) => {what})")


def test_curve_matrix_and_pictures_are_the_films(tab, server):
    run = finished(server, SMALL)
    frames = frames_of(server, run)
    page = tab(f"/attack?run={run}", width=1920, height=1080)
    open_at(page, 9)
    arrays, head = frames[9].arrays, frames[0].arrays
    rows = [frame.arrays["series.attack"] for frame in frames[6:10]]

    lines = marks(page, "attack_curve", "m.kind === 'line' && m.axis === 2", "[m.x, m.y]")
    shown = [np.array(line, float) for line in lines if len(line[0]) == 4]
    for column in (0, 1, 3):
        expected = np.array([head["attack.epsilons"][:4], [row[column] for row in rows]])
        assert any(np.allclose(line, expected) for line in shown), column

    words = marks(page, "attack_transitions", "m.kind === 'text' && m.anchor === 'center'", "m.text")
    counts = arrays["attack.transitions"]
    assert sorted(words) == sorted([*map(str, range(10)), *(str(count) for count in counts.ravel() if count)])

    images = marks(page, "attack_gallery", "m.kind === 'image'", "[m.w, m.h, Array.from(m.pixels)]")
    assert len(images) == 20
    width, height, pixels = images[3]
    strip = np.array(pixels).reshape(height, width, 4)
    assert (width, height) == (26, 8)
    original, adversary = head["attack.originals"][3], arrays["attack.examples"][3]
    for part, values in ((strip[:, :8, 0], original), (strip[:, 9:17, 0], adversary)):
        assert np.corrcoef(part.ravel(), values.ravel())[0, 1] > 0.999
    change = np.abs(adversary - original) / head["attack.epsilons"][3]
    np.testing.assert_allclose(strip[:, 18:, 3], 18 + 237 * np.clip(change, 0, 1), atol=1.5)
    expect(page.locator("#accuracy")).to_have_text(f"{100 * arrays['series.attack'][0]:.1f}\u2009%")


def test_points_in_the_plane_go_where_the_film_says(tab, server):
    run = finished(server, {"kind": "attack", "dataset": "moons", "epochs": 5, "sizes": 4, "per_class": 20})
    frames = frames_of(server, run)
    page = tab(f"/attack?run={run}", theme="light")
    open_at(page, 9)
    points = marks(page, "attack_gallery", "m.kind === 'points'", "[Array.from(m.x), Array.from(m.y)]")
    drawn = np.concatenate([np.array(group).T for group in points])
    np.testing.assert_allclose(drawn, frames[9].arrays["attack.examples"], atol=1e-6)
    open_at(page, 2)  # still learning
    expect(page.locator("#panel-attack_transitions .panel-sentence")).to_contain_text("still learning")


def test_a_study_is_started_from_the_form(tab):
    page = tab("/attack?epochs=2&sizes=11&hidden=16&per_class=10", width=1280, height=720)
    page.get_by_role("button", name="Attack", exact=True).click()
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.count === 14")
    assert page.evaluate("nnprobe.film.config.kind") == "attack"
    assert page.evaluate("nnprobe.film.config.hidden") == [16]
    assert "hidden=16" in page.url or "run=" in page.url
