"""Histograms, Fisher's tests over pairs and the test over seeds, on tables made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.permutation import fisher_test, sign_flip_test
from nnprobe_core.separation.histograms import histograms
from nnprobe_core.separation.significance import effect_sizes, fisher_tests, honest_tests
from nnprobe_core.separation.table import Row, Table

LAYERS, STAGES = ("input", "fc1", "fc2"), ("0", "5", "9")


def table(values: np.ndarray) -> Table:
    """Of unclipped ``values`` (stages, layers, pairs)."""
    rows = [
        Row("train", stage, layer, "0", str(pair), max(0.0, value), value, 5, 5, 10)
        for s, stage in enumerate(STAGES)
        for i, layer in enumerate(LAYERS)
        for pair, value in enumerate(map(float, values[s, i]), 1)
    ]
    return Table(tuple(map(str, range(values.shape[2] + 1))), STAGES, LAYERS, "friedman-rafsky", tuple(rows))


VALUES = np.random.default_rng(0).random((3, 3, 45)) * 0.5 + np.arange(3)[:, None, None] * 0.2 - 0.1


def test_histograms_count_every_pair_of_the_first_and_last_stage():
    found = histograms(table(VALUES))
    assert found.counts.shape == (2, 3, 100)
    assert found.stages == ("0", "9")
    assert (found.counts.sum(axis=2) == 45).all()
    expected, edges = np.histogram(VALUES[2, 1].clip(0, 1), 100, (0, 1))
    np.testing.assert_array_equal(found.counts[1, 1], expected)
    np.testing.assert_allclose(found.edges, edges)
    assert found.counts[0, 0, 0] >= np.count_nonzero(VALUES[0, 0] < 0) > 0  # below 0: in the first bin


def test_histograms_of_all_layers_leave_the_input_out():
    values = VALUES.copy()
    values[0, 1, 3] = np.nan
    found = histograms(table(values), stages=["0", "5"], by="all", bins=10)
    assert found.counts.shape == (2, 1, 10)
    assert found.counts[0, 0].sum() == 2 * 45 - 1
    assert found.layers == ("all layers",)


def test_histograms_refuse_what_they_cannot_be_by():
    with pytest.raises(ConfigError, match="by must be layer or all"):
        histograms(table(VALUES), by="pair")
    with pytest.raises(ConfigError, match="of sets train, stages 0, 5, 9"):
        histograms(table(VALUES), set="test")


def test_fisher_tests_compare_stages_and_layers_and_carry_the_warning():
    records = fisher_tests(table(VALUES), permutations=500, seed=3)
    training = [record for record in records if record["test"] == "training"]
    layers = [record for record in records if record["test"] == "layers"]
    assert [(record["layer"], record["against"]) for record in training] == [(name, "9") for name in LAYERS[1:]]
    assert [(record["layer"], record["against"]) for record in layers] == [("input", "fc1"), ("fc1", "fc2")]
    alone = fisher_test(VALUES[0, 1], VALUES[2, 1], permutations=500, seed=3)
    assert training[0]["p_value"] == alone.p_value
    assert training[0]["difference"] == pytest.approx(alone.difference)
    alone = fisher_test(VALUES[2, 0], VALUES[2, 1], permutations=500, seed=3)
    assert layers[0]["p_value"] == alone.p_value
    assert all("share classes" in record["warning"] for record in records)
    assert fisher_tests(table(VALUES), stage="0", tests=["layers"], permutations=9)[0]["stage"] == "0"


def test_honest_tests_take_a_run_as_one_value():
    rng = np.random.default_rng(1)
    tables = [table(VALUES + rng.normal(size=(3, 3, 1)) * 0.3) for _ in range(9)]
    records = honest_tests(tables)
    means = np.stack([each.means("train") for each in tables])
    alone = sign_flip_test((means[:, 2] - means[:, 0])[:, 1:])
    training = [record for record in records if record["test"] == "training"]
    assert [record["p_value"] for record in training] == alone.p_value.tolist()
    assert [record["difference"] for record in training] == pytest.approx(alone.difference)  # after less before
    assert [record["adjusted"] for record in training] == alone.adjusted.tolist()
    assert {record["runs"] for record in records} == {9}
    assert len(records) == 2 + 2


def test_honest_tests_need_eight_runs_of_one_kind():
    with pytest.raises(ConfigError, match="tables must be of at least 8 runs"):
        honest_tests([table(VALUES)] * 7)
    other = Table(("0", "1"), STAGES, LAYERS[:2], "friedman-rafsky", ())
    with pytest.raises(ConfigError, match="of the same layers and stages"):
        honest_tests([table(VALUES)] * 7 + [other])
    with pytest.raises(ConfigError, match="tests must be among training, layers"):
        fisher_tests(table(VALUES), tests=["other"])


def test_effect_sizes_are_differences_from_the_first_stage():
    found = effect_sizes(table(VALUES))
    np.testing.assert_allclose(found, VALUES.mean(axis=2) - VALUES[0].mean(axis=1))
    assert (found[0] == 0).all()
