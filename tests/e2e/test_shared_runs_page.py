"""One link in many browsers is one run: those who come later watch it, and may have one of their own."""

from __future__ import annotations

from browser import call
from playwright.sync_api import Page, expect

#: Trains for a minute at least, and costs little: one panel is painted.
LINK = "steps=500000&frames=3000&n_train=20&n_test=20&hidden=2&panels=loss"


def run_of(page: Page) -> str:
    page.wait_for_function("nnprobe.film.run && nnprobe.film.head")
    return page.evaluate("nnprobe.film.run")


def test_later_browsers_watch_the_run_and_leave_it_alone(server, tab):
    link = f"/?{LINK}&seed_init=77"
    first, second = tab(link), tab(link)
    run = run_of(first)
    assert run_of(second) == run
    told = second.locator(".toast")
    expect(told).to_contain_text("is being trained, with exactly these settings")
    expect(first.locator(".toast")).to_have_count(0)
    # Its starter drives it; who came later is offered a run of their own instead.
    expect(first.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    expect(second.get_by_role("button", name="Pause", exact=True)).to_be_hidden()
    expect(second.get_by_role("button", name="Stop")).to_be_disabled()
    expect(second.locator("#train-word")).to_have_text("Train anew")
    # A rate moved there is a setting of the next run, not a command to this one.
    second.get_by_role("slider", name="Learning rate").press("ArrowLeft")
    second.reload()
    second.wait_for_function("nnprobe.film.run && nnprobe.film.head && nnprobe.session.active()")
    assert second.evaluate("[nnprobe.film.run, nnprobe.session.guest()]") == [run, True], "a reload forgets nothing"
    assert call(f"{server}/api/runs/{run}")["lr"] == 0.01
    # The starter changes it by hand: that is said there.
    first.get_by_role("slider", name="Learning rate").press("ArrowLeft")
    first.wait_for_function("nnprobe.film.status.lr && Math.abs(nnprobe.film.status.lr - 0.007) < 1e-6")
    second.locator("#train").click()
    second.wait_for_function("run => nnprobe.film.run !== run && nnprobe.film.head", arg=run)
    assert second.evaluate("nnprobe.session.guest()") is False
    assert call(f"{server}/api/runs/{run}")["state"] == "running", "the first one goes on"
    for page in (first, second):
        page.get_by_role("button", name="Stop").click()
        page.wait_for_function("nnprobe.film.status.state === 'stopped'")


def test_a_finished_film_is_opened_and_said_and_trained_anew_when_asked(server, tab):
    config = {"steps": 60, "frames": 20, "noise": 0.04, "n_train": 50, "n_test": 20}
    known = call(f"{server}/api/runs", config)["run"]
    while call(f"{server}/api/runs/{known}")["state"] != "done":
        pass
    page = tab("/?" + "&".join(f"{name}={value}" for name, value in config.items()))
    assert run_of(page) == known
    told = page.locator(".toast")
    expect(told).to_contain_text("This is a film that is there already: it was trained just now")
    told.get_by_role("button", name="Train anew").click()
    page.wait_for_function("run => nnprobe.film.run !== run && nnprobe.film.complete", arg=known)
    own = page.evaluate("nnprobe.film.run")
    assert page.evaluate("nnprobe.session.guest()") is False
    assert call(f"{server}/api/runs/{own}")["config"] == call(f"{server}/api/runs/{known}")["config"]
    expect(told).to_have_count(0)
    # A film of just this is on the page: Train means another one.
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_function("run => nnprobe.film.run !== run && nnprobe.film.complete", arg=own)
    assert page.evaluate("nnprobe.film.run") not in (own, known)
