"""Studies against Henze-Penrose of each pair alone; tables that come back; the edges of what can be measured."""

from __future__ import annotations

import json
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from nnprobe_core.datasets.images import load_images
from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.henze_penrose import henze_penrose
from nnprobe_core.maths.linear_probe import linear_probe
from nnprobe_core.models.networks import MLP
from nnprobe_core.separation.hooks import layer_outputs
from nnprobe_core.separation.study import Study, run_study
from nnprobe_core.separation.table import Table

DIGITS = load_images("digits").per_class(12, 8)


def net(seed: int = 0, **kind) -> nn.Module:
    torch.manual_seed(seed)
    return MLP(hidden=(6,), **kind)


def plane(x: np.ndarray, y: np.ndarray, x_test: np.ndarray | None = None, y_test: np.ndarray | None = None):
    x = np.asarray(x, np.float32)
    return SimpleNamespace(
        x_train=x, y_train=y, x_test=x if x_test is None else x_test, y_test=y if y_test is None else y_test
    )


@pytest.fixture(scope="module")
def table() -> Table:
    return run_study([("before", net(0)), ("after", net(1))], Study(DIGITS))


def test_a_row_for_every_set_stage_layer_and_pair(table):
    assert table.layers == ("input", "fc1", "relu1", "fc2")
    assert len(table.rows) == 2 * 2 * 4 * 45
    keys = {(row.set, row.stage, row.layer, row.a, row.b) for row in table.rows}
    assert len(keys) == len(table.rows)
    assert table.sets == ("train", "test")
    assert len(table.probes) == 2 * 4


@pytest.mark.parametrize("name", ["train", "test"])
def test_a_value_is_that_of_its_pair_alone(table, name):
    x, y = (DIGITS.x_train, DIGITS.y_train) if name == "train" else (DIGITS.x_test, DIGITS.y_test)
    outputs = {"input": x.reshape(len(x), -1), **layer_outputs(net(1), x)}
    for layer in table.layers:
        for row, (a, b) in zip(table.select(name, "after", layer), combinations(range(10), 2), strict=True):
            alone = henze_penrose(outputs[layer][y == a], outputs[layer][y == b])
            assert (row.a, row.b) == (str(a), str(b))
            assert (row.value, row.raw) == pytest.approx((alone.value, alone.raw), abs=1e-9)
            assert (row.n, row.m, row.sites) == (alone.n, alone.m, alone.sites)


def test_the_linear_probe_stands_beside(table):
    outputs, test = layer_outputs(net(0), DIGITS.x_train), layer_outputs(net(0), DIGITS.x_test)
    alone = linear_probe(outputs["fc1"], DIGITS.y_train.astype(int), test["fc1"], DIGITS.y_test.astype(int))
    assert table.probe("before", "fc1").accuracy == alone.accuracy
    assert table.probe("before", "nowhere") is None


def test_a_table_comes_back_from_its_file(table, tmp_path):
    table.save(tmp_path / "t.json")
    again = Table.load(tmp_path / "t.json")
    assert again == table
    found = json.loads((tmp_path / "t.json").read_text())
    assert found["rows"][0].keys() == {"set", "stage", "layer", "a", "b", "value", "raw", "n", "m", "sites"}
    assert len(table.columns()["value"]) == len(table.rows)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda _: "{", "table must be JSON"),
        (lambda t: json.dumps({**t, "kind": "other"}), "a separation table of version 1"),
        (lambda t: json.dumps({**t, "rows": [{"set": "train"}]}), "with all its fields"),
        (lambda t: json.dumps({key: t[key] for key in t if key != "layers"}), "with all its fields .*layers"),
        (lambda _: "[1]", "a separation table"),
    ],
)
def test_a_file_that_is_no_table_is_told(table, change, sentence):
    with pytest.raises(ConfigError, match=sentence):
        Table.from_json(change(json.loads(table.to_json())))


def test_chosen_layers_sets_classes_and_counts():
    study = Study(DIGITS, layers=["relu1"], sets=["test"], classes=[3, 1], per_class=5, probe=False)
    table = study.look(net(), "now")
    assert (table.layers, table.sets, table.classes) == (("input", "relu1"), ("test",), ("1", "3"))
    assert [(row.n, row.m) for row in table.rows] == [(5, 5)] * 2
    assert table.probes == ()


def test_the_original_convention_is_offered():
    study = Study(DIGITS, convention="balanced", classes=[0, 1], probe=False)
    plain = Study(DIGITS, classes=[0, 1], probe=False)
    assert [row.raw for row in study.look(net(), "now").rows] == pytest.approx(
        [max(0.0, row.raw) for row in plain.look(net(), "now").rows]  # equal for classes of one size
    )
    assert study.look(net(), "now").convention == "balanced"


