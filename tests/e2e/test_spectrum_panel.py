"""What the Loss and Spectrum panels add to a film's arrays: smoothed batches, trails, and what chance gives."""

from __future__ import annotations

import json

import pytest
from browser import READY, settled
from playwright.sync_api import Page

pytestmark = pytest.mark.e2e

SHOW = "([name, view]) => nnprobe.choices.set(nnprobe.stage.panel(name), 'view', view)"
MARKS = """(name) => nnprobe.stage.panel(name).marks.map((mark) => {
  const { kind, axis, x, y, x0, x1, y0, y1, alpha, text, rich, hover, dash } = mark;
  const list = (v) => v && (v.length === undefined ? v : [...v].map((one) => (Number.isFinite(one) ? one : null)));
  return { kind, axis, alpha, dash, x: list(x), y: list(y), x0, x1, y0, y1,
  text: text || (rich || []).map((part) => part.text).join(''), says: hover && kind !== 'image' ? hover(0) : '' }; })"""
AT = 60


def shown(page: Page, name: str, view: str) -> list[dict]:
    page.evaluate(SHOW, [name, view])
    settled(page)
    return page.evaluate(MARKS, name)


def test_films_without_the_new_arrays_say_so(tab, done):
    """A film as it was before: the same one, without these arrays."""
    page = tab("/")
    old = json.dumps(["series.batches", "series.eigenvalues"])
    page.evaluate(
        f"""() => {{
          const decode = nnprobe.decodeFilm, differences = nnprobe.decodeDifferences;
          const less = (frames) => frames.map((frame) => {{
            for (const name of {old}) delete frame.arrays[name];
            return frame;
          }});
          nnprobe.decodeFilm = (...all) => less(decode(...all));
          nnprobe.decodeDifferences = (...all) => less(differences(...all));
          nnprobe.film.open('{done}');
        }}"""
    )
    page.wait_for_function(f"nnprobe.film.run === '{done}' && nnprobe.film.complete && nnprobe.film.head")
    page.wait_for_function(READY)
    page.evaluate("nnprobe.clock.pause(); nnprobe.clock.seek(60); nnprobe.stage.spotlight('loss')")
    loss = shown(page, "loss", "batches")
    assert any("no losses of batches" in mark["text"] for mark in loss)
    assert any(mark["says"].startswith("train, step") for mark in loss)
    page.evaluate("nnprobe.stage.spotlight('spectrum')")
    trails = shown(page, "spectrum", "trails")
    assert any("does not follow them" in mark["text"] for mark in trails)
