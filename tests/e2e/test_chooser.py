"""Which panels are shown, and in what order: chosen by hand, by a link, by a preset; remembered; on every screen."""

from __future__ import annotations

import re
from pathlib import Path

from browser import ALL, READY
from playwright.sync_api import Page, expect
from png import pixels

FIVE = ["boundary", "layers", "loss", "spectrum", "separation"]
REST = ["gradients", "displacement", "attack", "graph"]
#: What only a panel asks the server for.
ASKED = re.compile(r"/(graph|attack|robustness)\?")
SHOWN = """() => [...document.querySelectorAll('.panel')].filter((one) => one.offsetWidth)
  .map((one) => [one.dataset.panel, one.querySelector('.panel-key:not(.panel-more)').textContent])"""
STILL = """new Promise((resolve) => { const off = nnprobe.stage.on('settled', () => { off(); resolve(); });
  nnprobe.clock.pause(); nnprobe.clock.repaint(); })"""


def opened(page: Page) -> Page:
    page.wait_for_function("nnprobe.film.head")
    page.evaluate("nnprobe.clock.pause()")
    return page


def shown(page: Page) -> list[str]:
    """The panels on the page from first to last; each has its place as its number."""
    found = page.evaluate(SHOWN)
    assert [number for _, number in found] == [str(k + 1) for k in range(len(found))]
    return [name for name, _ in found]


def becomes(page: Page, names: list[str], link: str | None = "") -> None:
    """These panels are shown, and the address says ``link`` of them (empty: their names; None: nothing)."""
    page.wait_for_function("names => nnprobe.shown.names.join() === names", arg=",".join(names))
    assert shown(page) == names
    said = ",".join(names) if link == "" else link
    page.wait_for_function("said => new URLSearchParams(location.search).get('panels') === said", arg=said)


def settled(page: Page, *names: str) -> None:
    """These panels have been drawn by Plotly at rest, with something on them."""
    page.evaluate(STILL)
    page.wait_for_function(
        "names => names.every((name) => { const { body, marks } = nnprobe.stage.panel(name);"
        " return marks.length > 0 && !body.classList.contains('moving'); })",
        arg=list(names),
    )


def test_a_newcomer_sees_the_five_that_teach_and_the_others_cost_nothing_until_they_are_wanted(tab):
    page, asked = tab("/"), []
    page.on("request", lambda request: asked.append(request.url) if ASKED.search(request.url) else None)
    opened(page)
    becomes(page, FIVE, None)
    settled(page, *FIVE)
    page.evaluate("nnprobe.stage.select(3)")  # a point is followed, but nothing attacks it where Attack is not seen
    settled(page, *FIVE)
    assert asked == []
    assert page.evaluate("names => names.map((name) => nnprobe.stage.panel(name).marks.length)", REST) == [0] * 4
    assert page.evaluate("names => names.map((name) => nnprobe.stage.panel(name).gd.data.length)", REST) == [0] * 4
    assert page.evaluate("name => document.getElementById(`says-${name}`).textContent", "graph") == ""
    page.keyboard.press("6")
    assert page.evaluate("nnprobe.stage.current") is None, "keys belong to those that are shown"

    shelf = page.get_by_role("navigation", name="More panels")
    shelf.get_by_role("button", name="Show Graph").click()
    becomes(page, [*FIVE, "graph"])
    page.wait_for_function("document.querySelector('#panel-graph .panel-body').textContent.match(/tensors|operations/)")
    assert any("/graph?" in url for url in asked)
    page.keyboard.press("6")
    assert page.evaluate("nnprobe.stage.current") == "graph"
    expect(page.locator("#panel-graph.spotlit")).to_be_visible()
    page.get_by_role("button", name="Hide Graph").click()  # from its own options; the spotlight goes with it
    becomes(page, FIVE, None)
    assert page.evaluate("nnprobe.stage.current") is None
    shelf.get_by_role("button", name="Show Gradients").click()
    becomes(page, [*FIVE, "gradients"])
    page.go_back()
    becomes(page, FIVE, None)
    page.go_back()
    becomes(page, [*FIVE, "graph"])
    page.go_forward()
    page.go_forward()
    becomes(page, [*FIVE, "gradients"])
    settled(page, "gradients")
    page.go_back()
    becomes(page, FIVE, None)
    page.reload()
    page.wait_for_function(READY)
    becomes(page, FIVE, None)


