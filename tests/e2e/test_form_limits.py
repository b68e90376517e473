"""The form in a real Chromium: its controls, driven to their ends, give nothing that the config's door refuses."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from app.pages import PAGES
from nnprobe_core.kinds import config_from_query

pytestmark = pytest.mark.e2e

#: Moves real controls: each of `first` to each of its ends (or to every choice), then each of `then`, and, `deep`,
#: each of them once more; gathers what the form says. Of two settings to be varied each is taken with every fourth
#: other and, where both are among `limited`, with every one.
DRIVE = """([first, then, deep, limited]) => {
  const usual = nnprobe.controls.config(), seen = new Set();
  const boxOf = (name) => document.querySelector(`#form [data-field="${name}"]`);
  const inputOf = (name) => document.getElementById(`field-${name}`);
  const fire = (input, kind) => input.dispatchEvent(new Event(kind, { bubbles: true }));
  const ends = (name) => {
    const box = boxOf(name), input = inputOf(name);
    if (!box || box.hidden) return [];
    if (input.tagName === 'SELECT') return [...input.options].filter((one) => !one.disabled).map(({ value }) => Object.assign(() => { input.value = value; fire(input, 'change'); }, { choice: value }));
    if (box.dataset.kind === 'segments') return [...input.querySelectorAll('.segment')].filter((one) => !one.hidden).map((one) => () => one.click());
    if (box.dataset.kind === 'switch') return [() => input.click()];
    if (!input.min && !input.max) return [];
    const event = box.dataset.kind === 'slider' ? 'input' : 'change';
    return ['min', 'max'].map((end) => () => { input.value = input[end]; fire(input, event); });
  };
  const note = () => { const query = nnprobe.controls.query(); seen.add(query); };
  const left = (a, k, b, j) => limited && b.choice && !(limited.includes(a.choice) && limited.includes(b.choice)) && (j + k) % 4;
  for (const one of first) {
    nnprobe.controls.set(usual);
    for (let k = 0; k < ends(one).length; k++) {
      nnprobe.controls.set(usual);
      ends(one)[k]();
      note();
      for (const other of then) {
        for (let j = 0; j < ends(other).length; j++) {
          if (left(ends(one)[k], k, ends(other)[j], j)) continue;
          nnprobe.controls.set(usual);
          ends(one)[k]();
          ends(other)[j]();
          note();
          if (deep) for (const third of then) for (const move of ends(third)) { move(); note(); }
        }
      }
    }
  }
  nnprobe.controls.set(usual);
  return [...seen];
}"""  # noqa: E501


def refused(kind: str, queries: list[str]) -> list[str]:
    wrong = []
    for query in queries:
        try:
            config_from_query(f"kind={kind}&{query}" if kind != "run" else query)
        except ValueError as error:
            wrong.append(f"{error} {query}")
    return wrong


def drive(
    page: Page, first: list[str], then: list[str], *, deep: bool = False, limited: list[str] | None = None
) -> list[str]:
    return list(page.evaluate(DRIVE, [first, then, deep, limited]))


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.name)
def test_no_control_reaches_what_the_door_refuses(tab, spec):
    page = tab(spec.path)
    page.wait_for_function("nnprobe.film.head")
    names = [control.name for control in spec.form.all_controls]
    limited = sorted({name for limit in spec.form.limits for name in vars(limit).get("when", {})} | {
        name for limit in spec.form.limits for name in (limit.field, *vars(limit).get("of", ()))
    })  # fmt: skip
    queries = drive(page, names, [])
    queries += drive(
        page, ["dataset"], [name for name in limited if name in names and name != "dataset"], deep=spec.name == "lab"
    )
    if spec.name == "compare":
        queries += drive(page, ["over"], ["over2", "min_phi", "seeds"], limited=limited)
        page.evaluate("nnprobe.controls.set({ ...nnprobe.controls.config(), seeds: 64 })")  # of more there are too many
        queries += drive(page, ["over2"], [])
    assert len(queries) > 40
    assert refused(spec.kind, queries) == []


def test_limits_move_with_what_they_hang_on_and_new_choices_start_filled(tab):
    page = tab("/compare")  # the console is to stay empty, so nothing is refused on the way
    page.wait_for_function("nnprobe.film.head")
    page.get_by_label("Vary", exact=True).select_option("width")
    expect(page.get_by_label("Values", exact=True)).to_have_value("2,4,8,16,32")
    page.get_by_label("And vary", exact=True).select_option("max_phi")
    expect(page.get_by_label("Its values", exact=True)).to_have_value("4,6,8,10,12,16,20,30")
    assert page.get_by_label("And vary", exact=True).locator("option[value=width]").is_disabled()
    page.evaluate("document.querySelectorAll('#form details').forEach((fold) => { fold.open = true; })")
    page.get_by_label("Min φ").fill("7.5")
    expect(page.get_by_label("Its values", exact=True)).to_have_value("8,10,12,16,20,30")
    page.get_by_label("Dataset").select_option("holes")
    page.get_by_label("Holes", exact=True).fill("5")
    expect(page.locator("#value-hole_radius")).to_have_text("0.16")
    expect(page.locator("#value-positive_radius")).to_have_text("0.16")
    page.get_by_label("Hole radius").press("End")
    expect(page.locator("#value-hole_radius")).to_have_text("0.16")
    held: list[Route] = []
    page.route("**/api/config?*", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/api/config?*"):
        page.get_by_label("Seeds", exact=True).press("ArrowLeft")
    page.get_by_label("Values", exact=True).fill("2,x")
    page.get_by_label("Values", exact=True).press("Enter")
    problem = "Values must be values of Width, each a whole number from 1 to 1024, got 'x'."
    expect(page.locator("#problem-values")).to_have_text(problem)
    with page.expect_response("**/api/config?*"):
        held[0].continue_()  # what the server says of an older form comes last, and says nothing
    page.evaluate("async () => { await fetch('/api/health'); await new Promise(requestAnimationFrame); }")
    expect(page.locator("#problem-values")).to_have_text(problem)
