"""What every page has in common: the ways between them, keys, sizes, the projector, panels' inputs and taps."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import pytest
from browser import ALL, READY, call, settled, tabs
from playwright.sync_api import Page, Route, expect

from app.pages import PAGES
from app.pages import Page as Described

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module", params=PAGES, ids=[page.name for page in PAGES])
def described(request) -> Described:
    return request.param


@pytest.fixture(scope="module")
def opened(server, chromium, profiles, described) -> Iterator[Page]:
    """Each page once, its film at rest, for the tests that leave it as they found it."""
    with tabs(server, chromium, profiles) as open_tab:
        page = open_tab(f"{described.path}?{ALL}")
        page.wait_for_function("nnprobe.film.complete")
        page.evaluate("nnprobe.clock.pause()")
        yield page


def ready(page: Page) -> None:
    page.wait_for_function(READY)


def test_the_header_leads_from_every_page_to_every_other(tab):
    page = tab("/")
    for one in (*PAGES[1:], PAGES[0]):
        page.get_by_role("navigation", name="Pages").get_by_role("link", name=one.title).click()
        page.wait_for_function("path => location.pathname === path", arg=one.path)
        ready(page)
        expect(page.locator(".page-link[aria-current='page']")).to_have_text(one.title)
        titles = page.locator(".panel-title").all_inner_texts()
        assert titles == [panel.title for panel in one.panels]
    page.go_back()
    ready(page)
    expect(page.locator(".page-link[aria-current='page']")).to_have_text(PAGES[-1].title)


def test_pages_are_reached_by_keyboard_alone(tab):
    page = tab("/")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Compare":
            break
    assert page.evaluate(
        "document.activeElement.matches('.page-link:focus-visible')"
        " && getComputedStyle(document.activeElement).outlineStyle !== 'none'"
    )
    page.keyboard.press("Enter")
    page.wait_for_function("location.pathname === '/compare'")
    ready(page)


def test_keys_and_help_are_those_of_the_page(opened, described):
    page = opened
    for number, panel in enumerate(described.panels, 1):
        page.keyboard.press(str(number))
        assert page.evaluate("nnprobe.stage.current") == panel.name
    page.keyboard.press("0")
    assert page.evaluate("nnprobe.stage.current") is None
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Help")
    expect(sheet).to_contain_text(described.help)
    for panel in described.panels:
        expect(sheet).to_contain_text(panel.help)
    for leaf, text in (("Keys", "play or pause the film"), ("Words", "What the last layer gives")):
        page.get_by_role("tab", name=leaf).click()
        expect(page.get_by_role("tabpanel")).to_have_count(1)  # each apart: the others are hidden
        expect(page.get_by_role("tabpanel", name=leaf)).to_contain_text(text)
    page.get_by_role("tab", name="Words").press("ArrowRight")
    expect(page.get_by_role("tabpanel", name="What you see")).to_contain_text(described.help)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1280, 720)])
def test_a_page_fits_its_screen(opened, described, width, height):
    page = opened
    page.set_viewport_size({"width": width, "height": height})
    settled(page)
    assert page.evaluate(
        "[document.documentElement.scrollWidth <= innerWidth, document.documentElement.scrollHeight <= innerHeight]"
    ) == [True, True]
    boxes = [panel.bounding_box() for panel in page.locator(".panel").all()]
    assert len(boxes) == len(described.panels)
    assert all(box["x"] + box["width"] <= width and box["y"] + box["height"] <= height for box in boxes)
    assert all(box["width"] > 150 and box["height"] > 150 for box in boxes)
    header = [part.bounding_box() for part in page.locator(".header > *:visible").all()]
    for left, right in pairwise(header):
        assert left["x"] + left["width"] <= right["x"] + 1, "nothing in the header covers anything else"
    page.keyboard.press("2")
    spotlit = page.locator(".panel.spotlit").bounding_box()
    strip = [panel.bounding_box() for panel in page.locator(".panel.strip").all()]
    assert all(box["y"] + box["height"] <= height - 60 for box in strip)
    assert max(box["height"] for box in strip) <= spotlit["height"] + 1
    assert spotlit["width"] * spotlit["height"] > 4 * max(box["width"] * box["height"] for box in strip) / 2
    page.keyboard.press("0")


def test_projector_mode_on_every_page(opened, described):
    page = opened
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.keyboard.press("p")
    page.keyboard.press("End")
    assert page.evaluate("nnprobe.stage.current") == described.panels[0].name
    expect(page.locator(".rail-scroll")).to_be_hidden()
    shown = page.locator(".panel:visible")
    expect(shown).to_have_count(min(3, len(described.panels)))
    for number, panel in enumerate(described.panels, 1):
        page.keyboard.press(str(number))
        expect(page.locator(f"#panel-{panel.name}")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.keyboard.press("p")
    expect(page.locator(".rail-scroll")).to_be_visible()
    page.keyboard.press("0")


def test_a_film_opens_on_the_page_of_its_kind(tab, done):
    page = tab(f"/compare?run={done}&at=30")
    assert page.evaluate("location.pathname") == "/"
    page.wait_for_function("run => nnprobe.film.run === run && nnprobe.film.head", arg=done)
    page = tab("/separation")
    page.get_by_role("button", name="Runs").click()
    item = page.locator(f'.menu-item[data-run="{done}"]')
    expect(item).to_contain_text("Lab: done")
    expect(item).to_contain_text("300 of 300 steps")
    expect(item).to_contain_text("Spiral · 16-16-16 · tanh · adam 0.01")
    item.click()
    page.wait_for_function("run => location.search.includes(run) && location.pathname === '/'", arg=done)
    ready(page)
    page.wait_for_function("run => nnprobe.film.run === run && nnprobe.film.head", arg=done)


def test_what_a_link_says_is_checked_by_the_config_of_the_kind_it_names(server):
    answer = call(f"{server}/api/config?kind=run&max_phi=12&hidden=8-8&steps=50")
    assert answer["config"]["hidden"] == [8, 8]
    assert answer["query"] == "max_phi=12&hidden=8-8&steps=50"
    assert answer["steps"] == 50


#: A panel with inputs of its own and one that is shared, which shows what it was told.
SCRIPT = """(() => {
  const { layout } = nnprobe;
  nnprobe.panels.NAME = {
    empty: 'Nothing yet.', INPUTS,
    layout(ctx) {
      const box = { left: 40, top: 10, width: ctx.width - 60, height: ctx.height - 50 };
      return { ...layout.base(ctx), ...layout.axes(ctx, 1, box, { range: [0, 10] }, { range: [0, 10] }) };
    },
    marks(ctx, seq) {
      window.seen = { ...window.seen, NAME: [ctx.option('strength'), ctx.option('layer'), ctx.option('who')] };
      return [{ kind: 'points', axis: 1, x: [2, 8], y: [2, 8], index: [20, 80], shape: 0, colour: '#888', size: 8 }];
    },
    tap(ctx, hit) {
      window.hits = [...(window.hits || []), [hit.axis, hit.at.map(Math.round), hit.index]];
      if (hit.index !== null) ctx.choose('who', hit.index);
    },
  };
})();"""
INPUTS = """inputs: [
  { key: 'strength', label: 'Strength', stops: [0, 0.5, 2], start: 0.5, show: (v) => `${v} units` },
  { key: 'layer', label: 'Layer', choices: (ctx) => ctx.names.map((name, i) => [i, name]), start: 1 },
  { key: 'who', label: 'Who', choices: [[20, 'twenty'], [80, 'eighty']], start: 20, shared: true },
]"""


def test_a_panel_has_inputs_of_its_own_and_is_told_of_taps(tab, server, done):
    page = tab("/")
    for name, inputs in (("loss", INPUTS), ("spectrum", "note: () => ''")):
        text = SCRIPT.replace("NAME", name).replace("INPUTS", inputs)
        page.route(f"**/assets/panels/{name}.js*", partial(Route.fulfill, body=text))
    page.goto(f"{server}/?run={done}")
    ready(page)
    page.wait_for_function("window.seen && seen.loss && seen.spectrum")
    assert page.evaluate("seen.loss") == [0.5, 1, 20]
    assert page.evaluate("seen.spectrum") == [None, None, 20]
    panel = page.locator("#panel-loss")
    expect(panel.locator("output")).to_have_text("0.5 units")
    panel.get_by_role("slider", name="Strength").press("ArrowRight")
    page.wait_for_function("seen.loss[0] === 2")
    expect(panel.locator("output")).to_have_text("2 units")
    panel.get_by_role("combobox", name="Layer").select_option("Hidden 3")
    page.wait_for_function("seen.loss[1] === 3")
    panel.get_by_role("combobox", name="Who").select_option("eighty")
    page.wait_for_function("seen.loss[2] === 80 && seen.spectrum[2] === 80")
    page.wait_for_function("!nnprobe.clock.moving")
    body = page.locator("#panel-spectrum .panel-body").bounding_box()
    place = page.evaluate(
        "(() => { const p = nnprobe.stage.panel('spectrum').places.get(1);"
        " return [2, 5].map((v) => nnprobe.pixels(p, v, v)); })()"
    )
    for x, y in place:
        page.mouse.click(body["x"] + x, body["y"] + y)
    assert page.evaluate("hits") == [[1, [2, 2], 20], [1, [5, 5], None]]
    page.wait_for_function("seen.loss[2] === 20 && seen.spectrum[2] === 20")
    expect(panel.get_by_role("combobox", name="Who")).to_have_value("0")
    assert page.evaluate("nnprobe.stage.selected") is None
    page.keyboard.press("4")
    expect(panel.get_by_role("combobox", name="Who")).to_be_hidden()


STUDY = "seeds=2&steps=400000&frames=2000&hidden=4&n_train=50&n_test=50"


def wait_state(page: Page, *states: str) -> None:
    page.wait_for_function(
        "states => nnprobe.film.status && states.includes(nnprobe.film.status.state)", arg=list(states)
    )


def test_a_study_is_set_out_by_its_link_and_launched_watched_stopped_and_reopened_as_a_run_is(tab, server):
    runs = len(call(f"{server}/api/runs")["runs"])
    page = tab(f"/compare?{STUDY}")
    page.wait_for_function("nnprobe.controls.config().seeds === 2")
    expect(page.locator("#state")).to_contain_text("press Sweep")
    assert len(call(f"{server}/api/runs")["runs"]) == runs, "a link alone starts no study"
    page.get_by_role("button", name="Sweep").click()
    wait_state(page, "running")
    run = page.evaluate("nnprobe.film.run")
    assert call(f"{server}/api/runs/{run}")["config"]["kind"] == "sweep"
    page.wait_for_function("nnprobe.film.count > 5")
    expect(page.locator("#state-word")).to_have_text("sweeping")
    page.get_by_role("button", name="Pause", exact=True).click()
    wait_state(page, "paused")
    page.get_by_role("button", name="Resume").click()
    wait_state(page, "running")
    page.get_by_role("button", name="Stop").click()
    wait_state(page, "stopped")
    page.get_by_role("button", name="Continue").click()
    wait_state(page, "running")
    assert page.evaluate("nnprobe.film.run") == run
    page.wait_for_function("run => location.search.includes(`run=${run}`)", arg=run)
    page.reload()
    ready(page)
    page.wait_for_function("run => nnprobe.film.run === run && nnprobe.film.head", arg=run)
    page.wait_for_function("nnprobe.controls.config().steps === 400000")
    expect(page.locator("#train-note")).to_be_hidden()
    page.get_by_role("slider", name="Seeds", exact=True).press("ArrowRight")
    expect(page.locator("#train-word")).to_have_text("Sweep anew")
    page.get_by_role("button", name="Reset", exact=True).click()
    wait_state(page, "stopped")
    expect(page.locator("#train-note")).to_be_hidden()
    expect(page.locator("#state")).to_contain_text("identical start")
    page = tab("/")
    page.get_by_role("button", name="Runs").click()
    page.locator(f'.menu-item[data-run="{run}"]').click()
    page.wait_for_function("location.pathname === '/compare'")
    ready(page)
    page.wait_for_function("run => nnprobe.film.run === run && nnprobe.film.head", arg=run)


def test_what_is_wrong_with_a_study_is_said_at_its_field_or_in_a_message(tab):
    page = tab("/compare", refused=400)
    page.get_by_role("combobox", name="Vary", exact=True).select_option("noise")
    values = page.get_by_label("Values", exact=True)
    values.fill("banana")
    values.press("Enter")
    wrong = page.locator(".field-problem:visible")
    expect(wrong).to_have_count(1)
    expect(wrong).to_contain_text("got 'banana'.")
    values.fill("0.1,0.2")
    values.press("Enter")
    expect(wrong).to_have_count(0)
    page.evaluate("nnprobe.controls.set({ ...nnprobe.controls.config(), device: 'tpu' })")  # it has no control
    values.fill("0.1,0.3")
    values.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("device must be one of cpu, cuda, got 'tpu'.")
