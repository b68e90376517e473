"""RunConfig: the frozen description of one run.

A form, a URL, JSON and the command line all come through :meth:`RunConfig.from_mapping`. The defaults are the
default preset and part of the interface: a link holds only what differs from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from nnprobe_core.base_config import BaseConfig
from nnprobe_core.datasets.declare import declared, with_own_fields
from nnprobe_core.datasets.own import named, parse
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import (
    MAX_SEED,
    MAX_STEPS,
    boolean,
    choice,
    integer,
    integers,
    matters,
    number,
    schedule,
    text,
    whole,
)
from nnprobe_core.registry import ACTIVATIONS, DATASETS, ENGINES, INITIALISATIONS, OPTIMISERS
from nnprobe_core.work import Work, looks, parameters, training

MAX_DEPTH, MAX_WIDTH = 12, 1024
MAX_POINTS = 20_000  #: training points over all classes
_GRID, _SHOWN = 10_000, 1000  #: cells of the boundary, and points of a map: what a frame asks the network


@dataclass(frozen=True)
@with_own_fields
class RunConfig(BaseConfig):
    """One experiment. Same config, same machine and versions: same film, byte for byte.

    ``n_train`` and ``n_test`` are points *per class*. ``data`` names points of one's own, which then stand in place of
    the dataset with all its fields: see :mod:`nnprobe_core.datasets.own`. ``batch_size`` 0 means the whole training set
    ("full" at the door). ``init_gain`` multiplies the initial weights and biases (5/3 is the gain of tanh).
    ``lr_schedule`` holds (step, learning rate) pairs: from that step on, that rate. Data sets may have fields of their
    own besides (:mod:`nnprobe_core.datasets.declare`).
    """

    dataset: str = choice("spiral", tuple(DATASETS), "Dataset", "data", "Which points are to be told apart.")
    radius: float = number(0.11, 0.001, 10, "Spiral radius", "data", "Arm distance: a point lies at radius · φ.")
    min_phi: float = number(1, 0, 100, "Min φ", "data", "The angle at which the spiral's arms begin.", "rad")
    max_phi: float = number(9, 0.1, 100, "Max φ", "data", "The angle at which they end: more is harder.", "rad")
    noise: float = number(0.05, 0, 5, "Noise", "data", "How far points stray from their place.")
    arms: int = integer(2, 2, 6, "Arms", "data", "Arms of the spiral, one class each.")
    classes: int = integer(3, 2, 6, "Classes", "data", "Number of blobs, one class each.")
    segments: int = integer(5, 1, 50, "Segments", "data", "Line segments per class.")
    line_length: float = number(0.2, 0.001, 2, "Line length", "data", "Length of each line segment.")
    holes: int = integer(1, 1, 12, "Holes", "data", "Holes in the disk.")
    disk_radius: float = number(1, 0.1, 10, "Disk radius", "data", "Radius of the disk that has the holes.")
    hole_radius: float = number(0.3, 0.01, 5, "Hole radius", "data", "Radius of each hole.")
    positive_radius: float = number(0.2, 0.01, 5, "Positive radius", "data", "Radius of the class inside each hole.")
    label_noise: float = number(0, 0, 1, "Random labels", "data", "Share of points whose label is drawn at random.")
    n_train: int = integer(500, 2, 5000, "Training points", "data", "Training points per class.")
    n_test: int = integer(500, 2, 5000, "Test points", "data", "Test points per class.")
    data: str = text("", named, "Own points", "data", "In place of a dataset, the name of points of one's own.")

    hidden: tuple[int, ...] = integers(
        (16, 16, 16),
        1,
        MAX_WIDTH,
        MAX_DEPTH,
        "Hidden layers",
        "network",
        "Width of each hidden layer, as 16-16-16; empty for none.",
        what="widths",
    )
    activation: str = choice("tanh", tuple(ACTIVATIONS), "Activation", "network", "The bend after every hidden layer.")
    init: str = choice("torch", tuple(INITIALISATIONS), "Initialisation", "network", "How the first weights are drawn.")
    init_gain: float = number(5 / 3, 0.001, 100, "Gain", "network", "Factor on the first weights and biases.")

    optimiser: str = choice("adam", tuple(OPTIMISERS), "Optimiser", "training", "How a gradient becomes a step.")
    lr: float = number(0.01, 1e-7, 100, "Learning rate", "training", "The size of a step.")
    momentum: float = number(0.9, 0, 0.9999, "Momentum", "training", "For the optimiser momentum: the share kept.")
    weight_decay: float = number(0, 0, 10, "L2", "training", "Pulls every parameter toward 0.")
    batch_size: int = integer(
        64,
        0,
        MAX_POINTS,
        "Batch size",
        "training",
        "Points per step; 0 or full: all of them.",
        words={"full": 0},
    )
    steps: int = integer(1500, 1, MAX_STEPS, "Steps", "training", "Optimiser steps in all.")
    shuffle: bool = boolean(True, "Shuffle", "training", "A new order of the points each epoch.")
    lr_schedule: tuple[tuple[int, float], ...] = schedule(
        "Learning rate schedule", "training", "Changes of the rate, as 500:0.001,1000:0.0001."
    )
    seed_data: int = integer(0, 0, MAX_SEED, "Data seed", "training", "Which points are drawn.")
    seed_init: int = integer(0, 0, MAX_SEED, "Weights seed", "training", "Which first weights are drawn.")
    seed_batch: int = integer(0, 0, MAX_SEED, "Batch seed", "training", "In which order points come.")
    engine: str = choice(
        "kernel",
        tuple(ENGINES),
        "Engine",
        "training",
        "What computes it: the kernel, written by hand; the NumPy autograd library, which can be read; or your own.",
    )
    frames: int = integer(300, 2, 3000, "Frames", "recording", "About how many frames the film has.")
    device: str = choice("cpu", ("cpu", "cuda"), "Device", "training", "Where the network is trained.")

    SHORTHANDS: ClassVar[tuple[str, ...]] = ("seed", "epochs", "width", "depth")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.points > MAX_POINTS:
            most = MAX_POINTS // self.n_classes
            raise ConfigError("n_train", f"at most {most} per class with {self.n_classes} classes", self.n_train)
        if check := declared(self.dataset).check:
            check(self)
        if self.engine != "kernel" and self.device != "cpu":
            raise ConfigError("device", f"cpu with the engine {self.engine}", self.device)

    @property
    def n_classes(self) -> int:
        """Number of classes of the dataset."""
        if self.data:
            return parse(self.data).classes
        return declared(self.dataset).n_classes(self)

    @property
    def points(self) -> int:
        """Training points over all classes."""
        return parse(self.data).train if self.data else self.n_classes * self.n_train

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

    @property
    def work(self) -> Work:
        seen = _GRID + 2 * min(self.points, _SHOWN)
        frames = min(self.frames, self.steps + 1)
        return {
            "steps": training(parameters(self.widths), self.batch, self.steps),
            "frames": looks(self.widths, frames, seen),
        }

    @property
    def room(self) -> Work:
        """Bytes that its film has at least, by field: the weights of every frame."""
        return {"frames": 4 * parameters(self.widths) * min(self.frames, self.steps + 1)}

    def lr_at(self, step: int) -> float:
        """The learning rate of the step that leads from ``step`` to ``step + 1``."""
        rate = self.lr
        for start, value in self.lr_schedule:
            if start <= step:
                rate = value
        return rate

    @classmethod
    def expand(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Four names stand for others: ``seed`` for all three seeds, ``epochs`` for ``steps``, and ``width`` with
        ``depth`` for ``hidden``."""
        if "seed" in values:
            seed = whole("seed", values.pop("seed"), 0, MAX_SEED)
            for name in ("seed_data", "seed_init", "seed_batch"):
                values.setdefault(name, seed)
        if "width" in values or "depth" in values:
            if "hidden" in values:
                raise ConfigError("hidden", "left out where width or depth is given", values["hidden"])
            width = whole("width", values.pop("width", 16), 1, MAX_WIDTH)
            values["hidden"] = (width,) * whole("depth", values.pop("depth", 3), 0, MAX_DEPTH)
        if "epochs" not in values:
            return values
        epochs = values.pop("epochs")
        if "steps" in values:
            raise ConfigError("epochs", "left out where steps is given", epochs)
        per_epoch = cls(**values).steps_per_epoch
        return {**values, "steps": whole("epochs", epochs, 1, MAX_STEPS // per_epoch) * per_epoch}


def changed(base: RunConfig, values: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping of ``base`` with ``values`` in place of its own: what a shorthand stands for gives way to it.

    ``width`` alone keeps the depth, and ``depth`` the width of the first layer.
    """
    mapping, out = base.to_mapping(), dict(values)
    for item in fields(base):  # what belongs to another data set
        if not matters(item.metadata, {**mapping, **out}.get):
            mapping.pop(item.name, None)
    if ("width" in out or "depth" in out) and "hidden" not in out:
        hidden = mapping.pop("hidden")
        out = {"width": hidden[0] if hidden else 16, "depth": len(hidden), **out}
    if "epochs" in out and "steps" not in out:
        mapping.pop("steps")
    if "seed" in out:
        for name in ("seed_data", "seed_init", "seed_batch"):
            mapping.pop(name)
    return {**mapping, **out}
