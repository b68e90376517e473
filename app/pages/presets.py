"""Presets: settings that teach something in ten seconds each, with one sentence "watch this".

A claim says in numbers what a sentence says in words. Every one is measured on 100 seeds by ``python -m
benchmarks.presets``, and on a few by the tests; a preset whose claim does not hold has no place in the table. Films of
presets ship in ``app/films`` and are played without a job; a preset without one trains when it is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nnprobe_core.kinds import config_from_mapping
from nnprobe_core.probes.verdict import NOT_FINITE, RATE_TOO_HIGH, VANISHING


@dataclass(frozen=True)
class Claim:
    """What must hold for so many of 100 seeds.

    ``quantity`` names a measurement of benchmarks/sentences.py, at the end of training or, as ``test@300``, at a step.
    ``where`` compares it with ``value``; the number of seeds for which that is true must lie in ``seeds``. ``change``:
    of the preset with these other settings; ``against``: less the quantity of the preset with those.
    """

    quantity: str
    where: str
    value: float
    seeds: tuple[int, int]
    change: Mapping[str, Any] = field(default_factory=dict)
    against: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Preset:
    """A named config, what to watch in it, and what was measured of it.

    ``settings`` name their kind under ``kind``, unless they are a run's. ``panels`` are those it is about, by name:
    they are shown with it.
    """

    name: str
    title: str
    group: str
    watch: str
    settings: Mapping[str, Any]
    claims: tuple[Claim, ...] = ()
    panels: tuple[str, ...] = ()

    @property
    def config(self) -> Any:
        """The config, of the kind its settings name."""
        return config_from_mapping(self.settings)

    def to_json(self) -> dict[str, Any]:
        """What the page and ``GET /api/presets`` say of it."""
        return {
            "name": self.name,
            "title": self.title,
            "watch": self.watch,
            "group": self.group,
            "config": self.config.to_mapping(),
            "query": self.config.to_query(),
            "panels": list(self.panels),
        }


def _solved(lo: int, hi: int = 100, **more: Any) -> Claim:
    return Claim("test", ">=", 0.99, (lo, hi), **more)


_VANISHING: Mapping[str, Any] = {
    "hidden": "16-16-16-16-16-16",
    "init_gain": 1,
    "optimiser": "momentum",
    "lr": 0.03,
    "steps": 3000,
    "frames": 120,
}
_OVERFIT: Mapping[str, Any] = {
    "noise": 0.2,
    "hidden": "64-64-64",
    "activation": "gelu",
    "init_gain": 1,
    "lr": 0.005,
    "batch_size": "full",
    "steps": 2000,
    "frames": 120,
}
_STICKS: Mapping[str, Any] = {
    "dataset": "line_segments",
    "activation": "relu",
    "init_gain": 1,
    "steps": 2500,
    "frames": 120,
}
_RING: Mapping[str, Any] = {"dataset": "ring", "noise": 0, "init": "xavier", "init_gain": 1, "lr": 0.02, "frames": 120}
_TURNS: Mapping[str, Any] = {
    "radius": 0.04,
    "max_phi": 25,
    "noise": 0.015,
    "n_train": 1500,
    "init_gain": 1,
    "lr": 0.005,
    "frames": 120,
}

PRESETS: tuple[Preset, ...] = (
    Preset(
        "default",
        "The spiral, solved",
        "It works",
        "Watch the spiral unroll from layer to layer until a straight line can part its arms.",
        {},
        (
            _solved(100),
            Claim("line_input", "<", 0.7, (100, 100)),
            Claim("line_last", ">=", 0.99, (97, 100)),
        ),
        panels=("layers",),
    ),
    Preset(
        "relu",
        "The same with ReLU",
        "It works",
        "Watch the smooth bends become folds: a network of ReLUs is flat but for its creases.",
        {"hidden": "32-32-32", "activation": "relu", "init_gain": 1, "lr": 0.005, "frames": 120},
        (
            _solved(98),
            Claim("flat", ">", 0.75, (100, 100)),
            Claim("flat", ">", 0.1, (0, 0), {"activation": "tanh", "steps": 20}),
        ),
    ),
    Preset(
        "plane",
        "Every layer as it is",
        "It works",
        "Watch the last hidden layer: it has two units, so what you see is the whole truth and no projection.",
        {"hidden": "32-32-2", "init_gain": 1.6, "steps": 2500, "frames": 120},
        (_solved(97), Claim("units_last", "==", 2, (100, 100)), Claim("line_last", ">=", 0.99, (97, 100))),
        panels=("layers",),
    ),
    Preset(
        "four-turns",
        "Four turns in a gasp",
        "It works",
        "Watch sine units find nearly four full turns within the first three hundred steps.",
        {**_TURNS, "hidden": "32-32", "activation": "sine", "init": "siren", "steps": 1000},
        (_solved(99), Claim("test@300", ">=", 0.99, (99, 100)), Claim("turns", ">", 3.8, (100, 100))),
    ),
    Preset(
        "segments",
        "Ten sticks",
        "It works",
        "Watch the boundary wind its way between ten sticks strewn at random, where no straight line would do.",
        {**_STICKS, "hidden": "16-16"},
        (_solved(85), Claim("line_input", "<", 0.95, (97, 100))),
    ),
    Preset(
        "five-holes",
        "Five holes",
        "It works",
        "Watch five spots be walled in: in the end each has a region of its own, in one region around them all.",
        {
            "dataset": "holes",
            "holes": 5,
            "hole_radius": 0.16,
            "positive_radius": 0.1,
            "hidden": "32-32",
            "steps": 2000,
            "frames": 120,
        },
        (_solved(95), Claim("regions", "==", 6, (95, 100))),
    ),
    Preset(
        "narrow",
        "Too narrow",
        "It fails, and why",
        "Watch three units a layer try: they bend and bend, and the spiral still does not fit through.",
        {"hidden": "3-3-3", "steps": 2000, "frames": 120},
        (_solved(0, 15),),
    ),
    Preset(
        "segments-two",
        "Ten sticks, two folds",
        "It fails, and why",
        "Watch two ReLUs bend the plane along two creases, which is too few for ten sticks in nearly every layout.",
        {**_STICKS, "hidden": "2", "seed": 1},
        (_solved(0, 15), Claim("flat", ">", 0.95, (95, 100))),
    ),
    Preset(
        "identity",
        "Depth without bends",
        "It fails, and why",
        "Watch six layers without an activation: however deep, the boundary stays one straight line.",
        {"hidden": "16-16-16-16-16-16", "activation": "identity", "init_gain": 1, "steps": 2500, "frames": 120},
        (Claim("test", "<", 0.7, (100, 100)), Claim("flat", "==", 1, (100, 100))),
    ),
    Preset(
        "four-turns-tanh",
        "Four turns, tanh gives up",
        "It fails, and why",
        "Watch sixty-four tanh units a layer find nothing, in ten times the steps that half as many sines need.",
        {**_TURNS, "hidden": "64-64-64", "steps": 3000},
        (_solved(0, 2),),
    ),
    Preset(
        "vanishing",
        "Vanishing gradients",
        "Gradients",
        "Watch the Gradients panel: the signal fades from layer to layer, and the loss stays at ln 2, a coin toss.",
        {**_VANISHING, "activation": "sigmoid"},
        (
            _solved(0, 0),
            Claim("fades", ">", 2, (97, 100)),
            Claim("loss", ">", 0.69, (97, 100)),
            Claim("test", "<", 0.52, (97, 100)),
            Claim("verdict", "==", VANISHING, (97, 100)),
        ),
        panels=("gradients",),
    ),
    Preset(
        "vanishing-cured",
        "… cured by tanh",
        "Gradients",
        "Watch the same six layers with tanh: the signal arrives at the first layer, and they learn.",
        {**_VANISHING, "activation": "tanh"},
        (_solved(95), Claim("reach@100", ">", 0.1, (97, 100)), Claim("reach", ">", 0.5, (97, 100))),
        panels=("gradients",),
    ),
    Preset(
        "dead-relu",
        "Dead ReLU",
        "Gradients",
        "Watch a far too large learning rate kill most of the units in a few steps: whole layers fall silent, as a "
        "rule for good.",
        {"activation": "relu", "init_gain": 1, "lr": 0.3, "frames": 120},
        (
            _solved(0, 0),
            Claim("dead@30", ">", 0.5, (90, 100)),
            Claim("dead_layers", ">=", 1, (90, 100)),
            Claim("revived", "==", 0, (85, 100)),
        ),
        panels=("gradients",),
    ),
    Preset(
        "rate-too-high",
        "Learning rate too high",
        "Gradients",
        "Watch the whole plane flip from one class to the other and never settle: with a tenth of this rate the same "
        "network learns.",
        {"optimiser": "sgd", "lr": 3, "steps": 2000, "frames": 120},
        (
            _solved(0, 2),
            Claim("jumps", ">", 0.2, (95, 100)),
            Claim("regions", "==", 1, (90, 100)),
            Claim("verdict", "==", RATE_TOO_HIGH, (90, 100)),
            _solved(95, change={"lr": 0.3}),
        ),
        panels=("boundary", "gradients"),
    ),
    Preset(
        "non-finite",
        "Off to infinity",
        "Gradients",
        "Watch the numbers leave the range of the machine: the verdict names the step, and nothing crashes.",
        {"activation": "leaky_relu", "optimiser": "momentum", "lr": 3, "steps": 2000, "frames": 120, "seed": 1},
        (Claim("finite", "==", 0, (80, 100)), Claim("verdict", "==", NOT_FINITE, (80, 100))),
        panels=("gradients",),
    ),
    Preset(
        "overfitting",
        "Overfitting",
        "Generalisation",
        "Watch train and test part company: every training point right, and the test loss climbs.",
        {**_OVERFIT, "n_train": 60},
        (
            Claim("train", ">=", 0.999, (95, 100)),
            Claim("test", "<", 0.9, (95, 100)),
            Claim("growth", ">", 2, (95, 100)),
        ),
        panels=("loss",),
    ),
    Preset(
        "more-data",
        "… the cure is data",
        "Generalisation",
        "Watch the same network with ten times the points: more test points are right and the test loss climbs far "
        "less, though islands remain.",
        {**_OVERFIT, "n_train": 600},
        (
            Claim("test", ">", 0, (90, 100), against={"n_train": 60}),
            Claim("test_loss", "<", -1, (95, 100), against={"n_train": 60}),
            Claim("growth", "<", 0, (95, 100), against={"n_train": 60}),
            Claim("regions", ">", 2, (90, 100)),
        ),
        panels=("loss",),
    ),
    Preset(
        "nonsense",
        "It can learn nonsense",
        "Generalisation",
        "Watch it learn labels drawn by lot: perfect on the points it saw, a coin toss on all others.",
        {**_OVERFIT, "n_train": 50, "label_noise": 1},
        (
            Claim("train", ">=", 0.999, (85, 100)),
            Claim("test", "<", 0.6, (98, 100)),
            Claim("test", ">", 0.4, (98, 100)),
        ),
    ),
    Preset(
        "two-neurons",
        "Two neurons",
        "Topology",
        "Watch the Layers and Displacement panels: two units move every point of the plane, and suffice; for a radian "
        "more of spiral (Max φ 5) they do not.",
        {"radius": 0.25, "max_phi": 4, "noise": 0.03, "hidden": "2", "init_gain": 1, "lr": 0.02, "frames": 120},
        (_solved(95), Claim("moved", ">", 0, (100, 100)), _solved(0, 15, change={"max_phi": 5})),
        panels=("layers", "displacement"),
    ),
    Preset(
        "ring-two",
        "Two units cannot enclose",
        "Topology",
        "Watch six layers of two units fail to close a ring around the disk: at this width no depth can.",
        {**_RING, "hidden": "2-2-2-2-2-2", "steps": 3000},
        (_solved(0, 0), Claim("closed", "==", 1, (0, 0))),
    ),
    Preset(
        "third-neuron",
        "The third neuron",
        "Topology",
        "Watch the hidden layer, and drag to turn it: its third unit lifts the disk out of the ring.",
        {**_RING, "hidden": "3", "steps": 1500},
        (
            _solved(85),
            Claim("closed", "==", 1, (90, 100)),
            Claim("line_last", ">", 0.95, (85, 100)),
            Claim("line_of_two", "<", 0.9, (90, 100)),
        ),
        panels=("layers",),
    ),
    Preset(
        "hole",
        "A hole, closed",
        "Topology",
        "Watch a wall close around the spot in the hole: one layer of eight units encloses what three layers of two "
        "cannot.",
        {"dataset": "holes", "hidden": "8", "init_gain": 1, "steps": 4000, "frames": 120},
        (
            _solved(95),
            Claim("closed", "==", 1, (95, 100)),
            Claim("closed", "==", 1, (0, 0), change={"hidden": "2-2-2"}),
        ),
    ),
)


def preset(name: str) -> Preset | None:
    """The preset of this name, or None."""
    return next((item for item in PRESETS if item.name == name), None)
