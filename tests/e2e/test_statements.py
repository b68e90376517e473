"""What stands on the screen is of the frame under the playhead, or says of which; and the way back leads back."""

from __future__ import annotations

import re

import pytest
from browser import ALL
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e


def at_rest(page: Page) -> None:
    page.wait_for_function("nnprobe.film.complete && !nnprobe.clock.moving")


def test_no_accuracy_is_told_of_a_network_that_is_no_longer_finite_and_the_verdict_names_its_step(tab):
    page = tab("/?run=preset-non-finite")
    page.wait_for_function("nnprobe.film.complete")
    page.keyboard.press("End")
    at_rest(page)
    expect(page.locator("#accuracy")).to_have_text("not finite")
    step = page.evaluate("nnprobe.film.series('series.verdict').column('step')[nnprobe.film.count - 1]")
    since = f"Diverged since step {step:,.0f}".replace(",", "\u2009")
    expect(page.locator("#panel-gradients .panel-verdict")).to_have_text(since)
    page.keyboard.press("Home")
    expect(page.locator("#accuracy")).to_have_text(re.compile(r"^\d+\.\d\s%$"))
    expect(page.locator("#clock-readout")).to_contain_text("film paused")


def test_back_after_a_preset_leads_to_the_one_before(tab):
    page = tab("/")
    for name, run in (("Too narrow", "preset-narrow"), ("The same with ReLU", "preset-relu")):
        page.wait_for_function("nnprobe.film.head")
        page.locator("#presets-button").click()
        page.get_by_role("menuitem", name=name).click()
        page.wait_for_function("run => nnprobe.film.run === run && nnprobe.film.head", arg=run)
        page.wait_for_function("location.search.includes('hidden=')")
    page.wait_for_function("location.search.includes('activation=relu')")
    page.go_back()
    page.wait_for_function("nnprobe.film.run === 'preset-narrow' && nnprobe.film.head")
    page.wait_for_function("location.search.includes('hidden=3-3-3')")
    expect(page.locator("#preset-name")).to_have_text("Too narrow")
    page.go_back()
    page.wait_for_function("nnprobe.film.run === 'preset-default' && nnprobe.film.head")
    page.go_forward()
    page.wait_for_function("nnprobe.film.run === 'preset-narrow' && nnprobe.film.head")


def test_an_unknown_run_is_said_in_a_sentence_and_the_page_opens_with_its_first_film(tab):
    page = tab("/?run=00gone00", refused=404)
    expect(page.get_by_role("alert")).to_contain_text(
        "There is no run '00gone00'. Here is the film that this page opens"
    )
    page.wait_for_function("nnprobe.film.run === 'preset-default' && nnprobe.film.head")


def test_the_rate_stays_where_it_was_set_when_training_stops_and_paused_training_says_so(tab):
    page = tab("/?steps=200000&frames=3000")
    page.wait_for_function("nnprobe.film.status && nnprobe.film.status.state === 'running' && nnprobe.film.count > 5")
    page.get_by_role("slider", name="Learning rate").press("ArrowLeft")
    page.wait_for_function("nnprobe.film.status.lr && Math.abs(nnprobe.film.status.lr - 0.007) < 1e-6")
    page.wait_for_function("/lr_schedule=\\d+:0.007/.test(location.search)")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.locator("#state-word")).to_have_text("training paused")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#state-word")).to_have_text("stopped")
    page.keyboard.press("End")
    page.wait_for_function("!nnprobe.clock.moving")
    expect(page.locator("#value-lr")).to_have_text("0.007")
    page.keyboard.press("Home")
    expect(page.locator("#value-lr")).to_have_text("0.01")


def test_what_is_still_on_its_way_says_loading(tab):
    page = tab(f"/?run=preset-default&at=1500&{ALL}")
    page.wait_for_function("nnprobe.film.complete")
    held = []
    page.route("**/robustness?**", lambda route: held.append(route))
    page.route("**/graph?**", lambda route: held.append(route))
    page.keyboard.press("8")
    page.keyboard.press("Home")
    texts = "nnprobe.stage.panel('attack').marks.map((one) => one.text || '').join('|')"
    page.wait_for_function(f"{texts}.includes('loading')")
    assert "no weights" not in page.evaluate(texts)
    page.keyboard.press("0")
    page.wait_for_function("document.querySelector('#panel-graph').textContent.match(/[Ll]oading/)")
    page.unroute_all(behavior="ignoreErrors")
    page.wait_for_function(f"!{texts}.includes('loading')")
