"""What is said of each picture is true: its numbers are those of the film's frame."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from browser import ALL, call

from app.pages import PAGES
from app.pages import Page as Described
from nnprobe_core.frame import Frame, decode, unpack

pytestmark = pytest.mark.e2e

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
NUMBER = re.compile(
    r"(?P<digits>[−+]?(?:\d+(?:\u2009\d{3})*(?:\.\d+)?|\.\d+))(?:·10(?P<power>⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))?(?P<percent>\u2009%)?"
)
#: Names that have digits of their own.
NAMES = re.compile(
    r"(?:Hidden|Linear|ReLU|Conv|MaxPool) \d+|"
    r"\b[a-z]+\d\b|class \d\b|classes \d and \d|ε \d\u2009%:|99.% of test|W[₀-₉]|most often.*"
)
Film = Sequence[Frame]


def numbers(sentence: str) -> list[tuple[float, float]]:
    """Each number of a sentence and how far it may be off: half of its last digit, a whole one of a percentage."""
    found = []
    for match in NUMBER.finditer(NAMES.sub("", sentence)):
        digits = match["digits"].replace("\u2009", "").replace("−", "-")
        scale = 10 ** int(match["power"].translate(RAISED)) if match["power"] else 1
        scale *= 0.01 if match["percent"] else 1
        unit = 10 ** -len(digits.partition(".")[2]) * scale
        # A whole number may have been cut to three significant digits.
        found.append((float(digits) * scale, (1 if match["percent"] else 0.5) * unit + 1e-6))
    return found


def latest(film: Film, seq: int, name: str) -> np.ndarray:
    """An array of the last frame at or before ``seq`` that has it, with finite numbers where it is a series."""
    found = (frame.arrays[name] for frame in reversed(film[: seq + 1]) if name in frame.arrays)
    return next(array for array in found if not name.startswith("series.") or np.isfinite(array).any())


def boundary(film: Film, seq: int) -> list[float]:
    classes, confidence = film[seq].arrays["boundary.class"], film[seq].arrays["boundary.confidence"]
    return [*(np.mean(classes == k) for k in range(2)), confidence.mean() / 255]


def separation(film: Film, seq: int) -> list[float]:
    values, probe = latest(film, seq, "separation.values"), latest(film, seq, "series.separation")[:, 1]
    return [x for row, right in zip(np.nanmean(values, axis=1), probe, strict=True) for x in (row, right)]


def spectrum(film: Film, seq: int) -> list[float]:
    widths, table = film[0].arrays["data.widths"], film[seq].arrays["series.spectrum"]
    largest = [film[seq].arrays[f"spectrum.sv.{i}"][0] for i in range(1, len(widths))]
    square = [i for i in range(1, len(widths)) if f"spectrum.eig.{i}" in film[0].arrays]
    return [*largest, *(x for i in square for x in (table[i - 1, 2], widths[i]))]


def gradients(film: Film, seq: int) -> list[float]:
    return [*film[seq].arrays["series.gradients"][:, 4], film[seq].arrays["series.verdict"][2]]


def displacement(film: Film, seq: int) -> list[float]:
    mean = film[seq].arrays["series.mapping"][1:, 2]
    return [*mean[np.isfinite(mean)]]


def sweep_curve(film: Film, seq: int) -> list[float]:
    accuracy = film[seq].arrays["sweep.scores"][:, 3]
    return [len(accuracy), accuracy.mean(), accuracy.min(), accuracy.max()]


def sweep_stress(film: Film, seq: int) -> list[float]:
    config = film[0].header["config"]
    noise, attack = (latest(film, seq, f"sweep.{name}")[:, -1] for name in ("noise", "attack"))
    return [len(noise), max(config["test_noise"]), noise.mean(), max(config["epsilons"]), attack.mean()]


def fates(film: Film, seq: int) -> list[float]:
    accuracy = film[seq].arrays["sweep.scores"][:64, 3]
    return [(accuracy >= 0.99).sum(), len(accuracy), accuracy.max(), accuracy.min()]


def attack_curve(film: Film, seq: int) -> list[float]:
    under, noise, _, sure = film[seq].arrays["series.attack"]
    return [film[seq].arrays["series.change"][0], under, noise, sure]


def attack_gallery(film: Film, seq: int) -> list[float]:
    labels, after = film[0].arrays["attack.labels"], film[seq].arrays["attack.predicted"][:, 1]
    return [len(labels), film[seq].arrays["series.change"][0], (labels != after).sum()]


def pairs(film: Film, seq: int) -> list[float]:
    now, before = latest(film, seq, "separation.train").mean(axis=1), film[0].arrays["separation.train"].mean(axis=1)
    return [x for pair in zip(now, before, strict=True) for x in pair]


def layer_grid(film: Film, seq: int) -> list[float]:
    stage = min(seq, film[0].header["config"]["stages"])
    mean, probe = film[stage].arrays["separation.train"].mean(axis=1), film[stage].arrays["series.probe"][:, 0]
    return [x for pair in zip(mean, probe, strict=True) for x in pair]


def differences(film: Film, seq: int) -> list[float]:
    done = [frame.arrays["series.seed"] for frame in film[: seq + 1] if "series.seed" in frame.arrays]
    mean = np.mean([last - first for first, last in done], axis=0)[1:]
    said = sorted(
        (test["layer"], test["adjusted"])
        for test in film[seq].header.get("tests", ())
        if test["kind"] == "seeds" and test["test"] == "training"
    )
    return [len(done), *(x for row, (_, p) in zip(mean, said, strict=True) for x in (row, p))]


#: What the sentence of each panel is to say at a frame, number by number.
TOLD: dict[str, Callable[[Film, int], Sequence[float]]] = {
    "boundary": boundary,
    "layers": lambda film, seq: [len(film[0].arrays["data.y"]), *latest(film, seq, "series.separation")[:, 1]],
    "loss": lambda film, seq: film[seq].arrays["series.loss"],
    "separation": separation,
    "spectrum": spectrum,
    "gradients": gradients,
    "displacement": displacement,
    "attack": lambda film, seq: latest(film, seq, "series.robustness")[:, 0],
    "sweep_curve": sweep_curve,
    "sweep_spectra": lambda film, seq: film[seq].arrays["sweep.frobenius"].mean(axis=0),
    "sweep_stress": sweep_stress,
    "fates": fates,
    "attack_curve": attack_curve,
    "attack_transitions": lambda film, seq: [
        np.trace(film[seq].arrays["attack.transitions"]),
        film[seq].arrays["attack.transitions"].sum(),
    ],
    "attack_gallery": attack_gallery,
    "pairs": pairs,
    "layer_grid": layer_grid,
    "pca": lambda film, seq: latest(film, seq, "pca.share")[:, 0],
    "tests": differences,
}


def graph(server: str, run: str, seq: int) -> list[float]:
    """The graph is none of the film's arrays: the server makes it."""
    found = call(f"{server}/api/runs/{run}/graph?seq={seq}")
    nodes = found["nodes"]
    loss = next(node["value"]["mean"] for node in nodes if node["kind"] == "loss")
    return [len(nodes), sum(bool(node["operation"]) for node in nodes), found["batch"], loss]


