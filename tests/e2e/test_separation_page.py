"""The Separation page in a real Chromium: what it draws is what the film holds; its inputs, its form, its tests."""

from __future__ import annotations

import time
import urllib.request

import numpy as np
import pytest
from conftest import call
from playwright.sync_api import Page, expect

from nnprobe_core.frame import Frame, decode, unpack
from nnprobe_core.separation.planes import decoded

pytestmark = pytest.mark.e2e
STUDY = {"hidden": "12", "epochs": 3, "stages": 4, "seeds": 8, "per_class": 12, "permutations": 100}
PANELS = ["pairs", "layer_grid", "pca", "tests"]
PLANE = {"dataset": "moons", "n_train": 60, "per_class": 30, "hidden": "4", "epochs": 2, "stages": 2, "seeds": 1}


@pytest.fixture(scope="module")
def study(server) -> tuple[str, list[Frame]]:
    """A finished study of the digits, and its frames."""
    run = call(f"{server}/api/runs", {"kind": "separation", **STUDY})["run"]
    while (status := call(f"{server}/api/runs/{run}"))["state"] != "done":
        assert status["state"] in ("queued", "running"), status
        time.sleep(0.1)
    with urllib.request.urlopen(f"{server}/api/runs/{run}/film", timeout=120) as answer:
        return run, [decode(data) for data in unpack(answer.read())]


def open_at(page: Page, seq: int) -> None:
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.count > 2")
    page.evaluate(f"nnprobe.clock.pause(); nnprobe.clock.seek({seq}); nnprobe.clock.repaint()")
    page.wait_for_function(f"{PANELS}.every((name) => nnprobe.stage.panel(name).seq === {seq})")


def marks(page: Page, panel: str, which: str, what: str) -> list[object]:
    """Of a panel's marks ``m`` for which ``which`` holds: ``what``."""
    return page.evaluate(f"nnprobe.stage.panel('{panel}').marks.filter((m) => {which}).map((m) => {what})")


def test_histograms_and_grids_are_the_films(tab, study):
    run, frames = study
    page = tab(f"/separation?run={run}", 1920, 1080)
    open_at(page, 3)
    values, before = frames[3].arrays["separation.train"], frames[0].arrays["separation.train"]
    bars = marks(page, "pairs", "m.kind === 'bars'", "[m.x0, m.x1, m.y0, m.y1].map((a) => Array.from(a))")
    for shown, drawn, up in ((before, bars[0], False), (values, bars[1], True)):
        x0, x1, y0, y1 = map(np.array, drawn)
        rows = np.rint(-(y0 if up else y1)).astype(int)
        for layer, row in enumerate(shown):
            here = rows == layer
            expected, _ = np.histogram(np.clip(row, 0, 1), 100, (0, 1))
            heights = np.zeros(100)
            heights[np.floor((x0 + x1)[here] * 50 + 1e-9).astype(int)] = (y1 - y0)[here]
            assert (heights > 0).tolist() == (expected > 0).tolist()
            np.testing.assert_allclose(heights / heights.max(), expected / expected.max(), atol=1e-6)
    mean = r"m.kind === 'text' && /^[.\d]{5}$/.test(m.text)"
    means = marks(page, "pairs", mean, "m.text")
    assert means == [f"{value:.3f}" for value in values.mean(axis=1)]

    texts = marks(page, "layer_grid", "m.kind === 'text' && m.baseline === 'middle'", "m.text")
    probe = frames[3].arrays["series.probe"][:, 0]
    assert texts[:4] == means
    assert [float(text.rstrip("%\u2009")) for text in texts[4:]] == pytest.approx(100 * probe, abs=0.051)
    assert marks(page, "layer_grid", "m.kind === 'image'", "[m.w, m.h]") == [[5, 4], [5, 4]]
    expect(page.locator("#accuracy")).to_have_text(f"{100 * frames[3].arrays['series.loss'][3]:.1f}\u2009%")


def test_any_pair_is_shown_in_every_layers_plane(tab, study):
    run, frames = study
    page = tab(f"/separation?run={run}", 1920, 1080, "light")
    open_at(page, 2)
    pairs = [tuple(pair) for pair in frames[0].arrays["separation.pairs"].tolist()]
    page.get_by_label("Classes", exact=True).select_option(label="1 and 8")
    page.wait_for_function("nnprobe.choices.of(nnprobe.stage.panel('pca'), 'pair') !== '0'")
    open_at(page, 2)
    place, arrays = pairs.index((1, 8)), frames[2].arrays
    points = marks(page, "pca", "m.kind === 'points'", "[m.axis, Array.from(m.x), Array.from(m.y)]")
    for layer in range(4):
        flat = decoded(arrays[f"pca.{layer}"], arrays["pca.radius"][layer])[place]
        drawn = np.concatenate([np.array([x, y]).T for axis, x, y in points if axis == layer + 1])
        np.testing.assert_allclose(drawn, flat, atol=1e-4 * np.abs(flat).max())
    expect(page.locator("#panel-pca")).to_contain_text("joint PCA of 1 and 8")


def test_a_click_on_a_bar_chooses_its_pair(tab, study):
    run, frames = study
    page = tab(f"/separation?run={run}")
    open_at(page, 4)
    values = frames[4].arrays["separation.train"][3]
    lowest = int(values.argmin())
    x, y = page.evaluate(
        "(v) => { const p = nnprobe.stage.panel('pairs'), at = p.places.get(1), body = p.body.getBoundingClientRect();"
        "return [body.left + at.ax * v + at.bx, body.top + at.ay * -3 + at.by]; }",
        float(values[lowest]),
    )
    page.mouse.click(x, y - 2)
    page.wait_for_function(f"nnprobe.choices.of(nnprobe.stage.panel('pca'), 'pair') === '{lowest}'")


def test_the_tests_come_at_the_end_with_their_warning(tab, study):
    run, frames = study
    page = tab(f"/separation?run={run}", 1920, 1080)
    open_at(page, 5)
    write = "m.kind === 'text' && m.anchor === 'right' && m.baseline === 'middle'"
    assert set(marks(page, "tests", write, "m.text")) == {"…"}
    open_at(page, 11)
    tests = [each for each in frames[11].header["tests"] if each["test"] == "training"]
    shown = marks(page, "tests", write, "m.text")
    assert len(shown) == 6
    honest = [each["adjusted"] for each in tests if each["kind"] == "seeds"]
    assert [float(text) for text in shown[1::2]] == pytest.approx(honest, rel=0.05, abs=0.006)
    dots = marks(page, "tests", "m.kind === 'points'", "Array.from(m.x)")
    assert len(dots) == 8
    seeds = [frame.arrays["series.seed"] for frame in frames[4:]]
    np.testing.assert_allclose(dots, [seed[1, 1:] - seed[0, 1:] for seed in seeds], atol=1e-6)
    expect(page.locator("#panel-tests")).to_contain_text("18–31 % false alarms")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Class pairs share classes")


def test_a_study_in_the_plane_is_started_from_its_form(tab):
    page = tab("/separation?" + "&".join(f"{name}={value}" for name, value in PLANE.items()))
    page.get_by_role("button", name="Measure", exact=True).click()
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.count === 3")
    open_at(page, 2)
    expect(page.locator("#panel-pairs")).to_contain_text("30 resamples of 60 training points")
    expect(page.locator("#panel-tests")).to_contain_text("too few pairs")
    assert page.evaluate("nnprobe.film.config.dataset") == "moons"
