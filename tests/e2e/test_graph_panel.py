"""The lab's Graph panel in a real Chromium: what the server says, at every place of the film and every size."""

from __future__ import annotations

from typing import Any

import pytest
from browser import ALL, call, settled
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e
PANEL = "nnprobe.stage.panel('graph')"


def nodes(page: Page) -> dict[str, Any]:
    """What resting on each node says, by its first bold words."""
    texts = page.evaluate(
        f"{PANEL}.marks.filter((m) => m.kind === 'points').flatMap((m) => Array.from(m.x, (_, k) => m.hover(k)))"
    )
    return {text.split("</b>")[0].removeprefix("<b>"): text for text in texts}


def in_the_spotlight(page: Page) -> None:
    """And settled: traces that answer the pointer, one for the axes, the edges and each of four kinds of nodes."""
    page.evaluate("nnprobe.stage.spotlight('graph')")
    settled(page)
    page.wait_for_function(f"{PANEL}.spotlit && {PANEL}.gd.data.length >= 6")


def test_the_graph_follows_the_playhead_and_every_node_is_there_with_its_numbers(tab, server, done):
    page = tab(f"/?run={done}&at=300&{ALL}", width=1280, height=720)
    page.wait_for_function("nnprobe.film.complete && !nnprobe.clock.moving")
    last = page.evaluate("nnprobe.film.count - 1")
    graph = call(f"{server}/api/runs/{done}/graph?seq={last}")
    # Among nine panels on this screen there is no room for names: how large the graph is, of the step that is shown.
    note, card = (page.locator(f'[data-panel="graph"] {part}') for part in (".panel-note", ".panel-card"))
    expect(note).to_contain_text("the step from 300 on, 64 points")
    expect(card).to_contain_text(f"{len(graph['nodes'])}")
    expect(card).to_contain_text("operations lead from 64 points to a loss of")
    page.evaluate("nnprobe.clock.seek(0)")
    expect(note).to_contain_text("the step from 0 on, 64 points")
    page.evaluate(f"nnprobe.clock.seek({last})")
    expect(note).to_contain_text("the step from 300 on, 64 points")

    in_the_spotlight(page)
    page.wait_for_function(f"nnprobe.context({PANEL}).memo('held').graph.step === {graph['step']}")
    points = page.evaluate(f"{PANEL}.marks.filter((m) => m.kind === 'points').reduce((n, m) => n + m.x.length, 0)")
    # Over tiles: one point on each value, one on each gradient.
    assert points == sum(2 if node["gradient"] else 1 for node in graph["nodes"])
    gaps = page.evaluate(f"{PANEL}.marks.find((m) => m.kind === 'line').x.filter(Number.isNaN).length")
    assert gaps == len(graph["edges"])
    said = nodes(page)
    assert "(2, 16), parameter" in said["W₁"]
    assert "<b>gradient</b>" in said["W₁"]
    assert "∂/∂A = G Bᵀ" in said["MatMul"].replace("<br>", " ") or "matrix product" in said["MatMul"]
    assert "no gradient" in said["x"]
    # Tensors are tiles, and answer the pointer.
    assert page.evaluate(f"{PANEL}.marks.some((m) => m.kind === 'image')")
    x, y = page.evaluate(f"""() => {{
        const panel = {PANEL}, mark = panel.marks.find((m) => m.kind === 'points' && m.hover(0).includes('parameter'));
        const place = panel.places.get(1), box = panel.body.getBoundingClientRect();
        return [box.left + place.ax * mark.x[0] + place.bx, box.top + place.ay * mark.y[0] + place.by];
    }}""")
    page.mouse.move(x, y)
    hover = page.locator('[data-panel="graph"] .hoverlayer .hovertext')
    expect(hover).to_contain_text("W₁")
    expect(hover).to_contain_text("gradient")
    page.mouse.move(2, 2)
    everything_lies_within(page)


def everything_lies_within(page: Page) -> None:
    for width, height in ((1280, 720), (1920, 1080), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        in_the_spotlight(page)
        settled(page)
        outside = page.evaluate(f"""() => {{
            const panel = {PANEL}, inside = (v, most) => v >= 0 && v <= most, list = (v) => [v].flat();
            const places = panel.marks.filter((m) => m.axis === 1 && m.kind !== 'image')
                .flatMap((m) => list(m.x).map((x, k) => [x, list(m.y)[k], m.text || m.kind]));
            const drawn = places.filter(([x]) => !Number.isNaN(x)); // a line has gaps
            return drawn.filter(([x, y]) => !inside(x, panel.width) || !inside(y, panel.height));
        }}""")
        assert outside == [], (width, height)


def test_a_large_network_has_a_sentence(tab, server):
    run = call(f"{server}/api/runs", {"hidden": "80", "steps": 30, "frames": 31, "n_train": 20, "n_test": 20})["run"]
    page = tab(f"/?run={run}&{ALL}")
    words = page.locator('[data-panel="graph"] .panel-sentence')
    expect(words).to_have_text("The graph of a step is drawn for at most 4 hidden layers of at most 64 units.")
