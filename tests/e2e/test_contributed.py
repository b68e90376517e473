"""What CONTRIBUTING.md shows, in a server of the copied code: data set, probe with its panel, kind with its page."""

from __future__ import annotations

import struct
import time
from typing import Any

import numpy as np
import pytest
from browser import tabs
from contributed import contribute
from live_server import LiveServer
from playwright.sync_api import expect
from safetensors.numpy import load

pytestmark = pytest.mark.e2e

PINWHEEL = {"dataset": "pinwheel", "twist": 3, "n_train": 40, "n_test": 40, "hidden": "8-6", "steps": 60, "frames": 20}
SAYS = "(name) => { const said = document.getElementById(`says-${name}`); return said && said.textContent.length > 9; }"
LINES = "(name) => nnprobe.stage.panel(name).marks.filter((m) => m.kind === 'line').map((m) => Array.from(m.y))"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    copy = contribute(tmp_path_factory.mktemp("copy"))
    with LiveServer(copy / "home", root=copy, PYTHONPATH=str(copy), NNPROBE_MAX_JOBS="1") as server:
        yield server


@pytest.fixture
def tab(lab, chromium, profiles):
    with tabs(f"http://{lab.host}", chromium, profiles) as open_tab:
        yield open_tab


def reached(lab: LiveServer, run: str, *states: str) -> dict[str, Any]:
    """The run's status when it has come to one of ``states``."""
    while True:
        status = lab.json("GET", f"/api/runs/{run}")[1]
        if status["state"] in states:
            return status
        assert status["state"] in ("queued", "running", "paused"), status
        time.sleep(0.05)


def series(lab: LiveServer, run: str, name: str) -> np.ndarray:
    data = lab.ask("GET", f"/api/runs/{run}/series")[2]
    (size,) = struct.unpack_from("<Q", data)
    return load(data[8 : 8 + size])[name]


def at_the_end(page, panel: str, last: int) -> None:
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.count > 2")
    page.evaluate(f"nnprobe.clock.pause(); nnprobe.clock.seek({last}); nnprobe.clock.repaint()")
    page.wait_for_function(f"nnprobe.stage.panel('{panel}').seq === {last}")


def command(lab: LiveServer, run: str, kind: str, **value: float) -> None:
    assert lab.json("POST", f"/api/runs/{run}/commands", {"kind": kind, **value})[0] == 202


def test_three_classes_are_learnt_and_the_probes_panel_is_drawn_with_what_is_served(lab, tab):
    run = lab.start(PINWHEEL)
    reached(lab, run, "done")
    served = series(lab, run, "series.dimension")
    assert ((served >= 1) & (served <= [2, 8, 6, 3])).all()  # input, two hidden layers, logits

    page = tab(f"/?run={run}&panels=all&at=0", 1920, 1080)
    last = len(served) - 1
    at_the_end(page, "dimension", last)
    drawn = [line for line in page.evaluate(LINES, "dimension") if len(line) == last + 1]
    for layer in range(4):
        assert any(np.allclose(line, served[:, layer], rtol=1e-6) for line in drawn), layer
    for name in page.evaluate("[...document.querySelectorAll('.panel[data-panel]')].map((one) => one.dataset.panel)"):
        page.wait_for_function(SAYS, arg=name)  # every panel has something to say of three classes
    assert page.locator("#says-dimension").text_content().endswith("directions.")
    assert set(page.evaluate("Array.from(nnprobe.film.head.arrays['data.y'].data)")) == {0, 1, 2}

    assert page.evaluate("nnprobe.countsOf(nnprobe.film.config)") == {"classes": 3, "points": 120}

    twist = page.locator("[data-field=twist]")
    expect(twist).to_be_visible()
    expect(twist.locator("input")).to_have_value("3")
    twist.locator("input").fill("2")
    twist.locator("input").press("Tab")
    assert {"dataset=pinwheel", "twist=2"} <= set(page.evaluate("nnprobe.controls.query()").split("&"))
    page.locator("#field-dataset").select_option("ring")
    expect(twist).to_be_hidden()
    assert "twist" not in page.evaluate("nnprobe.controls.query()")
    status, refused = lab.json("POST", "/api/runs", {"dataset": "ring", "twist": 2})
    assert (status, "twist" in str(refused).lower()) == (400, True)


def test_the_kind_trains_stops_continues_is_listed_and_has_a_page(lab, tab):
    run = lab.start({"kind": "perceptron", "epochs": 1000, "n_train": 20})  # a quarter of a minute at its pace
    reached(lab, run, "running")
    command(lab, run, "stop")
    reached(lab, run, "stopped")
    command(lab, run, "resume")
    reached(lab, run, "running")
    command(lab, run, "pace", value=0)
    assert reached(lab, run, "done")["frames"] == 1001
    assert run in [each["run"] for each in lab.json("GET", "/api/runs")[1]["runs"]]

    page = tab(f"/perceptron?run={run}&at=0")
    at_the_end(page, "mistakes", 1000)
    served = series(lab, run, "series.mistakes")[:, 0]
    assert any(np.allclose(line, served, rtol=1e-6) for line in page.evaluate(LINES, "mistakes") if len(line) == 1001)
    page.wait_for_function(SAYS, arg="mistakes")
    links = page.locator(".page-link")
    assert links.all_text_contents() == ["Lab", "Compare", "Attack", "Separation", "Perceptron"]
    expect(page.locator("[data-field=epochs]")).to_be_visible()
