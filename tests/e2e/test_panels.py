"""The panels in a real Chromium: what is painted while the clock moves is what Plotly shows at rest, and answers."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from browser import ALL, call, tabs
from playwright.sync_api import Page, expect
from png import near, pixels

pytestmark = pytest.mark.e2e

PANELS = ("boundary", "layers", "loss", "separation", "spectrum", "gradients", "displacement", "attack", "graph")
TWO, THREE = (
    {"hidden": "2", "arms": 3, "max_phi": 4, "n_train": 150},
    {"dataset": "ring", "hidden": "3", "n_train": 150},
)
DIVERGES = {"activation": "identity", "optimiser": "sgd", "lr": 100}


def run_of(server: str, config: dict[str, object]) -> str:
    """A finished run, as fast as possible."""
    run = call(f"{server}/api/runs", {"steps": 120, "frames": 40, **config})["run"]
    while (status := call(f"{server}/api/runs/{run}"))["state"] != "done":
        assert status["state"] in ("queued", "running"), status
        if status["state"] == "running" and status["pace"]:
            call(f"{server}/api/runs/{run}/commands", {"kind": "pace", "value": 0})
        time.sleep(0.1)
    return str(run)


@pytest.fixture(scope="session")
def three(server) -> str:
    return run_of(server, THREE)


def open_film(tab, run: str, **size: object) -> Page:
    page = tab(f"/?run={run}&at=0&{ALL}", **size)  # at rest, so that nothing is painted but what a test asks for
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.count > 2 && nnprobe.film.hasSettled")
    page.evaluate(Path(__file__).with_name("pictures.js").read_text())
    page.evaluate("window.settled = 0; nnprobe.stage.on('settled', () => { window.settled++; }); nnprobe.clock.pause()")
    return page


@pytest.fixture(scope="module")
def shared(server, chromium, profiles, done) -> Iterator[Page]:
    """One page with the short film, for all tests that leave it as they found it."""
    with tabs(server, chromium, profiles) as open_tab:
        yield open_film(open_tab, done, width=1920, height=1080)


@pytest.fixture
def film(shared) -> Page:
    """The shared page at 1280 × 720."""
    return resized(shared, 1280, 720)


@pytest.fixture
def wide(shared) -> Page:
    """The shared page at 1920 × 1080, where all panels have room for their pictures."""
    return resized(shared, 1920, 1080)


def resized(page: Page, width: int, height: int) -> Page:
    page.set_viewport_size({"width": width, "height": height})
    return page


def seek(page: Page, seq: int, *, rest: bool = True) -> None:
    """Go to a frame and wait until all panels are settled, or (not ``rest``) hold them painted."""
    page.evaluate(f"window.settled = 0; nnprobe.clock.hold({'false' if rest else 'true'}); nnprobe.clock.seek({seq})")
    page.evaluate("nnprobe.clock.repaint()")
    if rest:
        page.wait_for_function("window.settled > 0")
    else:
        page.wait_for_function("document.querySelectorAll('.panel-body.moving').length > 4")
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def picture(page: Page, name: str) -> str:
    page.mouse.move(2, 2)
    return base64.b64encode(page.locator(f"#panel-{name} .panel-body").screenshot()).decode()


def compare(page: Page, name: str, painted: str) -> set[str]:
    """Assert that the settled picture lies on the painted one; the colours compared, as "subplot kind colour"."""
    shifts = page.evaluate(
        "([name, one, other]) => pictures.shifts(name, one, other)", [name, painted, picture(page, name)]
    )
    for key, shift in shifts.items():
        assert max(abs(shift["x"]), abs(shift["y"])) < 0.5, (name, key, shift)
        assert shift["alike"] < 0.5, (name, key, shift)
    return set(shifts)


def test_the_canvas_shows_what_plotly_settles_to(wide):
    page = wide
    seek(page, 60, rest=False)
    painted = {name: picture(page, name) for name in PANELS}
    seek(page, 60)
    compared = {name: compare(page, name, painted[name]) for name in PANELS}
    assert len(compared["boundary"]) == 3  # a class each, and the line
    assert len(compared["layers"]) == 10  # a class each in five layers
    assert all(compared.values()), compared


def test_a_zoomed_plot_stays_zoomed_on_the_canvas(tab, done):
    page = open_film(tab, done)
    seek(page, 60)
    box = page.locator("#panel-boundary .panel-body").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 40, y - 40)
    page.mouse.down()
    page.mouse.move(x, y, steps=4)
    page.mouse.move(x + 40, y + 40, steps=4)
    page.mouse.up()
    page.wait_for_function("pictures.range('boundary')[1] - pictures.range('boundary')[0] < 1.5")
    seek(page, 80, rest=False)
    painted = picture(page, "boundary")
    zoomed = page.evaluate("pictures.range('boundary')")
    assert zoomed[1] - zoomed[0] < 1.5
    seek(page, 80)
    assert page.evaluate("pictures.range('boundary')") == pytest.approx(zoomed)
    assert len(compare(page, "boundary", painted)) == 3


@pytest.mark.parametrize("name", PANELS)
def test_a_settled_panel_answers_the_pointer(wide, name):
    page = wide
    seek(page, 60)
    label = page.locator(f"#panel-{name} .hoverlayer .hovertext")
    answers = []
    for point in page.evaluate(f"pictures.answering('{name}', 4)"):
        page.mouse.move(point["x"] - 1, point["y"] - 1)
        page.mouse.move(point["x"], point["y"])
        expect(label.first).to_be_visible()
        answers.append(label.first.text_content())
    assert answers
    assert all(any(sign in text for sign in "0123456789") for text in answers), answers


def test_a_point_is_followed_through_every_layer(tab, done):
    page = open_film(tab, done)
    seek(page, 60)
    where = page.evaluate("pictures.point('boundary', 7)")
    page.mouse.click(where["x"], where["y"])
    page.wait_for_function("nnprobe.stage.selected !== null")
    chosen = page.evaluate("nnprobe.stage.selected")
    x, _ = page.evaluate("nnprobe.columns(nnprobe.film.head.arrays['data.x']).map((c) => c[nnprobe.stage.selected])")
    near, _ = page.evaluate(f"nnprobe.columns(nnprobe.film.head.arrays['data.x']).map((c) => c[{where['index']}])")
    assert abs(x - near) < 0.05  # the tap meant this point, or one it lies upon
    page.wait_for_function("pictures.followed('layers').length === 5")
    assert page.evaluate("pictures.followed('layers')") == [1, 2, 3, 4, 5]
    assert page.evaluate("pictures.followed('boundary')") == [1]
    assert 0 <= chosen < 1000


def test_a_layer_of_three_units_turns_under_the_hand(tab, three):
    page = open_film(tab, three, width=1920, height=1080)
    seek(page, 30)
    points = "Array.from(nnprobe.stage.panel('layers').marks.find((m) => m.kind === 'points' && m.axis === 2).x)"
    ranges = "pictures.range('layers', 2)"
    before, axes = page.evaluate(points), page.evaluate(ranges)
    x, y = page.evaluate("pictures.middle('layers', 2)")
    page.evaluate("window.settled = 0")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 70, y + 25, steps=5)
    page.mouse.up()
    page.wait_for_function("window.settled > 0")
    after = page.evaluate(points)
    assert np.abs(np.subtract(after, before)).max() > 0.05
    assert page.evaluate(ranges) == pytest.approx(axes)
    assert max(map(abs, after)) <= max(map(abs, axes))


def test_three_classes_and_two_units(tab, server):
    page = open_film(tab, run_of(server, TWO), width=1920, height=1080)
    seek(page, 30, rest=False)
    painted = {name: picture(page, name) for name in ("boundary", "layers", "displacement")}
    seek(page, 30)
    compared = {name: compare(page, name, painted[name]) for name in painted}
    assert {name: len(compared[name]) for name in painted} == {"boundary": 4, "layers": 9, "displacement": 3}


def test_what_is_not_finite_is_said(tab, server):
    page = open_film(tab, run_of(server, DIVERGES))
    last = page.evaluate("nnprobe.film.count - 1")
    assert not np.isfinite(page.evaluate(f"nnprobe.film.series('series.loss').column('train_loss')[{last}]") or np.nan)
    seek(page, last)
    expect(page.locator("#panel-loss .panel-note")).to_contain_text("no longer")
    expect(page.locator("#panel-layers")).to_contain_text("finite")
    expect(page.locator("#panel-spectrum")).to_contain_text("finite")
    seek(page, 0)
    expect(page.locator("#panel-layers .panel-sentence")).to_be_hidden()


def test_the_scrub_bar_is_a_slider(film):
    page = film
    seek(page, 40)
    slider = page.get_by_role("slider", name="Position in the film")
    step = page.evaluate("nnprobe.film.frame(40).step")
    expect(slider).to_have_attribute("aria-valuenow", str(step))
    assert slider.get_attribute("aria-valuetext").startswith(f"step {step} of 300, loss ")
    slider.focus()
    for key, seq in (("ArrowRight", 41), ("ArrowLeft", 40), ("PageUp", 50), ("Home", 0)):
        slider.press(key)
        assert page.evaluate("Math.floor(nnprobe.clock.seq)") == seq, key
    box = page.locator("#scrub").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(".scrub-tip")).to_contain_text("loss")
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2, steps=6)
    assert page.evaluate("Math.floor(nnprobe.clock.seq)") == page.evaluate("nnprobe.film.count - 1")
    page.mouse.up()


@pytest.mark.parametrize(("theme", "ground", "ink"), [("dark", "#151a21", "#e8edf3"), ("light", "#ffffff", "#161b22")])
def test_a_saved_picture_has_a_ground_a_title_and_names_at_its_axes(film, done, theme, ground, ink):
    page = film
    page.emulate_media(color_scheme=theme)
    page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
    seek(page, 40)
    with page.expect_download() as download:
        page.evaluate("nnprobe.stage.exportImage('loss')")
    assert download.value.suggested_filename == f"nnprobe-{done}-loss-40.png"
    image = pixels(Path(download.value.path()).read_bytes())
    assert image.shape == (1440, 1920, 4) or image.shape == (1440, 1920, 3)
    assert image.shape[2] == 3 or (image[..., 3] == 255).all(), "nothing shines through"
    assert near(image, ground, 2).mean() > 0.5
    for edge in (image[:3], image[-3:], image[:, :3], image[:, -3:]):
        assert near(edge, ground, 2).all()
    assert near(image[:80], ink).sum() > 400, "the title"
    page.evaluate("window.made = nnprobe.picture(nnprobe.stage.panel('loss'), 40)")
    said = page.evaluate(
        "[made.layout.title.text + made.layout.annotations[0].text,"
        " made.layout.xaxis2.title.text, made.layout.yaxis.title.text]"
    )
    step = page.evaluate("nnprobe.film.steps[40]")
    assert "<b>Loss</b>" in said[0]
    assert f"step {step} of 300" in said[0]
    assert said[1:] == ["step", "loss, nats"]
    long = page.evaluate("nnprobe.picture(nnprobe.stage.panel('loss'), 40, { about: 'x'.repeat(300) })")
    assert re.fullmatch(rf"x{{50,80}}… · step {step} of 300", long["layout"]["annotations"][0]["text"])
    sizes = page.evaluate(
        "JSON.stringify(made.layout, (k, v) => (k === 'size' ? `size ${v}` : v)).match(/size [\\d.]+/g)"
    )
    assert min(float(size.split()[1]) for size in sizes) >= 14
    page.emulate_media(color_scheme="dark")


def test_a_panel_that_was_hidden_is_settled_in_the_spotlight(wide):
    page = wide
    seek(page, 20)
    page.keyboard.press("p")  # projector mode hides all panels but three
    expect(page.locator("#panel-gradients")).to_be_hidden()
    page.keyboard.press("6")
    seek(page, 70)
    page.wait_for_function("!nnprobe.stage.panel('gradients').body.classList.contains('moving')")
    painted = page.evaluate(
        "nnprobe.stage.panel('gradients').marks.filter((mark) => mark.hover).map((m) => m.x.length)"
    )
    assert painted == [71] * 4
    shown = "nnprobe.stage.panel('gradients').gd.data.filter((t) => t.mode === 'lines' && t.hovertemplate)"
    page.wait_for_function(f"{shown}.length === 4 && {shown}.every((trace) => trace.x.length === 71)")
    page.keyboard.press("p")
    page.keyboard.press("0")


def test_the_clock_stays_where_it_was_left_while_training_goes_on(tab, server):
    config = {"steps": 30_000, "frames": 3000, "n_train": 20, "n_test": 20, "hidden": "2"}
    run = call(f"{server}/api/runs", config)["run"]
    page = tab(f"/?run={run}")
    page.wait_for_function("nnprobe.film.count > 20 && nnprobe.clock.live && nnprobe.clock.seq > 5")
    assert page.evaluate("nnprobe.film.count - nnprobe.clock.seq") < 60
    page.evaluate("nnprobe.clock.pause(); nnprobe.clock.seek(7)")
    count = page.evaluate("nnprobe.film.count")
    page.wait_for_function("count => nnprobe.film.count > count + 20", arg=count)
    assert page.evaluate("[nnprobe.clock.seq, nnprobe.clock.live, nnprobe.clock.playing]") == [7, False, False]
    page.evaluate("nnprobe.clock.toLive()")
    page.wait_for_function("nnprobe.clock.live && nnprobe.film.count - nnprobe.clock.seq < 30")
    call(f"{server}/api/runs/{run}/commands", {"kind": "stop"})
    page.wait_for_function("nnprobe.film.complete && !nnprobe.clock.live && !nnprobe.clock.moving")
    assert page.evaluate("Math.floor(nnprobe.clock.seq) === nnprobe.film.count - 1")