class Keeps(nn.Module):
    def forward(self, x):
        return x


class Bad(nn.Module):
    """A layer that is not finite, one that is constant, one of collapsed points."""

    def __init__(self):
        super().__init__()
        self.nan, self.constant, self.collapsed = Keeps(), Keeps(), Keeps()

    def forward(self, x):
        x = x.flatten(1)
        self.nan(torch.where(x > 0.9, torch.nan, x))
        self.constant(torch.ones_like(x))
        return self.collapsed((x[:, :1] > 0.5).float())


def test_layers_that_cannot_be_measured_are_sentences_and_the_others_are_there():
    rng = np.random.default_rng(0)
    x, y = rng.random((200, 3)), np.arange(200) % 2
    table = Study(plane(x, y)).look(Bad(), "now")
    assert np.isnan(table.values("train", "now", "nan")).all()
    assert table.select("train", "now", "nan")[0].sites == 0
    assert table.values("train", "now", "constant") == pytest.approx([0])
    assert abs(table.values("train", "now", "collapsed")[0]) < 0.2
    assert table.select("train", "now", "collapsed")[0].sites == 2
    assert np.isnan(table.probe("now", "nan").accuracy)
    assert any("layer nan, train set" in note and "not finite" in note for note in table.notes)
    assert any("layer constant" in note and "on one place" in note for note in table.notes)
    assert Table.from_json(table.to_json()).to_json() == table.to_json()  # NaN and all


def test_unbalanced_classes_of_one_distribution_are_about_zero():
    rng = np.random.default_rng(1)
    values = []
    for _ in range(12):
        x, y = rng.normal(size=(1000, 2)), (np.arange(1000) < 990).astype(int)
        values.append(Study(plane(x, y), probe=False, sets=["train"]).look(Keeps(), "now").rows[0].raw)
    assert abs(np.mean(values)) < 0.06


def test_collapsed_points_of_one_distribution_are_about_zero():
    """ReLU's corner holds a quarter of the points: no tree may decide what they count."""
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(400, 2)), np.arange(400) % 2
    table = Study(plane(x, y), probe=False).look(nn.Sequential(nn.ReLU()), "now")
    row = table.select("train", "now", "0")[0]
    assert row.sites < 320
    assert abs(row.raw) < 0.15


@pytest.mark.parametrize(
    ("y", "given", "sentence"),
    [
        ([0, 0, 0, 0], {}, "classes must be two or more, got 1"),
        ([0, 0, 0, 1], {}, "class 1 must be of two points or more in the train set, got 1"),
        ([0, 0, 1, 1], {"classes": [0, 7]}, r"classes must be among \[0, 1\]"),
        ([0, 0, 1, 1], {"sets": ["other"]}, "sets must be one or both of train, test"),
        ([0, 0, 1, 1], {"convention": "other"}, "convention must be one of"),
        ([0, 0, 1, 1], {"per_class": 1}, "per_class must be a whole number from 2"),
    ],
)
def test_what_has_no_separation_is_a_sentence(y, given, sentence):
    with pytest.raises(ConfigError, match=sentence):
        Study(plane(np.zeros((4, 2)), np.array(y)), **given)


def test_stages_must_differ_in_name_and_be_alike():
    study = Study(DIGITS, classes=[0, 1], probe=False)
    with pytest.raises(ConfigError, match="stages must be of different names"):
        run_study([("a", net()), ("a", net())], study)
    with pytest.raises(ConfigError, match="stages must be one or more"):
        run_study([], study)
    with pytest.raises(ConfigError, match="layers must be those of the first stage"):
        run_study([("a", net()), ("b", nn.Sequential(nn.Flatten(), nn.Linear(64, 2)))], study)


def test_a_table_written_before_the_baselines_interval_is_read():
    x, y = np.random.default_rng(3).random((200, 3)), np.arange(200) % 2
    table = Study(plane(x, y)).look(Bad(), "now")
    row = table.probe("now", "input")
    assert row.baseline == pytest.approx(0.5)
    assert row.baseline_low < 0.5 < row.baseline_high
    found = json.loads(table.to_json())
    for record in found["probes"]:
        del record["baseline_low"], record["baseline_high"]
    old = Table.from_json(json.dumps(found)).probe("now", "input")
    assert (old.accuracy, old.baseline) == (row.accuracy, row.baseline)
    assert np.isnan([old.baseline_low, old.baseline_high]).all()
    del found["probes"][0]["baseline"]
    with pytest.raises(ConfigError, match="table must be with all its fields"):
        Table.from_json(json.dumps(found))
