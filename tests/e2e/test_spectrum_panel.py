"""What the Loss and Spectrum panels add to a film's arrays: smoothed batches, trails, and what chance gives."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from conftest import READY
from playwright.sync_api import Page

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import load_data
from nnprobe_core.maths.spectra import expected_complex, marchenko_pastur
from nnprobe_core.training.network import Perceptron
from nnprobe_core.training.trainer import train

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
    page.wait_for_timeout(60)
    page.wait_for_function("!nnprobe.clock.moving")  # what shows a sentence or a card has no picture to settle
    page.wait_for_function("!document.querySelector('.panel-body.moving:not(.bare, .carded)')")
    return page.evaluate(MARKS, name)


@pytest.fixture(scope="module")
def film() -> list:
    return list(train(RunConfig(steps=300, frames=100)))


def test_what_the_panels_add_follows_from_the_film(tab, done, film):
    page = tab(f"/?run={done}", width=1920, height=1080)
    page.wait_for_function("nnprobe.film.complete && nnprobe.film.hasSettled")
    page.evaluate(f"nnprobe.clock.pause(); nnprobe.clock.seek({AT})")
    page.evaluate("nnprobe.stage.spotlight('loss')")
    config = RunConfig(steps=300, frames=100)

    # Batches: every step's, and the mean of the last ten (the round number at or above a fiftieth of 300 is 7).
    steps = [frame.step for frame in film]
    raw = np.concatenate(
        [
            frame.arrays["series.batches"][32 - (frame.step - before) :]
            for before, frame in zip(steps[:-1], film[1:], strict=True)
        ]
    )
    marks = shown(page, "loss", "batches")
    lines = [mark for mark in marks if mark["kind"] == "line" and mark["axis"] == 1]
    every = next(mark for mark in lines if mark["says"].startswith("batch of step 1:"))
    assert every["x"] == list(range(1, steps[AT] + 1))
    np.testing.assert_allclose(every["y"], raw[: steps[AT]], rtol=1e-6)
    smooth = next(mark for mark in lines if mark["says"].startswith("mean of 7 steps"))
    mean = [raw[max(0, k - 6) : k + 1].mean() for k in range(steps[AT])]
    np.testing.assert_allclose(smooth["y"], mean, rtol=1e-5)
    assert any(mark["text"] == "batches, mean of 7 steps" for mark in marks)

    # The band of random matrices, by the core's formula and the standard deviations that the weights were drawn with.
    page.evaluate("nnprobe.stage.spotlight('spectrum')")
    network = Perceptron(config)
    network.learn_from(*(load_data(config).x_train, load_data(config).y_train))
    bands = [mark for mark in shown(page, "spectrum", "values") if mark["kind"] == "bars"]
    for band, sigma, (out, fan_in) in zip(bands, network.init_sigma, network.weight_shapes, strict=True):
        np.testing.assert_allclose(
            [band["y0"][0], band["y1"][0]], marchenko_pastur(sigma, out, fan_in), rtol=1e-5, atol=1e-6
        )
        assert band["x1"][0] == min(out, fan_in) + 0.5

    # Trails: a line for each square matrix, through each eigenvalue's place in every frame.
    squares = [i for i, (out, fan_in) in enumerate(network.weight_shapes, 1) if out == fan_in]
    trails = [
        mark
        for mark in shown(page, "spectrum", "trails")
        if mark["kind"] == "line" and mark["alpha"] == 0.55 and mark["axis"] == 1
    ]
    for trail, i in zip(trails, squares, strict=True):
        ways = np.stack([frame.arrays[f"spectrum.eig.{i}"] for frame in film[: AT + 1]])  # (frames, n, 2)
        parts, x, y = ways.shape[1], iter(trail["x"]), iter(trail["y"])
        for row in range(parts):
            for place in ways[:, row]:
                np.testing.assert_allclose([next(x), next(y)], place, atol=1e-6)
            assert next(x) is None
            assert next(y) is None
        # A way has no leaps: what an eigenvalue goes from frame to frame is little beside how far they lie apart.
        assert np.abs(np.diff(ways, axis=0)).max() < 0.5 * np.abs(ways).max()

    # Counts over time, and the expectation by chance.
    marks = shown(page, "spectrum", "counts")
    level = next(mark for mark in marks if mark["says"].startswith("by chance"))
    assert level["y"] == pytest.approx([expected_complex(network.widths[1])] * 2)
    table = np.stack([frame.arrays["series.spectrum"] for frame in film[: AT + 1]])
    for axis, column in ((1, 2), (2, 3)):
        past = [
            mark
            for mark in marks
            if mark["kind"] == "line" and mark["axis"] == axis and mark["alpha"] is None and mark["dash"] is None
        ]
        for line, i in zip(past, squares, strict=True):
            np.testing.assert_allclose(line["y"], table[:, i - 1, column], rtol=1e-5, atol=1e-7)
            assert all(a < b for a, b in pairwise(line["x"]))


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
