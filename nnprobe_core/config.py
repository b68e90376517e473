"""RunConfig: the frozen description of one experiment, and the one door through which it is made.

A form, a URL, JSON and the command line all come through :meth:`RunConfig.from_mapping`. The defaults are the
default preset and part of the interface: a link holds only what differs from them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, quote

from nnprobe_core.errors import ConfigError, UnknownFieldError
from nnprobe_core.registry import ACTIVATIONS, DATASETS, INITIALISATIONS, OPTIMISERS

MAX_DEPTH, MAX_WIDTH = 6, 256
MAX_POINTS = 20_000  #: training points over all classes
MAX_STEPS = 1_000_000


def _number(default: float, lo: float, hi: float, label: str, group: str, help: str, unit: str = "") -> Any:  # noqa: A002
    return field(
        default=default,
        metadata={"kind": "number", "lo": lo, "hi": hi, "label": label, "group": group, "help": help, "unit": unit},
    )


def _integer(default: int, lo: int, hi: int, label: str, group: str, help: str, unit: str = "") -> Any:  # noqa: A002
    return field(
        default=default,
        metadata={"kind": "integer", "lo": lo, "hi": hi, "label": label, "group": group, "help": help, "unit": unit},
    )


def _choice(default: str, choices: Sequence[str], label: str, group: str, help: str) -> Any:  # noqa: A002
    return field(
        default=default,
        metadata={"kind": "choice", "choices": tuple(choices), "label": label, "group": group, "help": help},
    )


@dataclass(frozen=True)
class RunConfig:
    """One experiment. Same config, same machine and versions: same film, byte for byte.

    ``n_train`` and ``n_test`` are points *per class*. ``batch_size`` 0 means the whole training set ("full" at the
    door). ``init_gain`` multiplies the initial weights and biases (5/3 is the gain of tanh). ``lr_schedule`` holds
    (step, learning rate) pairs: from that step on, that rate.
    """

    dataset: str = _choice("spiral", tuple(DATASETS), "Dataset", "data", "Which points are to be told apart.")
    radius: float = _number(0.11, 0.001, 10, "Spiral radius", "data", "Arm distance: a point lies at radius · φ.")
    min_phi: float = _number(1, 0, 100, "Min φ", "data", "The angle at which the spiral's arms begin.", "rad")
    max_phi: float = _number(9, 0.1, 100, "Max φ", "data", "The angle at which they end: more is harder.", "rad")
    noise: float = _number(0.05, 0, 5, "Noise", "data", "How far points stray from their place.")
    arms: int = _integer(2, 2, 6, "Arms", "data", "Arms of the spiral, one class each.")
    classes: int = _integer(3, 2, 6, "Classes", "data", "Number of blobs, one class each.")
    segments: int = _integer(5, 1, 50, "Segments", "data", "Line segments per class.")
    line_length: float = _number(0.2, 0.001, 2, "Line length", "data", "Length of each line segment.")
    holes: int = _integer(1, 1, 12, "Holes", "data", "Holes in the disk.")
    disk_radius: float = _number(1, 0.1, 10, "Disk radius", "data", "Radius of the disk that has the holes.")
    hole_radius: float = _number(0.3, 0.01, 5, "Hole radius", "data", "Radius of each hole.")
    positive_radius: float = _number(0.2, 0.01, 5, "Positive radius", "data", "Radius of the class inside each hole.")
    label_noise: float = _number(0, 0, 1, "Random labels", "data", "Share of points whose label is drawn at random.")
    n_train: int = _integer(500, 2, 5000, "Training points", "data", "Training points per class.")
    n_test: int = _integer(500, 2, 5000, "Test points", "data", "Test points per class.")

    hidden: tuple[int, ...] = field(
        default=(16, 16, 16),
        metadata={
            "kind": "integers",
            "lo": 1,
            "hi": MAX_WIDTH,
            "most": MAX_DEPTH,
            "label": "Hidden layers",
            "group": "network",
            "help": "Width of each hidden layer, as 16-16-16; empty for none.",
        },
    )
    activation: str = _choice("tanh", tuple(ACTIVATIONS), "Activation", "network", "The bend after every hidden layer.")
    init: str = _choice(
        "torch", tuple(INITIALISATIONS), "Initialisation", "network", "How the first weights are drawn."
    )
    init_gain: float = _number(5 / 3, 0.001, 100, "Gain", "network", "Factor on the first weights and biases.")

    optimiser: str = _choice("adam", tuple(OPTIMISERS), "Optimiser", "training", "How a gradient becomes a step.")
    lr: float = _number(0.01, 1e-7, 100, "Learning rate", "training", "The size of a step.")
    momentum: float = _number(0.9, 0, 0.9999, "Momentum", "training", "For the optimiser momentum: the share kept.")
    weight_decay: float = _number(0, 0, 10, "L2", "training", "Pulls every parameter toward 0.")
    batch_size: int = _integer(64, 0, MAX_POINTS, "Batch size", "training", "Points per step; 0 or full: all of them.")
    steps: int = _integer(1500, 1, MAX_STEPS, "Steps", "training", "Optimiser steps in all.")
    shuffle: bool = field(
        default=True,
        metadata={
            "kind": "boolean",
            "label": "Shuffle",
            "group": "training",
            "help": "A new order of the points each epoch.",
        },
    )
    lr_schedule: tuple[tuple[int, float], ...] = field(
        default=(),
        metadata={
            "kind": "schedule",
            "label": "Learning rate schedule",
            "group": "training",
            "help": "Changes of the rate, as 500:0.001,1000:0.0001.",
        },
    )
    seed_data: int = _integer(0, 0, 2**31 - 1, "Data seed", "training", "Which points are drawn.")
    seed_init: int = _integer(0, 0, 2**31 - 1, "Weights seed", "training", "Which first weights are drawn.")
    seed_batch: int = _integer(0, 0, 2**31 - 1, "Batch seed", "training", "In which order points come.")
    frames: int = _integer(300, 2, 3000, "Frames", "recording", "About how many frames the film has.")
    device: str = _choice("cpu", ("cpu", "cuda"), "Device", "recording", "Where the network is trained.")

    def __post_init__(self) -> None:
        for item in fields(self):
            object.__setattr__(self, item.name, _check(item, getattr(self, item.name)))
        if self.dataset == "spiral" and self.max_phi <= self.min_phi:
            raise ConfigError("max_phi", f"above min_phi ({self.min_phi:g})", self.max_phi)
        if self.n_classes * self.n_train > MAX_POINTS:
            most = MAX_POINTS // self.n_classes
            raise ConfigError("n_train", f"at most {most} per class with {self.n_classes} classes", self.n_train)
        if self.dataset == "holes":
            self._check_holes()

    def _check_holes(self) -> None:
        if self.positive_radius > self.hole_radius:
            raise ConfigError("positive_radius", f"at most hole_radius ({self.hole_radius:g})", self.positive_radius)
        # A ring of holes lies at half the radius; up to a sixth, none reaches the rim or the one in the middle.
        most = self.disk_radius if self.holes == 1 else self.disk_radius / 6
        if self.hole_radius >= most if self.holes == 1 else self.hole_radius > most:
            bound = (
                f"below {most:.4g} (disk_radius)" if self.holes == 1 else f"at most {most:.4g} for {self.holes} holes"
            )
            raise ConfigError("hole_radius", bound, self.hole_radius)

    @property
    def n_classes(self) -> int:
        """Number of classes of the dataset."""
        return {"spiral": self.arms, "blobs": self.classes}.get(self.dataset, 2)

    @property
    def points(self) -> int:
        """Training points over all classes."""
        return self.n_classes * self.n_train

    @property
    def batch(self) -> int:
        """Points of a full batch: ``batch_size``, or all points."""
        return min(self.batch_size or self.points, self.points)

    @property
    def steps_per_epoch(self) -> int:
        return -(-self.points // self.batch)

    @property
    def epochs(self) -> float:
        return self.steps / self.steps_per_epoch

    @property
    def widths(self) -> tuple[int, ...]:
        """Units of every layer: input, hidden layers, logits."""
        return (2, *self.hidden, self.n_classes)

    def lr_at(self, step: int) -> float:
        """The learning rate of the step that leads from ``step`` to ``step + 1``."""
        rate = self.lr
        for start, value in self.lr_schedule:
            if start <= step:
                rate = value
        return rate

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> RunConfig:
        """The config that ``mapping`` describes; values may be typed or text.

        Fields left out have their defaults. Three names stand for others: ``seed`` for all three seeds, ``epochs``
        for ``steps``, and ``width`` with ``depth`` for ``hidden``. Raises ConfigError and UnknownFieldError.
        """
        if not isinstance(mapping, Mapping):
            raise ConfigError("config", "a mapping of fields", mapping)
        values = dict(mapping)
        known = [item.name for item in fields(cls)]
        unknown = sorted(str(name) for name in values if name not in known and name not in _SHORTHANDS)
        if unknown:
            raise UnknownFieldError(unknown, [*known, *_SHORTHANDS])
        if "seed" in values:
            seed = _whole("seed", values.pop("seed"), 0, 2**31 - 1)
            for name in ("seed_data", "seed_init", "seed_batch"):
                values.setdefault(name, seed)
        if "width" in values or "depth" in values:
            if "hidden" in values:
                raise ConfigError("hidden", "left out where width or depth is given", values["hidden"])
            width = _whole("width", values.pop("width", 16), 1, MAX_WIDTH)
            values["hidden"] = (width,) * _whole("depth", values.pop("depth", 3), 0, MAX_DEPTH)
        if "epochs" not in values:
            return cls(**values)
        epochs = values.pop("epochs")
        if "steps" in values:
            raise ConfigError("epochs", "left out where steps is given", epochs)
        per_epoch = cls(**values).steps_per_epoch
        return cls(**values, steps=_whole("epochs", epochs, 1, MAX_STEPS // per_epoch) * per_epoch)

    @classmethod
    def from_json(cls, text: str) -> RunConfig:
        try:
            mapping = json.loads(text)
        except (ValueError, RecursionError):  # the latter for brackets nested thousands deep
            raise ConfigError("config", "a JSON object", text) from None
        return cls.from_mapping(mapping)

    @classmethod
    def from_query(cls, query: str) -> RunConfig:
        """The config in a URL's query string (with or without its question mark)."""
        pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
        names = [name for name, _ in pairs]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ConfigError(twice, "given once", [value for name, value in pairs if name == twice])
        return cls.from_mapping(dict(pairs))

    def to_mapping(self) -> dict[str, Any]:
        """All fields as JSON values."""
        out = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**out, "hidden": list(self.hidden), "lr_schedule": [list(pair) for pair in self.lr_schedule]}

    def to_json(self) -> str:
        return json.dumps(self.to_mapping(), sort_keys=True)

    def to_query(self) -> str:
        """The fields that differ from their defaults, as a URL's query string."""
        parts = []
        for item in fields(self):
            value = getattr(self, item.name)
            if value != item.default:
                parts.append(f"{item.name}={quote(_text(value), safe=':,-.')}")
        return "&".join(parts)


