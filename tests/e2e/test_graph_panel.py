"""The lab's Graph panel in a real Chromium: what the server says, at every place of the film and every size."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import call
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e
PANEL = "nnprobe.stage.panel('graph')"


@pytest.fixture
def film(tab, done) -> Page:
    page = tab(f"/?run={done}", width=1280, height=720)
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.count > 2")
    page.evaluate("nnprobe.clock.pause(); nnprobe.clock.seek(nnprobe.film.count - 1)")
    return page


def nodes(page: Page) -> dict[str, Any]:
    """What resting on each node says, by its first bold words."""
    texts = page.evaluate(
        f"{PANEL}.marks.filter((m) => m.kind === 'points').flatMap((m) => Array.from(m.x, (_, k) => m.hover(k)))"
    )
    return {text.split("</b>")[0].removeprefix("<b>"): text for text in texts}


def test_every_node_of_the_graph_is_there_with_its_numbers(film, server, done):
    film.wait_for_function(f"{PANEL}.marks.length > 3")
    graph = call(f"{server}/api/runs/{done}/graph?seq={film.evaluate('nnprobe.film.count - 1')}")
    film.wait_for_function(f"nnprobe.context({PANEL}).memo('held').graph.step === {graph['step']}")
    points = film.evaluate(f"{PANEL}.marks.filter((m) => m.kind === 'points').reduce((n, m) => n + m.x.length, 0)")
    assert points == len(graph["nodes"])
    gaps = film.evaluate(f"{PANEL}.marks.find((m) => m.kind === 'line').x.filter(Number.isNaN).length")
    assert gaps == len(graph["edges"])
    said = nodes(film)
    assert "(2, 16), parameter" in said["W₁"]
    assert "<b>gradient</b>" in said["W₁"]
    assert "∂/∂A = G Bᵀ" in said["MatMul"].replace("<br>", " ") or "matrix product" in said["MatMul"]
    assert "no gradient" in said["x"]


def test_the_graph_follows_the_playhead(film):
    film.wait_for_function(f"{PANEL}.marks.length > 3")
    note = film.locator('[data-panel="graph"] .panel-note')
    expect(note).to_contain_text("the step from 300 on, 64 points")
    film.evaluate("nnprobe.clock.seek(0)")
    expect(note).to_contain_text("the step from 0 on, 64 points")


def test_in_the_spotlight_tensors_are_tiles_that_answer_the_pointer(film):
    film.keyboard.press("9")
    film.wait_for_function(f"{PANEL}.spotlit && {PANEL}.marks.some((m) => m.kind === 'image')")
    film.wait_for_function(f"!{PANEL}.body.classList.contains('moving')")
    x, y = film.evaluate(f"""() => {{
        const panel = {PANEL}, mark = panel.marks.find((m) => m.kind === 'points' && m.hover(0).includes('parameter'));
        const place = panel.places.get(1), box = panel.body.getBoundingClientRect();
        return [box.left + place.ax * mark.x[0] + place.bx, box.top + place.ay * mark.y[0] + place.by];
    }}""")
    film.mouse.move(x - 3, y)
    film.mouse.move(x, y)
    hover = film.locator('[data-panel="graph"] .hoverlayer .hovertext')
    expect(hover).to_contain_text("W₁")
    expect(hover).to_contain_text("gradient")


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (390, 844)])
def test_everything_lies_within_the_panel(tab, done, size):
    page = tab(f"/?run={done}", width=size[0], height=size[1])
    page.evaluate("nnprobe.stage.spotlight('graph')")
    page.wait_for_function(f"{PANEL}.spotlit && {PANEL}.marks.length > 3 && !{PANEL}.body.classList.contains('moving')")
    outside = page.evaluate(f"""() => {{
        const panel = {PANEL}, inside = (v, most) => v >= 0 && v <= most, list = (v) => [v].flat();
        const places = panel.marks.filter((m) => m.axis === 1 && m.kind !== 'image')
            .flatMap((m) => list(m.x).map((x, k) => [x, list(m.y)[k], m.text || m.kind]));
        const drawn = places.filter(([x]) => !Number.isNaN(x)); // a line has gaps
        return drawn.filter(([x, y]) => !inside(x, panel.width) || !inside(y, panel.height));
    }}""")
    assert outside == []


def test_a_large_network_has_a_sentence(tab, server):
    run = call(f"{server}/api/runs", {"hidden": "80", "steps": 30, "frames": 31, "n_train": 20, "n_test": 20})["run"]
    page = tab(f"/?run={run}")
    words = page.locator('[data-panel="graph"] .panel-sentence')
    expect(words).to_have_text("The graph of a step is drawn for at most 4 hidden layers of at most 64 units.")
