"""Train on from here: a fork from the playhead, with its parent's curve behind its own, in a real browser."""

from __future__ import annotations

import pytest
from browser import call

MOVED = """(by) => {
  const slider = document.getElementById('field-lr');
  slider.value -= by;
  for (const event of ['input', 'change']) slider.dispatchEvent(new Event(event, {bubbles: true}));
}"""
SEEK = "(step) => { nnprobe.clock.pause(); nnprobe.clock.seek(nnprobe.film.steps.findLastIndex((s) => s <= step)); }"
INSIDE = "(box => box.top >= 0 && box.bottom <= innerHeight)(document.getElementById('fork').getBoundingClientRect())"


def drop_the_rate(page, stops=3):
    """As a hand would."""
    page.evaluate(MOVED, stops)


def at_rest_in(page, step):
    page.evaluate(SEEK, step)
    page.wait_for_timeout(100)


def test_a_dropped_rate_goes_on_from_the_playhead(tab, server, done):
    page = tab(f"/?run={done}")
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.hasSettled")
    assert page.is_hidden("#fork")  # nothing differs from the film
    at_rest_in(page, 150)
    drop_the_rate(page)
    page.wait_for_selector("#fork:not([hidden])")
    assert page.is_visible("#train")  # the whole run anew stays the other choice
    step = int(page.inner_text("#fork-word").split()[-1])
    rate = page.evaluate("nnprobe.controls.config().lr")
    at_rest_in(page, 3)
    page.wait_for_selector("#fork", state="hidden")  # there is no checkpoint that early
    at_rest_in(page, 150)

    page.keyboard.press("b")
    page.wait_for_function(f"nnprobe.film.run && nnprobe.film.run !== '{done}' && nnprobe.film.head")
    page.wait_for_selector(".toast[data-about=fork]")
    run = page.evaluate("nnprobe.film.run")
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.hasSettled && nnprobe.parent.curve('train_loss')")
    status = call(f"{server}/api/runs/{run}")
    assert (status["fork"]["run"], status["fork"]["step"]) == (done, step)
    assert status["config"]["lr_schedule"] == [[step, rate]]
    assert page.evaluate("nnprobe.parent.step") == step
    assert page.evaluate("nnprobe.controls.config().lr_schedule") == [[step, rate]]
    assert page.is_hidden("#fork")

    # Up to the fork both curves are one; behind it the parent's stays to be seen, at rest and while it moves.
    parent = page.evaluate("nnprobe.parent.curve('train_loss')")
    own = page.evaluate(
        "({x: [...nnprobe.film.steps], y: [...nnprobe.film.series('series.loss').column('train_loss')]})"
    )
    assert parent["x"] == [x for x in own["x"] if x >= step]
    assert parent["y"][0] == own["y"][own["x"].index(step)]
    assert parent["y"][-1] != own["y"][-1]
    page.wait_for_function("!nnprobe.clock.moving")
    traces = "[...document.querySelector('[data-panel=loss] .js-plotly-plot').data]"
    page.wait_for_function(f"{traces}.some((trace) => trace.x && trace.x.length === {len(parent['x'])})")
    assert f"lr_schedule={step}:{rate}" in page.url
    assert f"run={run}" in page.url


@pytest.mark.parametrize("width", [390, 1280])
def test_what_cannot_be_changed_on_the_way_offers_no_fork(tab, done, width):
    page = tab(f"/?run={done}", width, 800)
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.hasSettled")
    at_rest_in(page, 250)
    if width == 390:
        page.click("#rail-button")
    drop_the_rate(page)
    page.wait_for_selector("#fork:not([hidden])")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(INSIDE)
    page.evaluate("nnprobe.controls.set({...nnprobe.controls.config(), hidden: [4]}); nnprobe.clock.repaint()")
    drop_the_rate(page, 1)
    page.wait_for_selector("#fork", state="hidden")


def test_the_ready_film_of_the_start_can_be_forked(tab, server):
    page = tab("/")
    page.wait_for_function("nnprobe.film.complete")
    assert page.evaluate("nnprobe.session.preset !== null")
    at_rest_in(page, 400)
    drop_the_rate(page)
    page.click("#fork")
    page.wait_for_function("nnprobe.film.run && !nnprobe.film.run.startsWith('preset-') && nnprobe.film.head")
    run = page.evaluate("nnprobe.film.run")
    assert call(f"{server}/api/runs/{run}")["fork"]["run"] == "preset-default"
    page.wait_for_function("nnprobe.film.steps.at(-1) > nnprobe.parent.step")
    page.click("#stop")
    page.wait_for_function("nnprobe.film.status.state === 'stopped'")
