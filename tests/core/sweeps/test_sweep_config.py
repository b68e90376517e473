"""The door of a sweep: axes, values, cells and waves, and what it refuses."""

from dataclasses import dataclass, field, fields

import pytest

from nnprobe_core.base_config import BaseConfig, held
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError, UnknownFieldError
from nnprobe_core.fields import MAX_SEED, choice, integer
from nnprobe_core.kinds import config_from_mapping, config_from_query
from nnprobe_core.sweeps.config import SweepConfig


def sweep(**values):
    return SweepConfig.from_mapping(values)


def test_cells_are_every_value_with_every_value_with_every_seed():
    config = sweep(over="max_phi", values="4:8:2", over2="activation", values2="tanh,relu", seeds=2, lr=0.02, seed=10)
    assert [axis.values for axis in config.axes] == [(4, 6, 8), ("tanh", "relu")]
    assert len(config.cells) == 12
    assert [cell.places for cell in config.cells][::2] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    last = config.cells[-1]
    assert (last.seed, last.places) == (1, (2, 1))
    assert last.config == RunConfig.from_mapping({"max_phi": 8, "activation": "relu", "lr": 0.02, "seed": 11})


@pytest.mark.parametrize(
    ("over", "values", "field", "expected"),
    [
        ("width", "2,4", "hidden", [(2, 2, 2), (4, 4, 4)]),
        ("depth", "0:2:1", "hidden", [(), (16,), (16, 16)]),
        ("hidden", "3,4-5", "hidden", [(3,), (4, 5)]),
        ("epochs", "1,3", "steps", [16, 48]),
        ("entanglement", "2:8:3", "max_phi", [3, 6, 9]),
        ("batch_size", "full,16", "batch_size", [0, 16]),
        ("noise", "0:0.3:0.1", "noise", [0, 0.1, 0.2, 0.3]),
        ("shuffle", "true,false", "shuffle", [True, False]),
    ],
)
def test_any_setting_can_be_varied(over, values, field, expected):
    config = sweep(over=over, values=values, seeds=1)
    assert [getattr(cell.config, field) for cell in config.cells] == expected
    rest = config.cells[0].config
    assert rest == RunConfig.from_mapping({field: expected[0]})


def test_width_and_depth_together_and_entanglement_with_min_phi():
    config = sweep(over="width", values="2,5", over2="depth", values2="1,2", seeds=1)
    assert [cell.config.hidden for cell in config.cells] == [(2,), (2, 2), (5,), (5, 5)]
    config = sweep(over="min_phi", values="0,2", over2="entanglement", values2="4", seeds=1)
    assert [(cell.config.min_phi, cell.config.max_phi) for cell in config.cells] == [(0, 4), (2, 6)]


def test_a_seed_draws_anew_what_is_asked():
    for vary, names in (("all", ("data", "init", "batch")), ("init", ("init",)), ("data", ("data",))):
        config = sweep(seeds=3, vary=vary, seed=4)
        for name in ("data", "init", "batch"):
            expected = [4, 5, 6] if name in names else [4, 4, 4]
            assert [getattr(cell.config, f"seed_{name}") for cell in config.cells] == expected


def test_waves_are_of_64_and_the_film_counts_their_steps():
    config = sweep(over="steps", values="10,30", seeds=50)
    assert [len(wave) for wave in config.waves] == [64, 36]
    assert config.planned == 60
    assert sweep(seeds=64, steps=200).planned == 200


def test_it_goes_through_mapping_json_and_query_and_back():
    config = sweep(over="lr", values="0.1,0.01", over2="hidden", values2="4-4,8", epsilons="0.1,0.2", steps=70)
    for again in (
        SweepConfig.from_json(config.to_json()),
        config_from_mapping(config.to_mapping()),
        config_from_query(config.to_query()),
    ):
        assert type(again) is SweepConfig
        assert again == config
    assert config.to_query().startswith("kind=sweep&")
    assert config.to_mapping()["kind"] == "sweep"
    with pytest.raises(ConfigError, match="kind must be run"):
        RunConfig.from_mapping(config.to_mapping())


def test_it_holds_a_run_and_is_none():
    config = sweep(lr=0.5, depth=2, frames=9, seeds=3)
    assert not isinstance(config, RunConfig)
    assert config.run == RunConfig(lr=0.5, hidden=(16, 16))  # with a run's own number of frames
    assert (config.frames, config.get("frames"), config.get("lr"), config.get("over3", "none")) == (9, 9, 0.5, "none")
    names = [item.name for item in SweepConfig.options()]
    own = [item.name for item in fields(SweepConfig)]
    assert names[: len(fields(RunConfig))] == [item.name for item in fields(RunConfig)]
    assert names[len(fields(RunConfig)) :] == [name for name in own if name not in ("run", "engine", "frames")]
    assert list(config.to_mapping()) == ["kind", *names]
    assert config.to_query() == "kind=sweep&hidden=16-16&lr=0.5&frames=9&seeds=3"
    with pytest.raises(ConfigError, match="run must be a RunConfig"):
        SweepConfig(run=config)
    with pytest.raises(ConfigError, match="engine must be one of kernel, got 'autograd'"):
        sweep(engine="autograd")