_SHORTHANDS = ("seed", "epochs", "width", "depth")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        if value and isinstance(value[0], tuple):
            return ",".join(f"{step}:{rate!r}" for step, rate in value)
        return "-".join(str(part) for part in value)
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _check(item: Field[Any], value: Any) -> Any:
    meta, name = item.metadata, item.name
    match meta["kind"]:
        case "number":
            return _real(name, value, meta["lo"], meta["hi"])
        case "integer":
            if name == "batch_size" and value == "full":
                return 0
            return _whole(name, value, meta["lo"], meta["hi"])
        case "choice":
            if not isinstance(value, str) or value not in meta["choices"]:
                raise ConfigError(name, f"one of {', '.join(meta['choices'])}", value)
            return value
        case "boolean":
            return _truth(name, value)
        case "integers":
            return _widths(name, value, meta)
        case _:
            return _schedule(name, value)


def _real(name: str, value: Any, lo: float, hi: float) -> float:
    bound = f"a number from {lo:g} to {hi:g}"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ConfigError(name, bound, value)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise ConfigError(name, bound, value) from None
    if not (math.isfinite(number) and lo <= number <= hi):
        raise ConfigError(name, bound, value)
    return number + 0.0  # −0 becomes 0: equal configs have equal text


def _whole(name: str, value: Any, lo: int, hi: int) -> int:
    bound = f"a whole number from {lo} to {hi}"
    number = value
    if isinstance(value, str):
        try:
            number = int(value)
        except ValueError:
            raise ConfigError(name, bound, value) from None
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int) or not lo <= number <= hi:
        raise ConfigError(name, bound, value)
    return number


