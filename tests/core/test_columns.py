"""Columns of a film's arrays have one table of names: films, the documentation and the page's scripts keep to it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from nnprobe_core.columns import COLUMNS, by_column
from nnprobe_core.frame import FILM, Frame
from nnprobe_core.kinds import config_from_query, experiment
from nnprobe_core.registry import CONFIGS

ROOT = Path(__file__).parents[2]
QUERIES = {
    "run": "steps=20&frames=6&n_train=40&n_test=30&hidden=6-2-2&lr=0.02&batch_size=full",
    "sweep": "kind=sweep&over=lr&values=0.01,0.1&seeds=1&steps=12&frames=4&n_train=30&n_test=30&hidden=6-6",
    "attack": "kind=attack&dataset=spiral&epochs=2&sizes=3&n_train=50&hidden=8&per_class=20",
    "separation": "kind=separation&dataset=blobs&hidden=6&epochs=2&stages=2&seeds=1&per_class=20&n_train=50",
}


@pytest.fixture(scope="module")
def films() -> dict[str, list[Frame]]:
    found = {kind: experiment(config_from_query(query)).frames() for kind, query in QUERIES.items()}
    return {kind: [frame for frame in frames if frame.track == FILM] for kind, frames in found.items()}


def named(films, kind: str, array: str, seq: int = -1) -> dict[str, np.ndarray]:
    """Columns by name, of the frame ``seq`` of those that have the array."""
    return by_column(array, [frame.arrays[array] for frame in films[kind] if array in frame.arrays][seq])


def test_every_named_array_is_in_films_with_as_many_columns(films):
    assert set(QUERIES) == set(CONFIGS)
    seen = {name: value for frames in films.values() for frame in frames for name, value in frame.arrays.items()}
    for array, names in COLUMNS.items():
        among = [value for name, value in seen.items() if name == array or re.fullmatch(rf"{array}\.\d+", name)]
        assert among, array
        assert all(value.shape[-1] == len(names) == len(set(names)) for value in among), array


def test_names_are_of_what_stands_there(films):
    training = named(films, "run", "series.training")
    assert (training["learning_rate"], training["epoch"]) == (pytest.approx(0.02), 20)
    losses = [named(films, kind, "series.loss") for kind in QUERIES]
    assert all(0 <= loss[f"{part}_accuracy"] <= 1 for loss in losses for part in ("train", "test"))
    for part, points in (("train", 80), ("test", 60)):  # a share of so many points
        whole = losses[0][f"{part}_accuracy"] * points
        assert whole == pytest.approx(round(float(whole)), abs=1e-4)
    at, room = named(films, "run", "data.x", 0), named(films, "run", "data.extent", 0)
    for axis in "xy":
        margin = 0.12 * np.ptp(at[axis])
        assert room[f"{axis}0"] == pytest.approx(at[axis].min() - margin, abs=1e-5)
        assert room[f"{axis}1"] == pytest.approx(at[axis].max() + margin, abs=1e-5)
    spectrum = named(films, "run", "series.spectrum")
    assert (spectrum["spectral"] <= spectrum["frobenius"] * (1 + 1e-6)).all()
    for name, most in (("complex", 2), ("spread", 2 * spectrum["spectral"].max())):  # the last two matrices are square
        np.testing.assert_array_equal(np.isnan(spectrum[name]), [True, True, False, False])
        assert ((spectrum[name][2:] >= 0) & (spectrum[name][2:] <= most)).all()
    assert set(spectrum["complex"][2:]) <= {0, 2}
    np.testing.assert_array_equal(spectrum["radius"], named(films, "run", "series.spectrum", 0)["radius"])
    gradients = named(films, "run", "series.gradients")
    np.testing.assert_allclose(gradients["ratio"], gradients["norm"] / gradients["norm"][-1], rtol=1e-5)
    assert (gradients["zeros"] == np.round(gradients["zeros"])).all()
    assert ((gradients["update"] > 0) & (gradients["update"] < 1)).all()
    mapping = named(films, "run", "series.mapping")
    np.testing.assert_array_equal(np.isfinite(mapping["mean_displacement"]), [True, False, True, True, True])
    assert (mapping["mean_displacement"] <= mapping["max_displacement"])[[0, 2, 3, 4]].all()
    assert ((mapping["share"] > 0) & (mapping["share"] <= 1)).all()
    probe = named(films, "run", "series.separation")
    assert ((probe["low"] <= probe["probe"]) & (probe["probe"] <= probe["high"])).all()
    np.testing.assert_allclose(probe["chance"], 0.5, atol=1e-6)  # 1 / classes
    chance = named(films, "run", "series.baseline")
    assert (chance["low"] < chance["high"]).all()
    of = named(films, "run", "separation.sites")
    assert (of["points"] == 80).all()
    assert ((of["sites"] > 0) & (of["sites"] <= 80)).all()


def test_names_of_studies_are_of_what_stands_there(films):
    cells = named(films, "sweep", "sweep.cells")
    assert (cells["first"].tolist(), cells["second"].tolist(), cells["seed"].tolist()) == ([0, 1], [0, 0], [0, 0])
    eigen, extents = named(films, "sweep", "sweep.eigen"), named(films, "sweep", "fates.extent", 0)
    assert set(eigen["complex"][np.isfinite(eigen["complex"])]) <= {0, 2, 4, 6}
    assert all((extents[f"{axis}0"] < extents[f"{axis}1"]).all() for axis in "xy")
    epsilons = films["attack"][0].arrays["attack.epsilons"]
    change = [named(films, "attack", "series.change", seq) for seq in range(3)]
    np.testing.assert_allclose([each["epsilon"] for each in change], epsilons)
    assert all(each["linf"] <= each["l2"] * (1 + 1e-6) for each in change)
    assert all(each["linf"] <= each["epsilon"] * (1 + 1e-5) for each in change)
    under, size = named(films, "attack", "series.attack"), named(films, "attack", "attack.size")
    assert under["accuracy"] <= under["noise_accuracy"]
    assert (size["linf"] <= size["l2"] * (1 + 1e-6)).all()
    before, after = named(films, "attack", "attack.predicted").values()
    np.testing.assert_array_equal(before, named(films, "attack", "attack.predicted", 0)["after"])  # of size 0
    assert (before != after).any()
    stage = named(films, "separation", "series.stage")
    assert stage["epoch"] == 2
    assert stage["step"] == 2 * films["separation"][0].header["epoch"]
    probe = named(films, "separation", "series.probe")
    assert ((probe["low"] <= probe["accuracy"]) & (probe["accuracy"] <= probe["high"])).all()


def test_the_documentation_names_every_column_in_its_order():
    rows = [line for line in (ROOT / "docs" / "film-format.md").read_text().splitlines() if line.startswith("| `")]
    for array, names in COLUMNS.items():
        said = ", ".join(f"`{name}`" for name in names)
        of_array = [row for row in rows if re.search(rf"`{re.escape(array)}(\.1)?`", row.split("|")[1])]
        assert any(f"columns {said}" in row or f"columns of `{array}` {said}" in row for row in of_array), array


def test_scripts_name_columns_that_there_are():
    """Also where no test leads to; a name of another array is told when the script runs (tests/js)."""
    known = {name for names in COLUMNS.values() for name in names}
    asked: set[str] = set()
    for path in (ROOT / "assets").rglob("*.js"):
        text = path.read_text("utf-8")
        for array, name in re.findall(r"(?:columnOf|table)\('([\w.]+)',[^;\n]*?'(\w+)'\)", text):
            assert name in COLUMNS[array], f"{path.name}: {array} {name}"
        named = set(re.findall(r"(?:\.column\(|\.score\(|scores\(.*?, |column: |\.take\()'(\w+)'", text))
        assert named <= known, path.name
        assert not re.search(r"\.column\(\d|column: \d", text), path.name
        asked |= named
    assert len(asked) > 15