@pytest.mark.parametrize("described", PAGES, ids=[page.name for page in PAGES])
def test_every_picture_has_a_name_and_a_sentence_of_what_it_shows_now(tab, server, described: Described):
    page = tab(f"{described.path}?{ALL}")
    page.wait_for_function("nnprobe.film.complete")
    run = page.evaluate("nnprobe.film.run")
    with urllib.request.urlopen(f"{server}/api/runs/{run}/film", timeout=120) as answer:
        film = [decode(data) for data in unpack(answer.read())]
    page.evaluate("nnprobe.clock.pause()")
    middle = [len(film) // 3] if described.name == "lab" else []
    for seq in (*middle, len(film) - 1):
        settled = "new Promise((resolve) => nnprobe.stage.on('settled', (at) => { if (at === seq) resolve(); }))"
        page.evaluate(
            f"seq => {{ const rests = {settled}; nnprobe.clock.seek(seq); nnprobe.clock.repaint(); return rests; }}",
            seq,
        )
        for panel in described.panels:
            picture = page.locator(f"#panel-{panel.name}").get_by_role("img", name=panel.title, exact=False)
            said = page.locator(f"#{picture.get_attribute('aria-describedby')}").text_content()
            place, _, sentence = said.partition(": ")
            assert numbers(place)[0][0] == film[seq].step, said
            told = graph(server, run, seq) if panel.name == "graph" else TOLD[panel.name](film, seq)
            found = numbers(sentence)
            assert len(found) == len(told), (sentence, told)
            for (number, off), true in zip(found, told, strict=True):
                assert abs(number - true) <= max(off, 0.006 * abs(true)), (sentence, list(told))