def test_the_list_by_keyboard_it_is_remembered_and_never_empty(tab, server):
    page = opened(tab("/"))
    page.keyboard.press("v")
    rows = page.get_by_role("dialog", name="Panels")
    expect(rows.get_by_role("checkbox", name="Decision boundary")).to_be_focused()
    expect(rows).to_contain_text("5 of 9 shown")
    for key in ("ArrowDown", "Alt+ArrowDown", "Alt+ArrowDown"):
        page.keyboard.press(key)
    becomes(page, ["boundary", "loss", "spectrum", "layers", "separation"])
    expect(page.locator("#announcer")).to_have_text("Layers is panel 4 of 5.")
    expect(rows.get_by_role("checkbox", name="Layers")).to_be_focused()
    page.keyboard.press(" ")
    becomes(page, ["boundary", "loss", "spectrum", "separation"])
    expect(rows.get_by_role("checkbox", name="Layers")).not_to_be_checked()
    rows.get_by_role("button", name="Separation one place up").click()
    kept = ["boundary", "loss", "separation", "spectrum"]
    becomes(page, kept)
    page.keyboard.press("Escape")
    expect(rows).to_be_hidden()
    page.keyboard.press("3")
    assert page.evaluate("nnprobe.stage.current") == "separation"
    page.keyboard.press("0")
    page.keyboard.press("?")
    seen = [text.split() for text in page.locator("#help-seen .keys-panels dt").all_inner_texts()]
    assert {words[-1]: words[0] for words in seen} == {
        **{"boundary": "1", "Loss": "2", "Separation": "3", "Spectrum": "4", "Layers": "–"},
        **{title.title(): "–" for title in REST},
    }
    page.keyboard.press("Escape")

    page.goto(server)  # another day
    page.wait_for_function(READY)
    becomes(page, kept)
    page.goto(f"{server}/compare")
    page.wait_for_function(READY)
    assert page.evaluate("nnprobe.shown.asAtFirst"), "each page has its own"
    page.goto(f"{server}/?panels=loss,nonsense,loss,layers")  # the link comes before the memory
    page.wait_for_function(READY)
    expect(page.get_by_role("alert")).to_contain_text("no panel named nonsense")
    becomes(opened(page), ["loss", "layers"])
    page.goto(server)
    page.wait_for_function(READY)
    becomes(opened(page), kept)
    page.goto(f"{server}/?panels=nonsense")
    page.wait_for_function(READY)
    becomes(opened(page), kept)

    page.keyboard.press("v")
    for name in ("Decision boundary", "Loss", "Separation"):
        rows.get_by_role("checkbox", name=name).click()
    becomes(page, ["spectrum"])
    rows.get_by_role("checkbox", name="Spectrum").press(" ")
    expect(rows).to_contain_text("at least one panel is shown")
    becomes(page, ["spectrum"])
    rows.get_by_role("button", name="All panels").click()
    becomes(page, ["spectrum", *(name for name in (*FIVE, *REST) if name != "spectrum")])
    rows.get_by_role("button", name="As at first").click()
    becomes(page, FIVE, None)
    expect(rows.get_by_role("button", name="As at first")).to_be_disabled()
    page.go_back()  # one opening of the list is one step
    becomes(page, kept)
    page.goto(server)
    page.wait_for_function(READY)
    becomes(page, FIVE, None)


def test_a_row_is_dragged_to_its_place_and_a_copied_link_shows_it(tab):
    page = opened(tab(f"/?{ALL}"))
    becomes(page, [*FIVE, *REST], "all")
    assert page.locator("#shelf").is_hidden()
    page.get_by_role("button", name="Panels", exact=True).click()
    grips = {
        name: page.locator(f"#chooser-rows > li[data-of={name}] .chooser-grip").bounding_box()
        for name in ("graph", "loss")
    }
    page.mouse.move(grips["graph"]["x"] + 5, grips["graph"]["y"] + 5)
    page.mouse.down()
    page.mouse.move(grips["loss"]["x"] + 5, grips["loss"]["y"] + 3, steps=5)
    assert shown(page) == [*FIVE, *REST], "the panels follow when it is let go"
    page.mouse.up()
    becomes(page, [*FIVE[:2], "graph", *FIVE[2:], *REST[:3]])
    page.keyboard.press("Escape")
    link = page.evaluate("nnprobe.address.text(nnprobe.session.address({ exact: true }))")
    other = opened(tab(link))
    becomes(other, shown(page))
    with other.expect_download() as download:
        other.evaluate("nnprobe.stage.exportImage('graph')")
    assert pixels(Path(download.value.path()).read_bytes()).shape[:2] == (1440, 1920)


def choose(page: Page, title: str, run: str) -> None:
    page.locator("#presets-button").click()
    page.get_by_role("menuitem", name=title).click()
    page.wait_for_function("run => nnprobe.film.run === run && nnprobe.film.head", arg=run)
    page.evaluate("nnprobe.clock.pause()")


