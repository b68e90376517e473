"""Figures of films: their values are those of the film's arrays, their files what they are called."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from find_chromium import chromium_path
from png import near, pixels

from app.cli import main
from app.figures import FigureError, pictures
from app.figures.figure import Pictures
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import Frame, decode, unpack

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium here")]

TRAIN = ("--max-phi", "6", "--steps", "200", "--frames", "40", "--hidden", "8-8", "--n-train", "60", "--n-test", "40")


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    """A film as ``nnprobe train --out`` writes it, with its checkpoints beside it."""
    path = tmp_path_factory.mktemp("film") / "run.film"
    assert main(["train", *TRAIN, "--out", str(path), "--checkpoints", str(path.with_suffix(".weights"))]) == 0
    return path


@pytest.fixture(scope="module")
def frames(film) -> list[Frame]:
    return [decode(data) for data in unpack(film.read_bytes())]


@pytest.fixture(scope="module")
def of(film) -> Iterator[Pictures]:
    with pictures(film, weights=film.with_suffix(".weights")) as drawn:
        yield drawn


def dots(figure, axis: int, least: int = 2):
    """The traces of points of a subplot."""
    ref = "x" if axis == 1 else f"x{axis}"
    found = [t for t in figure.data if t.type == "scatter" and t.mode == "markers" and (t.xaxis or "x") == ref]
    return [t for t in found if len(t.x) >= least]


def test_the_recorded_frame_nearest_to_a_step_is_drawn(of, frames):
    steps = [frame.step for frame in frames]
    for asked in (0, 77, 101, 10_000):
        made = of("loss", asked)
        assert abs(made.step - asked) == min(abs(step - asked) for step in steps)
        assert steps[made.seq] == made.step
        figure = made.figure()
        assert figure.layout.title.text == "<b>Loss</b>"
        assert figure.layout.annotations[0].text == f"Spiral · 8-8 · tanh · adam 0.01 · step {made.step} of 200"
    assert of("loss").step == 200


def test_loss_is_that_of_the_film_up_to_the_step(of, frames):
    made = of("loss", 100)
    figure, past = made.figure(), frames[: made.seq + 1]
    lines = [t for t in figure.data if t.mode == "lines" and t.hovertemplate]
    for line, column in zip(lines, (0, 1, 2, 3), strict=True):
        np.testing.assert_array_equal(line.x, [frame.step for frame in past])
        np.testing.assert_allclose(line.y, [frame.arrays["series.loss"][column] for frame in past], rtol=1e-7)
    assert figure.layout.yaxis.title.text == "loss, nats"


def test_points_boundary_and_confidence_are_the_films(of, frames):
    made = of("boundary", 150)
    figure, head, frame = made.figure(), frames[0].arrays, frames[made.seq].arrays
    for label, trace in enumerate(dots(figure, 1)):
        np.testing.assert_array_equal(np.stack([trace.x, trace.y], 1), head["data.x"][head["data.y"] == label])
    (grid,) = [t for t in figure.data if t.type == "heatmap"]
    said = [re.fullmatch(r"class (\d), confidence ([\d.]+)\D*", text).groups() for row in grid.text for text in row]
    shape = frame["boundary.class"].shape
    classes = np.array([int(one) for one, _ in said]).reshape(shape)
    confidence = np.array([float(share) for _, share in said]).reshape(shape)
    upright = classes if grid.y[0] < grid.y[-1] else classes[::-1]
    flipped = confidence if grid.y[0] < grid.y[-1] else confidence[::-1]
    np.testing.assert_array_equal(upright, frame["boundary.class"])
    np.testing.assert_allclose(flipped, frame["boundary.confidence"] / 2.55, atol=0.1)
    x0, x1, y0, y1 = head["data.extent"]
    (image,) = figure.layout.images
    assert [image.x, image.sizex, image.y, image.sizey] == pytest.approx([x0, x1 - x0, y1, y1 - y0])


def test_layers_are_where_the_film_puts_the_points(of, frames):
    made = of("layers", 60)
    figure, labels, arrays = made.figure(), frames[0].arrays["data.y"], frames[made.seq].arrays
    for layer in (1, 2, 3):
        lo, hi = arrays[f"map.{layer}.range"].T.astype(float)
        places = lo + arrays[f"map.{layer}"] / 65534 * (hi - lo)
        for label, trace in enumerate(dots(figure, layer + 1)):
            shown = np.stack([trace.x, trace.y], 1)
            np.testing.assert_allclose(shown, places[labels == label], atol=1e-5 * np.abs(places).max())


def test_separation_shows_the_probe_of_the_newest_look(of, frames):
    made = of("separation", 200, options={"view": "all"})
    looks = [f.arrays["series.separation"] for f in frames[: made.seq + 1] if "series.separation" in f.arrays]
    now = next(look for look in reversed(looks) if np.isfinite(look).any())
    points = np.concatenate([t.x for t in dots(made.figure(), 2, 1)])
    assert all(np.isclose(points, value, atol=1e-6).any() for value in now[:, 1])
    over_time = of("separation", options={"view": "time"}).figure()
    assert len([one for one in over_time.layout.annotations if "over time" in one.text]) == 2


def test_every_panel_has_a_figure_and_those_that_ask_the_server_their_answers(of):
    assert len(of.panels) == 9
    for name in of.panels:
        assert of(name, 120).figure().data, name
    graph = of("graph", 120).figure()
    assert any("W₁" in (one.text or "") for one in graph.layout.annotations)
    attacked = of("attack", 200, point=3, options={"epsilon": "0.04"}).figure()
    assert any(t.type == "scatter" and len(t.x) == 13 for t in attacked.data), "accuracy against 13 sizes"


def test_what_cannot_be_drawn_is_said_in_a_sentence(of, film, tmp_path, capsys):
    with pytest.raises(FigureError, match="view must be one of all"):
        of("separation", options={"view": "sideways"})
    with pytest.raises(FigureError, match="set must be one of view for separation, got colour"):
        of("separation", options={"colour": "red"})
    with pytest.raises(FigureError, match="point must be from 0 to 119, got 500"):
        of("layers", point=500)
    with pytest.raises(ConfigError, match="panel must be one of boundary, layers"):
        of("fates")
    out = str(tmp_path / "a.gif")
    assert main(["figure", str(film), "--panel", "loss", "--out", out]) == 2
    assert "--out must be a file that ends with .svg, .png, .pdf" in capsys.readouterr().err
    assert main(["figure", "nowhere", "--panel", "loss", "--out", "a.svg"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_files_are_what_they_are_called_and_of_the_size_asked_for(of, tmp_path):
    made = of("boundary", 150, width=640, height=480)
    for name in ("a.svg", "a.png", "a.pdf"):
        made.save(tmp_path / name)
    root = ElementTree.fromstring((tmp_path / "a.svg").read_bytes())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert (root.get("width"), root.get("height")) == ("640", "480")
    words = " ".join(root.itertext())
    assert "Decision boundary" in words
    assert "step 15" in words.replace("\u2009", "")
    image = pixels((tmp_path / "a.png").read_bytes())
    assert image.shape[:2] == (960, 1280)
    assert near(image, "#ffffff")[:4].all(), "the light theme's ground"
    assert near(image, "#0b6fb3").sum() > 500, "class 0 in its colour"
    pdf = (tmp_path / "a.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    boxes = re.findall(rb"/MediaBox\s*\[\s*([\d. ]+)\]", pdf)
    assert [[float(v) for v in box.split()] for box in boxes] == [pytest.approx([0, 0, 480, 360], abs=1)]


@pytest.mark.parametrize("run", ["preset-sweep-width", "preset-attack-digits", "preset-separation-spiral"])
def test_every_panel_of_the_other_pages_by_the_films_that_ship(run):
    with pictures(run, theme="dark") as of:
        for name in of.panels:
            figure = of(name).figure()
            assert figure.data, name
            assert figure.layout.paper_bgcolor == "#151a21"


def test_the_command_says_which_step_it_drew(film, tmp_path, capsys):
    out = tmp_path / "out.png"
    options = ["--panel", "gradients", "--step", "101", "--theme", "dark", "--width", "400", "--height", "300"]
    assert main(["figure", str(film), *options, "--scale", "1", "--out", str(out)]) == 0
    assert re.search(r"gradients at step 10[02]\d*, the recorded step nearest to 101", capsys.readouterr().out)
    assert struct.unpack(">2I", out.read_bytes()[16:24]) == (400, 300)


def test_without_a_browser_it_says_what_to_install(film, tmp_path):
    out = tmp_path / "a.svg"
    script = (
        "import sys; sys.modules['playwright'] = sys.modules['playwright.sync_api'] = None\n"
        f"from app.cli import main; sys.exit(main(['figure', {str(film)!r}, '--panel', 'loss', '--out', {str(out)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("nnprobe: Figures are drawn in a headless Chromium: pip install 'nnprobe[figure]'")
    assert done.stderr.count("\n") == 1
    assert not out.exists()
