"""The lab in a real Chromium, against a real server: what a visitor does, and what must then be true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import QUICK, READY, call, settled, tabs
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

#: Trains for as long as a test may need, and leaves the machine to others.
#: Trains for a minute at least, and costs little: one panel is painted.
LONG = "steps=500000&frames=3000&n_train=50&n_test=50&hidden=4&panels=loss"
SMALL = {"steps": 500_000, "frames": 3000, "n_train": 50, "n_test": 50, "hidden": [4]}


def query(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def wait_state(page: Page, *states: str) -> None:
    page.wait_for_function(
        "states => nnprobe.film.run && nnprobe.film.status && states.includes(nnprobe.film.status.state)",
        arg=list(states),
    )


def settled_at(page: Page) -> int:
    """The step under the playhead, once it has come to rest."""
    page.wait_for_function("!nnprobe.clock.moving")
    return int(page.evaluate("nnprobe.film.nearest(Math.floor(nnprobe.clock.seq)).step"))


def wait_step(page: Page, step: int) -> None:
    """Until the playhead rests at a step."""
    here = "step => !nnprobe.clock.moving && (nnprobe.film.nearest(Math.floor(nnprobe.clock.seq)) || {}).step === step"
    page.wait_for_function(here, arg=step)


def press_train(page: Page) -> str:
    """Press Train and wait for the film's first frames; the new run's id."""
    before = page.evaluate("nnprobe.film.run")
    page.get_by_role("button", name=re.compile("^Train(?!ing)")).click()
    page.wait_for_function(
        "before => nnprobe.film.run && nnprobe.film.run !== before && nnprobe.film.count > 1", arg=before
    )
    return str(page.evaluate("nnprobe.film.run"))


def pixels(page: Page, panel: str) -> bytes:
    return page.locator(f"#panel-{panel} .panel-body").screenshot()


@pytest.fixture(scope="module")
def shared(server, chromium, profiles, done) -> Iterator[Page]:
    """One page with the short film at its start, for all tests that leave it as they found it."""
    with tabs(server, chromium, profiles) as open_tab:
        page = open_tab(f"/?run={done}&at=0")
        page.wait_for_function("nnprobe.film.complete")
        yield page


@pytest.fixture
def film(shared, done) -> Page:
    """The shared page, at 1280 × 720, with keys that go to the page and to no field."""
    shared.evaluate("document.activeElement.blur()")
    shared.set_viewport_size({"width": 1280, "height": 720})
    assert shared.evaluate("nnprobe.film.run") == done
    return shared


def back_to_the_film(page: Page, run: str) -> None:
    page.get_by_role("button", name="Back to the film").click()
    page.wait_for_function("run => nnprobe.film.run === run && nnprobe.film.head", arg=run)


def test_a_slider_redraws_the_data_before_any_training(film, server, done):
    page = film
    runs = len(call(f"{server}/api/runs")["runs"])
    before = page.evaluate("Array.from(nnprobe.film.head.arrays['data.x'].data)")
    page.get_by_role("slider", name="Spiral radius").fill("0.3")
    page.wait_for_function("nnprobe.film.run === null")
    after = page.evaluate("Array.from(nnprobe.film.head.arrays['data.x'].data)")
    assert max(after) > 2 * max(before)
    expect(page.locator("#value-radius")).to_have_text("0.3")
    page.wait_for_function("location.search.includes('radius=0.3') && !location.search.includes('run=')")
    assert len(call(f"{server}/api/runs")["runs"]) == runs
    back_to_the_film(page, done)
    expect(page.locator("#value-radius")).to_have_text("0.11")


def test_only_the_fields_of_the_dataset_are_shown(film, done):
    page = film
    page.get_by_role("combobox", name="Dataset").select_option("blobs")
    expect(page.get_by_role("slider", name="Classes")).to_be_visible()
    expect(page.get_by_role("slider", name="Spiral radius")).to_be_hidden()
    page.get_by_role("combobox", name="Dataset").select_option("spiral")
    expect(page.get_by_role("slider", name="Spiral radius")).to_be_visible()
    expect(page.get_by_role("slider", name="Classes")).to_be_hidden()
    back_to_the_film(page, done)


def test_train_pause_step_resume_stop_reset(tab):
    page = tab(f"/?{LONG}")
    wait_state(page, "running")
    run = page.evaluate("nnprobe.film.run")
    page.wait_for_function("nnprobe.film.count > 20")
    page.get_by_role("button", name="Pause", exact=True).click()
    wait_state(page, "paused")
    at = page.evaluate("nnprobe.film.status.step")
    page.get_by_role("button", name="Step", exact=True).click()
    page.wait_for_function("at => nnprobe.film.status.step === at + 1", arg=at)
    wait_state(page, "paused")
    page.get_by_role("button", name="Resume").click()
    page.wait_for_function("at => nnprobe.film.status.step > at + 50", arg=at)
    page.get_by_role("button", name="Stop").click()
    wait_state(page, "stopped")
    expect(page.locator("#state")).to_contain_text("stopped")
    page.get_by_role("button", name="Continue").click()
    wait_state(page, "running")
    assert page.evaluate("nnprobe.film.run") == run
    first = page.evaluate("Array.from(nnprobe.film.frame(0).arrays['map.1'].data)")
    page.get_by_role("button", name="Reset", exact=True).click()
    wait_state(page, "stopped")
    assert settled_at(page) == 0
    expect(page.locator("#state")).to_contain_text("identical start")
    again = press_train(page)
    assert again != run
    assert page.evaluate("Array.from(nnprobe.film.frame(0).arrays['map.1'].data)") == first
    page.get_by_role("button", name="Stop").click()
    wait_state(page, "stopped")


def test_a_rate_changed_while_it_trains_is_an_entry_of_the_link(tab):
    page = tab(f"/?{LONG}")
    wait_state(page, "running")
    page.wait_for_function("nnprobe.film.count > 5")
    page.get_by_role("slider", name="Learning rate").press("ArrowLeft")
    page.wait_for_function("nnprobe.film.status.lr && Math.abs(nnprobe.film.status.lr - 0.007) < 1e-6")
    expect(page.locator("#value-lr")).to_have_text("0.007")
    page.wait_for_function("/lr_schedule=\\d+:0.007/.test(location.search)")
    assert "lr" not in query(page)
    expect(page.locator("#train-note")).to_be_hidden()
    page.get_by_role("button", name="Stop").click()
    wait_state(page, "stopped")


def test_a_changed_way_of_training_says_so_and_keeps_the_film(film, done):
    page = film
    page.keyboard.press("End")
    page.get_by_role("slider", name="Learning rate").press("ArrowLeft")
    expect(page.locator("#value-lr")).to_have_text("0.007")
    expect(page.locator("#fork")).to_be_visible()
    assert page.evaluate("nnprobe.session.changed()")
    assert page.evaluate("nnprobe.film.run") == done
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    expect(page.locator("#fork")).to_be_hidden()


def test_a_reload_in_the_middle_comes_back_to_film_and_place(tab):
    page = tab(f"/?{LONG}")
    wait_state(page, "running")
    page.wait_for_function("nnprobe.film.count > 80")
    run = page.evaluate("nnprobe.film.run")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    step = settled_at(page)
    page.wait_for_function("step => location.search.includes(`at=${step}`)", arg=step)
    page.reload()
    page.wait_for_function(READY)
    page.wait_for_function("run => nnprobe.film.run === run", arg=run)
    wait_step(page, step)
    assert not page.evaluate("nnprobe.clock.live")
    page.keyboard.press("l")
    page.wait_for_function("nnprobe.clock.live")
    page.wait_for_function("!location.search.includes('at=')")
    # Stop works after a reload: the run is known by its id.
    page.get_by_role("button", name="Stop").click()
    wait_state(page, "stopped")


def test_a_link_shows_another_viewer_the_same_film(film, tab, server, done):
    page = film
    page.keyboard.press("Home")
    page.keyboard.press("Shift+ArrowRight")
    step = settled_at(page)
    page.wait_for_function("step => location.search.includes(`at=${step}`)", arg=step)
    parts = query(page)
    assert parts == {**{name: str(value) for name, value in QUICK.items()}, "run": done, "at": str(step)}
    other = tab(page.url.removeprefix(server))
    other.wait_for_function("run => nnprobe.film.run === run", arg=parts["run"])
    wait_step(other, step)
    same = "Array.from(nnprobe.film.nearest(Math.floor(nnprobe.clock.seq)).arrays['map.2'].data)"
    assert other.evaluate(same) == page.evaluate(same)


def test_a_link_to_a_run_that_is_not_here_trains_it_again(tab):
    page = tab("/?steps=120&frames=40&width=5&depth=2&run=00gone00", refused=404)
    wait_state(page, "running", "done")
    page.wait_for_function("nnprobe.film.head")
    assert page.evaluate("nnprobe.film.run") != "00gone00"
    assert page.evaluate("nnprobe.film.config.hidden") == [5, 5]
    assert page.evaluate("nnprobe.film.config.steps") == 120


def test_copy_link_gives_the_film_at_this_moment(film, server, done):
    page = film
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    step = settled_at(page)
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("alert")).to_contain_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    fields = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    assert fields == {**{name: str(value) for name, value in QUICK.items()}, "run": done, "at": str(step)}
    assert link.startswith(f"{server}/?")


def test_a_run_that_waits_says_so_and_can_be_called_off(tab, server):
    running = [call(f"{server}/api/runs", {**SMALL, "noise": noise})["run"] for noise in (0.01, 0.02)]
    try:
        page = tab("/?steps=100&frames=20&noise=0.03")
        wait_state(page, "queued")
        expect(page.locator("#state-word")).to_have_text("queued")
        expect(page.locator("#state-text")).to_contain_text(re.compile("place [1-9]"))
        page.get_by_role("button", name="Stop").click()
        wait_state(page, "stopped")
    finally:
        for run in running:
            call(f"{server}/api/runs/{run}/commands", {"kind": "stop"})


def test_a_wrong_link_is_answered_by_a_sentence(tab):
    page = tab("/?radius=-4", refused=400)
    expect(page.get_by_role("alert")).to_contain_text("radius must be a number from 0.001 to 10, got '-4'")


def test_fields_that_do_not_go_together_are_named_at_the_field(tab, done):
    page = tab(f"/?run={done}&at=0", refused=400)
    page.get_by_role("slider", name="Max φ").press("Home")  # as far as Min φ lets it
    expect(page.locator("#value-max_phi")).to_have_text("1.5 rad")
    expect(page.locator("#problem-max_phi")).to_be_hidden()
    # What no control reaches is refused all the same, where it can be mended.
    page.get_by_role("slider", name="Max φ").evaluate("slider => { slider.min = 1; }")
    page.get_by_role("slider", name="Max φ").fill("1")
    expect(page.locator("#problem-max_phi")).to_have_text("Max φ must be above Min φ (1), got 1.0.")
    page.get_by_role("slider", name="Max φ").fill("4")
    expect(page.locator("#problem-max_phi")).to_be_hidden()


def test_a_value_no_slider_reaches_is_shown_and_kept(tab):
    page = tab("/?radius=2&max_phi=9&lr=0.0123&steps=20&frames=5")
    expect(page.locator("#value-radius")).to_have_text("2")
    expect(page.locator("#value-lr")).to_have_text("0.0123")
    assert page.evaluate("nnprobe.controls.config().radius") == 2


def test_runs_can_be_reopened(tab):
    page = tab("/?steps=40&frames=10")
    wait_state(page, "done")
    run = page.evaluate("nnprobe.film.run")
    page.get_by_role("slider", name="Noise").fill("0.2")
    page.wait_for_function("nnprobe.film.run === null")
    page.get_by_role("button", name="Runs").click()
    page.locator(f'.menu-item[data-run="{run}"]').click()
    page.wait_for_function("run => nnprobe.film.run === run && nnprobe.film.head", arg=run)
    page.wait_for_function("nnprobe.controls.config().noise === 0.05")


def test_the_default_film_plays_at_once_without_a_job(tab, server):
    presets = call(f"{server}/api/presets")["presets"]
    if not presets[0]["run"]:
        pytest.skip("the default preset's film is not in this checkout")
    runs = len(call(f"{server}/api/runs")["runs"])
    page = tab("/", reduced_motion="no-preference")
    page.wait_for_function("nnprobe.film.run === 'preset-default' && nnprobe.clock.seq > 3")
    assert page.evaluate("nnprobe.clock.playing")
    assert urlsplit(page.url).query == ""
    expect(page.locator("#watch")).to_contain_text("Watch ")
    page.get_by_role("button", name="Preset").click()
    item = next(item for item in presets[1:] if item["run"])
    page.get_by_role("menuitem", name=item["title"]).first.click()
    page.wait_for_function("run => nnprobe.film.run === run && nnprobe.clock.seq > 1", arg=item["run"])
    expect(page.locator("#watch-text")).to_have_text(item["watch"].removeprefix("Watch "))
    assert len(call(f"{server}/api/runs")["runs"]) == runs


def test_everything_by_keyboard(tab, done):
    page = tab(f"/?run={done}&at=150")
    page.wait_for_function("nnprobe.film.complete")
    page.keyboard.press("Home")
    assert settled_at(page) == 0
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("Math.floor(nnprobe.clock.seq)") == 10
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("Math.floor(nnprobe.clock.seq)") == 9
    page.keyboard.press("End")
    assert settled_at(page) == 300
    page.keyboard.press(" ")
    page.wait_for_function("nnprobe.clock.playing")
    page.keyboard.press(" ")
    page.wait_for_function("!nnprobe.clock.playing")
    page.keyboard.press("3")
    assert page.evaluate("nnprobe.stage.current") == "loss"
    page.keyboard.press("0")
    assert page.evaluate("nnprobe.stage.current") is None
    theme = page.evaluate("document.documentElement.dataset.theme")
    page.keyboard.press("d")
    assert page.evaluate("document.documentElement.dataset.theme") != theme
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Help")).to_be_visible()
    page.keyboard.press("t")  # the sheet keeps the keys to itself
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator("#more-training summary").click()
    page.get_by_label("Seed", exact=True).press("t")  # typed, not obeyed
    assert page.evaluate("nnprobe.film.run") == done
    page.get_by_label("Seed", exact=True).blur()
    page.keyboard.press("t")
    page.wait_for_function("run => nnprobe.film.run && nnprobe.film.run !== run", arg=done)


def test_tab_reaches_the_controls_in_order_with_a_visible_ring(tab, done):
    page = tab(f"/?run={done}&at=0")
    names = []
    for _ in range(15):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                "(() => { const e = document.activeElement, s = getComputedStyle(e); return [e.id || e.className,"
                " e.matches(':focus-visible'), s.outlineStyle !== 'none' || e.type === 'range']; })()"
            )
        )
    order = [name for name, _, _ in names]
    assert order.index("presets-button") < order.index("runs-button") < order.index("field-dataset")
    assert order.index("field-dataset") < order.index("field-radius") < order.index("field-max_phi")
    assert all(focused and ring for _, focused, ring in names)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_the_form_does_not_scroll_and_a_spotlit_panel_has_most_of_the_stage(film, width, height):
    """That the page does not scroll and has every panel in view is test_every_page.py's."""
    page = film
    page.set_viewport_size({"width": width, "height": height})
    assert page.locator(".rail-scroll").evaluate("element => element.scrollHeight <= element.clientHeight")
    page.keyboard.press("2")
    area = "element => element.clientWidth * element.clientHeight"
    share = page.locator("#panel-layers").evaluate(area) / page.locator("#stage").evaluate(area)
    assert share > 0.6
    page.keyboard.press("0")


