"""What holds for every data set, whichever it is: shapes, balance, seeds, labels at random, the registry."""

from __future__ import annotations

import inspect
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets import declare
from nnprobe_core.datasets.data import Data, fields_of, load_data
from nnprobe_core.datasets.declare import GIVEN, declared
from nnprobe_core.datasets.own import own_data
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import number
from nnprobe_core.registry import DATASETS, load

every_dataset = pytest.mark.parametrize("dataset", DATASETS)
PARTS = [item.name for item in fields(Data)]


def another(item: Any) -> Any:
    """A value of a field that is not its default."""
    meta = item.metadata
    if "choices" in meta:
        return next(choice for choice in meta["choices"] if choice != item.default)
    return not item.default if meta["kind"] == "boolean" else meta["lo" if item.default == meta["hi"] else "hi"]


def same(one: Data, other: Data, *parts: str) -> bool:
    return all(np.array_equal(getattr(one, part), getattr(other, part)) for part in parts or PARTS)


@every_dataset
def test_shapes_types_and_balance(dataset):
    config = RunConfig(dataset=dataset, n_train=31, n_test=17)
    got = load_data(config)
    for x, y, n in ((got.x_train, got.y_train, 31), (got.x_test, got.y_test, 17)):
        assert (x.shape, x.dtype) == ((config.n_classes * n, 2), np.float32)
        assert (y.shape, y.dtype) == ((config.n_classes * n,), np.uint8)
        assert np.isfinite(x).all()
        assert x.flags.c_contiguous
        assert np.bincount(y).tolist() == [n] * config.n_classes


@every_dataset
def test_the_smallest_set_there_can_be(dataset):
    got = load_data(RunConfig(dataset=dataset, n_train=2, n_test=2))
    assert len(got.x_train) == len(got.x_test)


@every_dataset
def test_the_seed_alone_decides_and_the_global_generator_is_left_alone(dataset):
    config = RunConfig(dataset=dataset)
    np.random.seed(1)
    before = np.random.get_state()[1].copy()
    one, again = load_data(config), load_data(replace(config, seed_init=5, seed_batch=6, lr=0.5))
    assert same(one, again)
    np.testing.assert_array_equal(before, np.random.get_state()[1])
    other = load_data(replace(config, seed_data=1))
    assert not same(one, other, "x_train")
    assert not same(one, other, "x_test")


@every_dataset
def test_training_and_test_points_are_drawn_apart(dataset):
    config = RunConfig(dataset=dataset, n_train=100, n_test=100)
    got = load_data(config)
    assert not np.isin(got.x_test[:, 0], got.x_train[:, 0]).any()
    assert same(got, load_data(replace(config, n_train=300)), "x_test", "y_test")
    assert same(got, load_data(replace(config, n_test=300)), "x_train", "y_train")


@every_dataset
def test_only_fields_named_in_its_signature_matter(dataset):
    config = RunConfig(dataset=dataset)
    reference = load_data(config)
    changed = {
        "radius": 0.2, "min_phi": 2.0, "max_phi": 7.0, "noise": 0.1, "arms": 3, "classes": 4, "segments": 7,
        "line_length": 0.5, "holes": 1, "disk_radius": 2.0, "hole_radius": 0.4, "positive_radius": 0.25,
    }  # fmt: skip
    changed |= {name: another(item) for name, item in declared(dataset).own.items()}
    assert set(fields_of(dataset)) <= set(changed)
    for name, value in changed.items():
        got = load_data(replace(config, **{name: value}))
        if name in fields_of(dataset) and value != getattr(config, name):
            assert not same(reference, got, "x_train"), name
        elif name not in fields_of(dataset):
            assert same(reference, got), name


@every_dataset
def test_a_dataset_takes_keywords_that_are_fields_of_the_config(dataset):
    parameters = inspect.signature(load(DATASETS, dataset, "dataset")).parameters.values()
    assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in parameters)
    assert {parameter.name for parameter in parameters} <= {*GIVEN, *(item.name for item in fields(RunConfig))}


def test_label_noise_redraws_a_share_of_train_and_test_labels():
    config = RunConfig(dataset="blobs", classes=4, n_train=2000, n_test=1000)
    clean, noisy = load_data(config), load_data(replace(config, label_noise=0.4))
    assert same(clean, noisy, "x_train", "x_test")
    for part in ("y_train", "y_test"):  # of those drawn a quarter falls on its old class
        assert np.mean(getattr(clean, part) != getattr(noisy, part)) == pytest.approx(0.4 * 3 / 4, abs=0.025)
    assert np.bincount(load_data(replace(config, label_noise=1)).y_train) == pytest.approx([2000] * 4, rel=0.1)


@pytest.mark.parametrize("seed", [0, 12])
def test_labels_at_random_come_from_generators_of_their_own(seed):
    """Films depend on these draws: of the data seed the third stream is the training labels', the fourth the test's."""
    config = RunConfig(dataset="blobs", classes=4, n_train=30, n_test=30, seed_data=seed)
    for share in (0.3, 1):
        noisy = load_data(replace(config, label_noise=share))
        for stream, part in ((3, "y_train"), (4, "y_test")):
            rng = np.random.default_rng([seed, stream])
            drawn, order = rng.integers(4, size=120, dtype=np.uint8), rng.permutation(120)
            expected = np.repeat(np.arange(4), 30)
            expected[order[: round(share * 120)]] = drawn[order[: round(share * 120)]]
            np.testing.assert_array_equal(getattr(noisy, part), expected)


