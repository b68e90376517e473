"""The Attack page in a real Chromium: a study is started from its form. What it draws: tests/js/attack.test.mjs."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e
SMALL = {"kind": "attack", "epochs": 5, "sizes": 6, "hidden": "24", "per_class": 10}


def open_at(page: Page, seq: int) -> None:
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.count > 2")
    page.evaluate(f"nnprobe.clock.pause(); nnprobe.clock.seek({seq}); nnprobe.clock.repaint()")
    page.wait_for_function(f"nnprobe.stage.panel('attack_curve').seq === {seq}")


def test_a_study_is_started_from_the_form_and_says_where_it_is(tab):
    page = tab("/attack?epochs=2&sizes=11&hidden=16&per_class=10", width=1280, height=720)
    page.get_by_role("button", name="Attack", exact=True).click()
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.count === 14")
    assert page.evaluate("nnprobe.film.config.kind") == "attack"
    assert page.evaluate("nnprobe.film.config.hidden") == [16]
    assert "hidden=16" in page.url or "run=" in page.url
    open_at(page, 13)
    under = page.evaluate("nnprobe.film.frame(13).arrays['series.attack'].data[0]")
    expect(page.locator("#accuracy")).to_have_text(f"{100 * under:.1f}\u2009%")
    open_at(page, 1)
    expect(page.locator("#panel-attack_transitions .panel-sentence")).to_contain_text("still learning")