def _truth(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false", "1", "0", "yes", "no", "on", "off"):
        return value.lower() in ("true", "1", "yes", "on")
    raise ConfigError(name, "true or false", value)


def _widths(name: str, value: Any, meta: Mapping[str, Any]) -> tuple[int, ...]:
    bound = f"at most {meta['most']} widths from {meta['lo']} to {meta['hi']}, as 16-16-16"
    parts: list[Any]
    if isinstance(value, str):
        parts = [part for part in value.replace(",", "-").split("-") if part.strip()] if value.strip() else []
        if value.strip() and len(parts) != value.replace(",", "-").count("-") + 1:
            raise ConfigError(name, bound, value)
    elif isinstance(value, Sequence):
        parts = list(value)
    else:
        raise ConfigError(name, bound, value)
    if len(parts) > meta["most"]:
        raise ConfigError(name, bound, value)
    try:
        return tuple(_whole(name, part, meta["lo"], meta["hi"]) for part in parts)
    except ConfigError:
        raise ConfigError(name, bound, value) from None


def _schedule(name: str, value: Any) -> tuple[tuple[int, float], ...]:
    bound = "pairs step:rate with rising steps, as 500:0.001,1000:0.0001"
    parts = value
    if isinstance(value, str):
        parts = [part.split(":") for part in value.split(",")] if value.strip() else []
    if not isinstance(parts, Sequence):
        raise ConfigError(name, bound, value)
    pairs = []
    for pair in parts:
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            raise ConfigError(name, bound, value)
        try:
            pairs.append((_whole(name, pair[0], 0, MAX_STEPS), _real(name, pair[1], 1e-7, 100)))
        except ConfigError:
            raise ConfigError(name, bound, value) from None
    if any(later[0] <= earlier[0] for earlier, later in pairwise(pairs)):
        raise ConfigError(name, bound, value)
    return tuple(pairs)
