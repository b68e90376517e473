"""The Separation page in a real Chromium: what it draws is what the film holds; its inputs, its form, its tests."""

from __future__ import annotations

import time
import urllib.request

import pytest
from browser import call, settled
from playwright.sync_api import Page, expect

from nnprobe_core.frame import Frame, decode, unpack

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


def test_a_pair_is_chosen_by_its_name_or_its_bar_and_the_tests_come_with_their_warning(tab, study):
    run, frames = study
    page = tab(f"/separation?run={run}", 1920, 1080)
    open_at(page, 4)
    expect(page.locator("#accuracy")).to_have_text(f"{100 * frames[4].arrays['series.loss'][3]:.1f}\u2009%")
    pairs = [tuple(pair) for pair in frames[0].arrays["separation.pairs"].tolist()]
    page.get_by_label("Classes", exact=True).select_option(label="1 and 8")
    page.wait_for_function(f"nnprobe.choices.of(nnprobe.stage.panel('pca'), 'pair') === '{pairs.index((1, 8))}'")
    expect(page.locator("#panel-pca")).to_contain_text("joint PCA of 1 and 8")
    values = frames[4].arrays["separation.train"][3]
    lowest = int(values.argmin())
    settled(page)
    x, y = page.evaluate(
        "(v) => { const p = nnprobe.stage.panel('pairs'), at = p.places.get(1), body = p.body.getBoundingClientRect();"
        "return [body.left + at.ax * v + at.bx, body.top + at.ay * -3 + at.by]; }",
        float(values[lowest]),
    )
    page.mouse.click(x, y - 2)
    page.wait_for_function(f"nnprobe.choices.of(nnprobe.stage.panel('pca'), 'pair') === '{lowest}'")
    adjusted = (
        "nnprobe.stage.panel('tests').marks"
        ".filter((m) => m.kind === 'text' && m.anchor === 'right' && m.baseline === 'middle').map((m) => m.text)"
    )
    open_at(page, 5)
    assert set(page.evaluate(adjusted)) == {"…"}
    open_at(page, 11)
    tests = [each for each in frames[11].header["tests"] if each["test"] == "training" and each["kind"] == "seeds"]
    shown = page.evaluate(adjusted)
    assert [float(text) for text in shown[1::2]] == pytest.approx(
        [each["adjusted"] for each in tests], rel=0.05, abs=0.006
    )
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