@dataclass(frozen=True)
class Inner(BaseConfig):
    """What is held: its fields may be called as anything that its holder computes."""

    cells: int = integer(4, 1, 9, "Cells", "data", "Of a data set.")
    shape: str = choice("a", ("a", "b"), "Shape", "data", "Of a data set.")


def test_what_is_held_may_have_a_field_named_as_something_its_holder_computes():
    @dataclass(frozen=True)
    class Outer(BaseConfig):
        KIND = "outer"
        run: Inner = field(default_factory=Inner, metadata=held(Inner, without=("shape",)))
        seeds: int = integer(1, 1, 9, "Seeds", "own", "Of the holder.")
        shape: str = choice("c", ("c", "d"), "Shape", "own", "Of the holder.")

        @property
        def cells(self) -> tuple[int, ...]:
            return (self.run.cells,) * self.seeds

    config = Outer.from_mapping({"cells": "5", "shape": "d", "seeds": 2})
    assert (config.cells, config.run) == ((5, 5), Inner(cells=5))
    assert config.to_mapping() == {"kind": "outer", "cells": 5, "shape": "d", "seeds": 2}
    assert Outer.from_query(config.to_query()) == config

    @dataclass(frozen=True)
    class Twice(BaseConfig):
        run: Inner = field(default_factory=Inner, metadata=held(Inner))
        cells: int = integer(1, 1, 9, "Cells", "own", "Of both.")

    with pytest.raises(TypeError, match="Twice has a field cells, and so has the Inner it holds"):
        Twice.options()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"over": "nose", "values": "1"}, "over must be empty or one of entanglement, width"),
        ({"over": "seed_data", "values": "1"}, "over must be empty or one of"),
        ({"over": "lr", "values": ""}, "values must be values of Learning rate, as 4,8,16"),
        (
            {"over": "lr", "values": "0.1,x"},
            "values must be values of Learning rate, each a number from 1e-07 to 100, got 'x'",
        ),
        (
            {"over": "width", "values": "2,1400"},
            "values must be values of Width, each a whole number from 1 to 1024, got '1400'",
        ),
        ({"over": "lr", "values": "0.1,0.10"}, "values must be values that differ"),
        ({"over": "lr", "values": "3:1:1"}, "values must be first:last:step with a step above 0"),
        ({"over": "lr", "values": "1:2:0"}, "a step above 0"),
        ({"over": "lr", "values": "1:9:0.00001"}, "at most 200 values"),
        ({"over": "lr", "values": "1:2:x"}, "first:last:step as 4:12:2, got '1:2:x'"),
        ({"over2": "lr", "values2": "1"}, "over2 must be empty where over is"),
        ({"over": "lr", "values": "1", "over2": "lr", "values2": "2"}, r"another field than over \(lr\)"),
        ({"over": "lr", "values": "1:100:1", "seeds": 30}, "at most 2048 networks in all, got '3000 networks'"),
        ({"over": "max_phi", "values": "0.5,9"}, r"max_phi must be above min_phi \(1\), got 0.5"),
        (
            {"over": "width", "values": "4", "over2": "hidden", "values2": "8"},
            "over2 must be a setting that width leaves",
        ),
        (
            {"over": "epochs", "values": "4", "over2": "steps", "values2": "8"},
            "over2 must be a setting that epochs leaves",
        ),
        ({"seeds": 0}, "seeds must be a whole number from 1 to 100"),
        ({"epsilons": [-1]}, "epsilons must be at most 20 numbers from 0 to 100"),
        ({"seed": 2**31 - 1}, "seed_data must be at most 2147483643 with 5 seeds"),
    ],
)
def test_what_it_refuses_is_said_in_a_sentence(values, sentence):
    with pytest.raises(ConfigError, match=sentence):
        sweep(**values)


@pytest.mark.parametrize(("vary", "bounded"), [("all", "seed_batch"), ("init", "seed_init"), ("data", "seed_data")])
def test_the_last_seed_of_a_sweep_is_the_last_there_is(vary, bounded):
    last = sweep(seeds=4, vary=vary, **{bounded: MAX_SEED - 3}).cells[-1].config
    assert getattr(last, bounded) == MAX_SEED == 2**31 - 1
    with pytest.raises(ConfigError, match=f"{bounded} must be at most {MAX_SEED - 3} with 4 seeds, got {MAX_SEED - 2}"):
        sweep(seeds=4, vary=vary, **{bounded: MAX_SEED - 2})
    assert sweep(seeds=1, vary=vary, seed=MAX_SEED).cells[0].config.seed_init == MAX_SEED
    with pytest.raises(ConfigError, match=f"from 0 to {MAX_SEED}"):
        sweep(seeds=1, seed=MAX_SEED + 1)


def test_a_seed_that_does_not_vary_may_be_any():
    assert sweep(seeds=9, vary="init", seed_data=MAX_SEED).cells[-1].config.seed_data == MAX_SEED


def test_unknown_fields_are_named():
    with pytest.raises(UnknownFieldError, match="Unknown field overs"):
        sweep(overs="lr")