def test_a_phone(tab, done):
    page = tab(f"/?run={done}&at=0", 390, 844, has_touch=True, is_mobile=True)
    page.wait_for_function("nnprobe.film.complete")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    train = page.get_by_role("button", name=re.compile("^Train(?!ing)"))
    expect(train).to_be_in_viewport()
    expect(page.locator("#clock-play")).to_be_in_viewport()
    expect(page.get_by_role("slider", name="Noise")).to_be_hidden()
    page.get_by_role("button", name="Controls").click()
    expect(page.get_by_role("slider", name="Noise")).to_be_in_viewport()
    page.get_by_role("slider", name="Noise").fill("0.1")
    page.wait_for_function("nnprobe.film.run === null")
    for box in (one.bounding_box() for one in page.locator(".acts .button:visible").all()):
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_projector_mode_can_be_read_from_the_back(film):
    """The sizes of what must be read; contrast, in both themes, and all other text are test_legible.py's."""
    page = film
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.keyboard.press("p")
    page.keyboard.press("End")
    settled(page)
    screen = 1920 * 1080
    panel = page.locator("#panel-boundary").bounding_box()
    assert panel["width"] * panel["height"] >= 0.5 * screen
    plot = page.locator("#panel-boundary .bglayer rect, #panel-boundary .plot .bg, #panel-boundary .nsewdrag").first
    box = plot.bounding_box()
    across, up = page.evaluate(
        "['xaxis', 'yaxis'].map((axis) => nnprobe.stage.panel('boundary').gd._fullLayout[axis].range)"
        ".map(([from, to]) => to - from)"
    )
    assert box["width"] / across == pytest.approx(box["height"] / up, rel=0.005), "a unit is as wide as it is high"
    assert box["width"] * box["height"] >= 0.3 * screen
    large = "element => parseFloat(getComputedStyle(element).fontSize)"
    for what in ("#title-boundary", "#clock-readout strong", "#accuracy", "#panel-boundary .xtick text"):
        assert page.locator(what).first.evaluate(large) >= 32, what
    page.keyboard.press("p")
    page.keyboard.press("0")


def test_theme_is_remembered_and_follows_the_system_at_first(tab, done):
    page = tab(f"/?run={done}&at=0", theme="light")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.get_by_role("button", name="Light or dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
