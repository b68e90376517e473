"""Before anything trains: the untrained network in every panel while the controls move, outlines while a film loads."""

from __future__ import annotations

from browser import ALL
from playwright.sync_api import Page, expect

SHOWN = "nnprobe.film.source && !nnprobe.film.run && !nnprobe.film.waiting"
#: What each panel shows: whether it waits, says a sentence, shows axes or an outline; and how many marks it has.
PANELS = """[...document.querySelectorAll('.panel[data-panel]')].map((section) => {
  const body = section.querySelector('.panel-body'), panel = nnprobe.stage.panel(section.dataset.panel);
  const seen = (found) => Boolean(found) && getComputedStyle(found).visibility === 'visible'
    && getComputedStyle(found).opacity > 0;
  return { name: panel.name, waiting: body.classList.contains('waiting'), bare: body.classList.contains('bare'),
    axes: seen(body.querySelector('.js-plotly-plot')), outline: seen(body.querySelector('.panel-skeleton')),
    marks: panel.marks.length };
})"""
#: A slider is moved as fast as can be.
HAMMERED = """(slider, values) => {
  for (const value of values) { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); }
}"""
#: The arrays of a frame, as numbers that tell them apart.
PRINT = """() => Object.fromEntries(Object.entries(nnprobe.film.frame(0).arrays).sort().map(([name, array]) => {
  const { data, shape } = array;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [name, [...shape, bytes.reduce((sum, byte, i) => (sum * 31 + byte + i) % 2147483647, 7)]];
}))"""


def settled(page: Page) -> None:
    page.wait_for_function(SHOWN)
    page.wait_for_function("document.querySelectorAll('.panel-body.drawn:not(.waiting, .bare)').length === 9")


def test_outlines_stand_where_pictures_will_be(server, tab):
    page = tab("/compare")
    page.wait_for_function("nnprobe.film.complete")  # nothing of that page is under way when it is left
    held = []
    page.route("**/frames?*", lambda route: held.append(route) if len(held) < 1 else route.continue_())
    page.goto(f"{server}/?{ALL}")
    page.wait_for_function("window.nnprobe && nnprobe.stage && nnprobe.stage.ready && nnprobe.film.run")
    found = page.evaluate(PANELS)
    assert len(found) == 9
    assert [one for one in found if one["axes"] or not one["outline"] or one["bare"]] == []
    held[0].continue_()
    page.wait_for_function("nnprobe.film.complete")
    page.wait_for_function("!document.querySelector('.panel-body.waiting')")
    assert [one for one in page.evaluate(PANELS) if one["outline"]] == []


def test_moving_a_slider_shows_the_untrained_network_in_every_panel(tab, done):
    page = tab(f"/?run={done}&{ALL}", 1920, 1080)  # where all nine have room for their pictures
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.head")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/untrained" in request.url else None)
    page.get_by_role("slider", name="Width").evaluate(HAMMERED, ["3", "30", "4", "40", "6"])
    settled(page)
    page.wait_for_function("nnprobe.film.config.hidden[0] === 6")
    assert len(asked) < 3, "hammering is one work or two"
    found = page.evaluate(PANELS)
    assert [one for one in found if one["waiting"] or one["bare"] or one["outline"] or not one["marks"]] == []
    before = page.evaluate(PRINT)
    assert len(before) > 20
    expect(page.locator("#state")).to_contain_text("untrained")
    expect(page.locator("#accuracy")).to_contain_text("%")
    # Activation, first weights and data are seen in the same way; what trains it changes nothing that is seen.
    page.get_by_role("radio", name="ReLU", exact=True).click()
    page.wait_for_function(f"{SHOWN} && nnprobe.film.config.activation === 'relu'")
    relu = page.evaluate(PRINT)
    assert relu["map.1"] != before["map.1"]
    page.get_by_role("slider", name="Noise").fill("0.2")
    page.wait_for_function(f"{SHOWN} && nnprobe.film.config.noise === 0.2")
    noisy = page.evaluate(PRINT)
    assert noisy["data.x"] != relu["data.x"]
    assert noisy["boundary.class"] != relu["boundary.class"] or noisy["data.extent"] != relu["data.extent"]
    page.get_by_role("combobox", name="Optimiser").select_option("sgd")
    page.wait_for_function(f"{SHOWN} && nnprobe.film.config.optimiser === 'sgd'")
    last = page.evaluate(PRINT)
    assert last == noisy
    # A point can be followed and attacked before any training.
    page.evaluate("nnprobe.stage.select(5)")
    page.get_by_role("slider", name="ε").fill("0.05")
    page.wait_for_function("nnprobe.adversary.at(nnprobe.context(nnprobe.stage.panel('attack')), 0)")
    # And it is what Train then begins with.
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_function("nnprobe.film.run && nnprobe.film.head")
    assert page.evaluate(PRINT) == last


def test_a_network_that_cannot_be_shown_says_why_and_leaves_its_points(tab, done):
    page = tab(f"/?run={done}&{ALL}")
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.head")
    why = "This network takes more than 5 s to be looked at: Train shows it."
    page.route("**/api/untrained?*", lambda route: route.fulfill(status=204, headers={"X-Nnprobe-Note": why}))
    page.get_by_role("slider", name="Width").fill("9")
    expect(page.locator("#panel-layers .panel-sentence")).to_have_text(why)
    found = page.evaluate(PANELS)
    assert {one["name"] for one in found if not one["bare"]} == {"boundary"}
    assert [one["name"] for one in found if one["outline"]] == []
    page.get_by_role("button", name="Back to the film").click()
    page.wait_for_function("!document.querySelector('.panel-body:is(.waiting, .bare)')")
