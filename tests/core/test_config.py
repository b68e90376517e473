"""The one door: whatever comes in is a valid config or an error that names field, bound and value."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from nnprobe_core.config import MAX_POINTS, RunConfig
from nnprobe_core.errors import ConfigError, NnprobeError, UnknownFieldError
from nnprobe_core.registry import ACTIVATIONS, DATASETS, INITIALISATIONS, OPTIMISERS

FIELDS = {item.name: item for item in fields(RunConfig)}
NAMES = (*FIELDS, "seed", "epochs", "width", "depth")


def valid_values(name: str) -> st.SearchStrategy[object]:
    meta = FIELDS[name].metadata
    match meta["kind"]:
        case "number":
            return st.floats(meta["lo"], meta["hi"])
        case "integer":
            return st.integers(meta["lo"], meta["hi"])
        case "choice":
            return st.sampled_from(meta["choices"])
        case "boolean":
            return st.booleans()
        case "integers":
            return st.lists(st.integers(meta["lo"], meta["hi"]), max_size=meta["most"]).map(tuple)
        case _:
            steps = st.lists(st.integers(0, 1_000_000), max_size=4, unique=True).map(sorted)
            return steps.flatmap(lambda at: st.tuples(*(st.tuples(st.just(step), st.floats(1e-7, 100)) for step in at)))


@st.composite
def configs(draw: st.DrawFn) -> RunConfig:
    values = {name: draw(valid_values(name)) for name in draw(st.sets(st.sampled_from(tuple(FIELDS))))}
    try:
        return RunConfig(**values)
    except ConfigError:  # each value is within its bounds, and two of them do not go together
        assume(False)
        raise


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["", "1", "-1", "nan", "inf", "1e999", "full", "16-16", "16--", "0:1,", "5:1,5:2", "٣", "\x00"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def through(door: Callable[[Any], RunConfig], value: object) -> tuple[RunConfig | None, NnprobeError | None]:
    """The config, or the error; any other exception is the test's failure."""
    try:
        return door(value), None
    except NnprobeError as error:
        return None, error


@given(configs())
def test_round_trip_through_a_query(config):
    assert RunConfig.from_query(config.to_query()) == config
    assert RunConfig.from_query("?" + config.to_query()) == config


@given(configs())
def test_round_trip_through_json_and_a_mapping(config):
    assert RunConfig.from_json(config.to_json()) == config
    assert RunConfig.from_mapping(config.to_mapping()) == config
    assert RunConfig.from_json(config.to_json()).to_json() == config.to_json()


@given(configs())
def test_a_query_holds_only_what_differs_from_the_defaults(config):
    named = {part.split("=")[0] for part in config.to_query().split("&") if part}
    assert named == {name for name in FIELDS if getattr(config, name) != getattr(RunConfig(), name)}


@given(configs())
def test_derived_sizes_agree(config):
    assert config.widths == (2, *config.hidden, config.n_classes)
    assert config.points == config.n_classes * config.n_train <= MAX_POINTS
    assert 1 <= config.batch <= config.points
    assert (config.steps_per_epoch - 1) * config.batch < config.points <= config.steps_per_epoch * config.batch
    assert math.isclose(config.epochs * config.steps_per_epoch, config.steps)


@given(st.dictionaries(st.sampled_from(NAMES), junk, max_size=4))
@example({"seed": "-0"})
def test_junk_gives_a_config_or_an_error_that_names_field_and_value(mapping):
    config, error = through(RunConfig.from_mapping, mapping)
    if config:
        assert RunConfig.from_json(config.to_json()) == config
    else:
        assert isinstance(error, ConfigError)
        assert error.field in NAMES
        shown = repr(error.got)
        assert str(error).startswith(f"{error.field} must be {error.bound}, got {shown[:77]}")


@given(st.sampled_from(NAMES), junk.filter(lambda value: not isinstance(value, bool | int | float | str | list)))
def test_nothing_but_numbers_text_and_lists_is_a_value(name, value):
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_mapping({name: value})
    assert caught.value.field == name


