"""SweepConfig: a run, the one or two of its fields that are varied, and over how many seeds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Any, ClassVar

from nnprobe_core.base_config import BaseConfig, held
from nnprobe_core.config import RunConfig, changed
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import MAX_SEED, choice, integer, numbers
from nnprobe_core.sweeps.axis import ENTANGLEMENT, Axis, parse_axis, sweepable
from nnprobe_core.work import FRAME, Work, parameters, training

MAX_CELLS = 2048
WAVE = 64  #: cells that train at once; the first of them are the fates
MAX_LEVELS = 20  #: of noise, and of ε
_FATE = 24**2  #: cells of a small boundary
#: The thesis's experiment: 1 340 training and 660 test points, five hidden layers of 50, 100 epochs of 27 steps.
THESIS: Mapping[str, Any] = {
    "radius": 2, "min_phi": 1, "max_phi": 9, "noise": 0, "n_train": 670, "n_test": 330,
    "hidden": (50,) * 5, "activation": "tanh", "init": "torch", "init_gain": 1,
    "optimiser": "adam", "lr": 0.001, "batch_size": 50, "steps": 2700,
}  # fmt: skip
#: Settings that say the same in two ways, so that a sweep cannot vary both.
CLASHES = (("width", "hidden"), ("depth", "hidden"), ("epochs", "steps"))
SEEDS = {"all": ("seed_data", "seed_init", "seed_batch"), "init": ("seed_init",), "data": ("seed_data",)}


@dataclass(frozen=True)
class Cell:
    """One network of a sweep.

    Attributes
    ----------
    places : (int, int)
        Index of its value on each axis; 0 where there is none.
    seed : int
        0… counted from the sweep's own.
    config : RunConfig
        The run it is.
    """

    places: tuple[int, int]
    seed: int
    config: RunConfig


def _axis_field(label: str, help: str) -> Any:  # noqa: A002
    """The name of a field to vary; empty for none."""

    def check(name: str, value: Any) -> str:
        if value in ("", None) or value in sweepable():
            return value or ""
        raise ConfigError(name, f"empty or one of {', '.join(sweepable())}", value)

    choices = ("", *sweepable())
    metadata = {"kind": "choice", "check": check, "choices": choices, "label": label, "group": "sweep", "help": help}
    return field(default="", metadata=metadata)


def _values_field(label: str, help: str) -> Any:  # noqa: A002
    def check(name: str, value: Any) -> str:
        if isinstance(value, list | tuple):
            value = ",".join(str(part) for part in value)
        if not isinstance(value, str) or len(value) > 2000:
            raise ConfigError(name, "values as 4,8,16 or first:last:step as 4:12:2", value)
        return value.strip()

    return field(default="", metadata={"kind": "text", "check": check, "label": label, "group": "sweep", "help": help})


@dataclass(frozen=True)
class SweepConfig(BaseConfig):
    """A sweep: every value of ``over`` with every value of ``over2``, each with ``seeds`` seeds.

    ``run`` is what is varied; a mapping or a link has its fields beside the sweep's own. ``values`` are as ``4,8,16``
    or ``first:last:step``, last included. ``over`` may be any field of a run but seeds, device and what a film
    records, or one of ``width``, ``depth``, ``epochs`` and ``entanglement`` (max_phi − min_phi); empty for none: then
    only seeds differ.
    """

    KIND: ClassVar[str] = "sweep"
    SHORTHANDS: ClassVar[tuple[str, ...]] = RunConfig.SHORTHANDS

    run: RunConfig = field(default_factory=RunConfig, metadata=held(RunConfig, without=("engine", "frames")))
    over: str = _axis_field("Vary", "The setting that differs from network to network.")
    values: str = _values_field("Values", "Its values, as 4,8,16, or first:last:step as 4:12:2.")
    over2: str = _axis_field("And vary", "A second setting: every value of it with every value of the first.")
    values2: str = _values_field("Its values", "As 4,8,16, or first:last:step as 4:12:2.")
    seeds: int = integer(5, 1, 100, "Seeds", "sweep", "Networks for each combination of values.")
    vary: str = choice(
        "all", tuple(SEEDS), "Seeds change", "sweep", "What a seed draws anew: all, the first weights, or the points."
    )
    test_noise: tuple[float, ...] = numbers(
        (0.05, 0.1, 0.15, 0.2, 0.3), 0, 100, MAX_LEVELS, "Test noise", "stress",
        "Test points are moved by up to so much, evenly, along each axis.",
    )  # fmt: skip
    epsilons: tuple[float, ...] = numbers(
        (0.05, 0.1, 0.15, 0.2, 0.3), 0, 100, MAX_LEVELS, "Attack ε", "stress",
        "Test points are moved by so much against the network (FGSM).",
    )  # fmt: skip
    engine: str = choice("kernel", ("kernel",), "Engine", "training", "A sweep's networks train at once in the kernel.")
    frames: int = integer(120, 2, 3000, "Frames", "recording", "About how many frames the film has.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.over2 and not self.over:
            raise ConfigError("over2", "empty where over is", self.over2)
        if self.over and self.over == self.over2:
            raise ConfigError("over2", f"another field than over ({self.over})", self.over2)
        if any({self.over, self.over2} == set(pair) for pair in CLASHES):
            raise ConfigError("over2", f"a setting that {self.over} leaves free", self.over2)
        count = self.seeds
        for axis in self.axes:
            count *= len(axis.values)
        if count > MAX_CELLS:
            raise ConfigError("values", f"few enough for at most {MAX_CELLS} networks in all", f"{count} networks")
        for name in SEEDS[self.vary]:
            if (first := getattr(self.run, name)) + self.seeds - 1 > MAX_SEED:
                raise ConfigError(name, f"at most {MAX_SEED - self.seeds + 1} with {self.seeds} seeds", first)
        _ = self.bases  # refuses a combination that is no run

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """What is varied: none, one or two."""
        given = ((self.over, self.values, "values"), (self.over2, self.values2, "values2"))
        return tuple(parse_axis(name, values, where) for name, values, where in given if name)

    @cached_property
    def bases(self) -> dict[tuple[int, int], RunConfig]:
        """By place on both axes, the run before its seeds."""
        first, second = (*self.axes, None, None)[:2]
        places = product(range(len(first.values) if first else 1), range(len(second.values) if second else 1))
        out = {}
        for i, j in places:
            values = {axis.field: axis.values[at] for axis, at in ((first, i), (second, j)) if axis}
            out[i, j] = varied(self.run, values)
        return out

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """All networks: value by value of the first axis, then of the second, then seed by seed."""
        return tuple(
            Cell(places, seed, replace(config, **{name: getattr(config, name) + seed for name in SEEDS[self.vary]}))
            for places, config in self.bases.items()
            for seed in range(self.seeds)
        )

    @cached_property
    def waves(self) -> tuple[tuple[int, ...], ...]:
        """Indices of the cells that train at once, wave by wave."""
        every = range(len(self.cells))
        return tuple(tuple(every[at : at + WAVE]) for at in range(0, len(every), WAVE))

    @property
    def device(self) -> str:
        return self.run.device

    @property
    def planned(self) -> int:
        """Steps of the whole film: a wave's are those of its longest run."""
        return sum(max(self.cells[index].config.steps for index in wave) for wave in self.waves)

    @property
    def work(self) -> Work:
        cells = len(self.bases) * self.seeds
        frames = min(self.frames, self.planned + 1)
        every = sum(training(parameters(run.widths), run.batch, run.steps) for run in self.bases.values())
        # Each frame asks every network of its wave at all its points, and at the cells of its fate.
        seen = max(parameters(run.widths) * (2 * run.points + _FATE) for run in self.bases.values())
        return {"seeds": self.seeds * every, "frames": frames * (FRAME + min(cells, WAVE) * seen)}

    @property
    def layers(self) -> int:
        """Weight matrices of the deepest network."""
        return max(len(config.hidden) for config in self.bases.values()) + 1


def varied(base: RunConfig, values: dict[str, Any]) -> RunConfig:
    """``base`` with these values; ``entanglement``, ``width``, ``depth`` and ``epochs`` take the place of fields."""
    values = dict(values)
    if ENTANGLEMENT in values:
        # Added up at the door's own bounds: 1 + 8 is 9, with or without rounding.
        values["max_phi"] = values.get("min_phi", base.min_phi) + values.pop(ENTANGLEMENT)
    return RunConfig.from_mapping(changed(base, values))