def test_points_of_ones_own_have_their_labels_drawn_by_the_same_generators():
    rng = np.random.default_rng(1)
    own = own_data(rng.normal(size=(90, 2)), np.arange(90) % 3)
    noisy = load_data(RunConfig(data=own.name, label_noise=1, seed_data=5), own)
    for stream, labels in ((3, noisy.y_train), (4, noisy.y_test)):
        expected = np.random.default_rng([5, stream]).integers(3, size=len(labels), dtype=np.uint8)
        np.testing.assert_array_equal(labels, expected)


def test_points_and_their_layout_come_from_generators_of_their_own():
    """Streams 0, 1 and 2 are the layout's, the training points' and the test points'."""
    config = RunConfig(dataset="line_segments", n_train=10, n_test=10, seed_data=4)
    data, function = load_data(config), load(DATASETS, "line_segments", "dataset")
    for stream, x in ((1, data.x_train), (2, data.x_test)):
        rngs = (np.random.default_rng([4, each]) for each in (stream, 0))
        expected, _ = function(n=10, segments=5, line_length=0.2, **dict(zip(("rng", "layout"), rngs, strict=True)))
        np.testing.assert_array_equal(x, expected)


def test_more_label_noise_adds_to_the_labels_drawn_before():
    config = RunConfig(n_train=500)
    clean, some, more = (load_data(replace(config, label_noise=share)).y_train for share in (0, 0.2, 0.6))
    assert np.all(more[some != clean] == some[some != clean])
    assert np.sum(more != clean) > np.sum(some != clean)


def test_a_larger_noise_moves_each_point_farther_the_same_way():
    quiet, some, more = (load_data(RunConfig(noise=noise)).x_train.astype(float) for noise in (0, 0.1, 0.2))
    np.testing.assert_allclose(more - quiet, 2 * (some - quiet), atol=1e-6)


def test_an_unknown_dataset_is_named_with_the_known_ones():
    with pytest.raises(ConfigError, match=r"dataset must be one of .*spiral, .*, got 'swirl'"):
        fields_of("swirl")


DOTS = """
import numpy as np
from nnprobe_core.datasets.declare import dataset
from nnprobe_core.fields import number

@dataset(classes=CLASSES, apart=number(1, 0.5, 9, "Apart", "data", "From dot to dot."))
def dots(*, n, rng, noise, apart):
    y = np.repeat(np.arange(3, dtype=np.uint8), n)
    x = apart * y[:, None] + noise * rng.standard_normal((3 * n, 2))
    return x.astype(np.float32), y
"""
USED = """
from nnprobe_core.registry import DATASETS
DATASETS["dots"] = "dots:dots"  # the line that would stand in registry.py
from nnprobe_core.config import RunConfig, changed
from nnprobe_core.datasets.data import fields_of, load_data

config = RunConfig.from_query("dataset=dots&noise=0&n_train=2&n_test=3&apart=2")
assert fields_of("dots") == ("noise", "apart")
assert RunConfig.from_json(config.to_json()) == config
assert "apart=2" in config.to_query() and config.to_mapping()["apart"] == 2
assert config.widths[-1] == config.n_classes
assert "apart" not in RunConfig().to_mapping()  # nor in the film of any other data set
assert RunConfig.from_mapping(changed(config, {"dataset": "ring"})).dataset == "ring"
for wrong in ("dataset=ring&apart=2", "dataset=dots&apart=0"):
    try:
        RunConfig.from_query(wrong)
    except ValueError as error:
        print(error)
try:
    data = load_data(config)
    print(sorted(set(data.x_train[:, 0].tolist())), data.y_train.tolist())
except ValueError as error:
    print(error)
"""


def used(folder: Path, classes: int) -> list[str]:
    (folder / "dots.py").write_text(DOTS.replace("CLASSES", str(classes)))
    done = subprocess.run([sys.executable, "-c", USED], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_new_dataset_has_as_many_classes_and_fields_as_it_declares(tmp_path):
    assert used(tmp_path, 3) == [
        "apart must be left out unless dataset is dots, got 2.0.",
        "apart must be a number from 0.5 to 9, got '0'.",
        "[0.0, 2.0, 4.0] [0, 0, 1, 1, 2, 2]",
    ]


def test_a_dataset_with_more_classes_than_it_declares_is_refused_in_a_sentence(tmp_path):
    assert used(tmp_path, 2)[-1] == "labels must be below 2, as many classes as the data set dots declares, got 2."


def test_a_declaration_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="classes must be 2 to 6, or the name of a field, got 7"):
        declare.dataset(classes=7)


def test_own_fields_must_have_names_of_their_own():
    @declare.dataset(classes=2, noise=number(0, 0, 1, "Noise", "data", "Another noise."))
    def clash(*, n, rng, noise):
        raise NotImplementedError

    class Config:
        noise: float = 0

    place = f"{__name__}:clash"
    sys.modules[__name__].clash = clash
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(DATASETS, "clash", place)
        with pytest.raises(ValueError, match="noise, a field of the data set clash, must have a name"):
            declare.with_own_fields(Config)
        patch.delattr(clash, "declared")
        with pytest.raises(TypeError, match=r"must be declared by @dataset"):
            declare.declared("clash")