def test_a_preset_shows_the_panel_it_is_about_while_it_is_there(tab, server):
    page = opened(tab("/"))
    choose(page, "Vanishing gradients", "preset-vanishing")
    becomes(page, [*FIVE, "gradients"])
    settled(page, "gradients")
    page.reload()
    page.wait_for_function(READY)
    becomes(opened(page), [*FIVE, "gradients"])
    choose(page, "Two neurons", "preset-two-neurons")
    becomes(page, [*FIVE, "displacement"])
    page.go_back()
    page.wait_for_function("nnprobe.film.run === 'preset-vanishing' && nnprobe.film.head")
    becomes(page, [*FIVE, "gradients"])
    choose(page, "The spiral, solved", "preset-default")
    becomes(page, FIVE, None)
    # What is taken away by hand stays away, also when the page is loaded anew.
    choose(page, "Vanishing gradients", "preset-vanishing")
    page.locator("#panel-gradients .panel-more").click()
    page.get_by_role("button", name="Hide Gradients").click()
    becomes(page, FIVE, None)
    page.wait_for_function("location.search.includes('activation=sigmoid')")
    page.reload()
    page.wait_for_function(READY)
    opened(page)
    becomes(page, FIVE, None)
    # A link to it shows what it is about; one that says which panels, those.
    link = page.evaluate("location.search")
    other = opened(tab(f"/{link}"))
    becomes(other, [*FIVE, "gradients"])
    other.goto(f"{server}/{link}&panels=loss")
    other.wait_for_function(READY)
    becomes(opened(other), ["loss"])


def test_on_a_phone_all_are_in_the_index_and_a_tap_shows_them(tab):
    page = opened(tab("/", 390, 844, has_touch=True, is_mobile=True))
    index = page.get_by_role("navigation", name="Panels", exact=True)
    names = "[...document.querySelectorAll('.index-item')].map((item) => item.dataset.of)"
    assert page.evaluate(names) == [*FIVE, *REST]
    index.get_by_role("button", name="Show Attack").tap()
    page.wait_for_function("nnprobe.stage.current === 'attack'")
    assert page.evaluate(names) == [*FIVE, "attack", "gradients", "displacement", "graph"]
    page.wait_for_function("location.search.includes('panels=boundary,layers,loss,spectrum,separation,attack')")
    index.get_by_role("button", name="Panels").tap()
    sheet = page.get_by_role("dialog", name="Panels")
    sheet.get_by_role("button", name="Attack one place up").tap()
    sheet.get_by_role("checkbox", name="Decision boundary").tap()
    page.wait_for_function("nnprobe.shown.names.join() === 'layers,loss,spectrum,attack,separation'")
    boxes = [part.bounding_box() for part in sheet.locator("button:visible, .chooser-grip:visible").all()]
    assert min(min(box["width"], box["height"]) for box in boxes) >= 44
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    sheet.get_by_role("checkbox", name="Attack").tap()
    page.touchscreen.tap(200, 120)  # beside the sheet
    expect(sheet).to_be_hidden()
    page.wait_for_function("nnprobe.stage.current === 'layers'")  # what was shown is gone: the first stands for it
    expect(page.locator(".panel:visible")).to_have_count(1)


def test_one_panel_two_and_too_many_have_a_grid_a_spotlight_and_a_projector(tab):
    page = opened(tab("/?panels=spectrum"))
    stage = page.locator("#stage").bounding_box()
    box = page.locator("#panel-spectrum").bounding_box()
    assert box["width"] * box["height"] > 0.97 * stage["width"] * stage["height"]
    page.keyboard.press("1")
    assert page.locator("#panel-spectrum").bounding_box()["width"] > 0.97 * stage["width"]
    page.keyboard.press("p")
    assert page.locator("#panel-spectrum").bounding_box()["width"] > 0.97 * 1280
    page.keyboard.press("p")
    page.evaluate("nnprobe.shown.choose(['loss', 'spectrum'])")
    becomes(page, ["loss", "spectrum"])
    expect(page.locator(".panel:visible")).to_have_count(2)
    page.keyboard.press("2")
    page.keyboard.press("p")
    expect(page.locator(".panel:visible")).to_have_count(2)
    page.keyboard.press("p")
    page.keyboard.press("0")
    # More panels than a screen has room for: the rows keep their height, and the stage scrolls.
    page.evaluate("nnprobe.shown.choose(nnprobe.shown.all)")
    page.set_viewport_size({"width": 830, "height": 540})
    page.wait_for_function("document.getElementById('stage').hasAttribute('data-scrolls')")
    heights = [panel.bounding_box()["height"] for panel in page.locator(".panel:visible").all()]
    assert min(heights) >= 160
    page.locator("#panel-graph").scroll_into_view_if_needed()
    settled(page, "graph")