@given(st.dictionaries(st.text(max_size=8) | st.integers(), junk, min_size=1, max_size=4))
def test_unknown_fields_are_named_with_the_known_ones(mapping):
    assume(not set(mapping) & set(NAMES))
    with pytest.raises(UnknownFieldError) as caught:
        RunConfig.from_mapping(mapping)
    assert all(str(name) in str(caught.value) for name in mapping)
    assert all(name in str(caught.value) for name in NAMES)


@given(st.text(max_size=60))
def test_no_query_and_no_json_text_raises_anything_else(text):
    for door in (RunConfig.from_query, RunConfig.from_json):
        config, error = through(door, text)
        assert isinstance(config, RunConfig) != bool(str(error or ""))


def bounded() -> list[tuple[str, float, float]]:
    return [(name, item.metadata["lo"], item.metadata["hi"]) for name, item in FIELDS.items()
            if item.metadata["kind"] in ("number", "integer")]  # fmt: skip


@pytest.mark.parametrize(("name", "lo", "hi"), bounded())
def test_every_bound_is_held_and_named(name, lo, hi):
    for outside in (lo - 1, hi + 1, -math.inf, math.nan, str(hi + 1), None, True, [lo]):
        with pytest.raises(ConfigError) as caught:
            RunConfig.from_mapping({name: outside})
        assert name in str(caught.value)
        assert f"{lo:g}" in str(caught.value) or str(lo) in str(caught.value)
        assert repr(outside) in str(caught.value)


SCHEDULE = "lr_schedule must be pairs step:rate with rising steps, as 500:0.001,1000:0.0001"
WIDTHS = "hidden must be at most 12 widths from 1 to 1024, as 16-16-16"


@pytest.mark.parametrize(
    ("fields_", "sentence"),
    [
        ({"radius": -1}, "radius must be a number from 0.001 to 10, got -1."),
        ({"radius": "big"}, "radius must be a number from 0.001 to 10, got 'big'."),
        ({"steps": 1.5}, "steps must be a whole number from 1 to 1000000, got 1.5."),
        ({"seed_data": 2**31}, "seed_data must be a whole number from 0 to 2147483647, got 2147483648."),
        ({"seed": -1}, "seed must be a whole number from 0 to 2147483647, got -1."),
        ({"epochs": None}, "epochs must be a whole number from 1 to 62500, got None."),
        ({"epochs": 2, "steps": 5}, "epochs must be left out where steps is given, got 2."),
        ({"width": 1300}, "width must be a whole number from 1 to 1024, got 1300."),
        ({"depth": 13}, "depth must be a whole number from 0 to 12, got 13."),
        ({"hidden": "4", "width": 4}, "hidden must be left out where width or depth is given, got '4'."),
        ({"hidden": "4-x"}, WIDTHS + ", got '4-x'."),
        ({"hidden": "1-2-3-4-5-6-7-8-9-1-2-3-4"}, WIDTHS + ", got '1-2-3-4-5-6-7-8-9-1-2-3-4'."),
        ({"shuffle": "perhaps"}, "shuffle must be true or false, got 'perhaps'."),
        ({"lr_schedule": "5:1,5:2"}, SCHEDULE + ", got '5:1,5:2'."),
        ({"max_phi": 1}, "max_phi must be above min_phi (1), got 1.0."),
        ({"arms": 5, "n_train": 4001}, "n_train must be at most 4000 per class with 5 classes, got 4001."),
        ({"dataset": "holes", "positive_radius": 0.4}, "positive_radius must be at most hole_radius (0.3), got 0.4."),
        ({"dataset": "holes", "holes": 2}, "hole_radius must be at most 0.1667 for 2 holes, got 0.3."),
        ({"dataset": "holes", "hole_radius": 1}, "hole_radius must be below 1 (disk_radius), got 1.0."),
        ({"rounds": 3, "lr": 1}, "Unknown field rounds; the known ones are dataset, radius,"),
    ],
)
def test_errors_are_sentences(fields_, sentence):
    with pytest.raises(NnprobeError) as caught:
        RunConfig.from_mapping(fields_)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("text", ["", "[]", "3", "null", "{", "[" * 100_000, '{"steps": ' + "9" * 5000 + "}"])
def test_what_is_not_a_json_object_is_refused(text):
    with pytest.raises(ConfigError, match=r"^config must be a"):
        RunConfig.from_json(text)


def test_values_too_long_to_show_are_refused_all_the_same():
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    for value in (10**5000, nested, "9" * 10_000):
        with pytest.raises(ConfigError) as caught:
            RunConfig.from_mapping({"steps": value})
        assert len(str(caught.value)) < 200
    with pytest.raises(UnknownFieldError) as unknown:
        RunConfig.from_mapping({"x" * 10_000: 1})
    assert len(str(unknown.value)) < 1000


def test_a_field_given_twice_in_a_query_is_refused():
    with pytest.raises(ConfigError, match=r"radius must be given once, got \['1', '2'\]"):
        RunConfig.from_query("radius=1&radius=2")


def test_shorthands():
    config = RunConfig.from_query("seed=7&seed_init=3&width=20&depth=2&epochs=4&batch_size=full")
    assert (config.seed_data, config.seed_init, config.seed_batch) == (7, 3, 7)
    assert config.hidden == (20, 20)
    assert (config.batch, config.steps_per_epoch, config.steps) == (1000, 1, 4)
    assert RunConfig.from_mapping({"epochs": 3}).steps == 3 * 16
    assert RunConfig.from_mapping({"depth": 0}).hidden == ()


@pytest.mark.parametrize(
    ("given_", "hidden"),
    [("", ()), ("8", (8,)), ("8-4-2", (8, 4, 2)), ("8, 4", (8, 4)), ([8, 4], (8, 4)), (["8", 4.0], (8, 4))],
)
def test_hidden_layers_may_be_text_or_a_list(given_, hidden):
    assert RunConfig.from_mapping({"hidden": given_}).hidden == hidden


def test_the_learning_rate_follows_its_schedule():
    config = RunConfig(lr=0.1, lr_schedule="10:0.01,20:0.5")
    assert config.lr_schedule == ((10, 0.01), (20, 0.5))
    assert [config.lr_at(step) for step in (0, 9, 10, 19, 20, 1000)] == [0.1, 0.1, 0.01, 0.01, 0.5, 0.5]


def test_minus_nought_is_nought():
    assert RunConfig(noise=-0.0).to_json() == RunConfig(noise=0).to_json()


def test_a_config_is_frozen_and_checked_however_it_is_made():
    config = RunConfig()
    with pytest.raises(FrozenInstanceError):
        config.lr = 1
    with pytest.raises(ConfigError, match="lr must be"):
        replace(config, lr=0)
    assert hash(config) == hash(RunConfig())


def test_choices_are_the_registrys():
    tables = {"dataset": DATASETS, "activation": ACTIVATIONS, "init": INITIALISATIONS, "optimiser": OPTIMISERS}
    for name, table in tables.items():
        assert FIELDS[name].metadata["choices"] == tuple(table)
        assert FIELDS[name].default in table


def test_every_field_has_what_a_form_needs():
    for item in FIELDS.values():
        assert {"kind", "label", "group", "help"} <= set(item.metadata)
        assert item.metadata["help"].endswith(".")
        assert item.metadata["group"] in ("data", "network", "training", "recording")


def test_defaults_are_the_default_preset_and_need_no_words_in_a_link():
    assert RunConfig().to_query() == ""
    assert RunConfig.from_query("") == RunConfig.from_json("{}") == RunConfig()
    assert set(json.loads(RunConfig().to_json())) == set(FIELDS)
