"""Presets: settings that teach something in ten seconds each, with one sentence "watch this".

Every claim here is measured on 100 seeds by ``python -m benchmarks.presets``; a preset whose claim does not hold there
has no place in the table. The film of each ships in ``app/films`` and is played without a job.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnprobe_core.kinds import config_from_mapping


@dataclass(frozen=True)
class Claim:
    """What must hold at the end of training for at least (or at most) so many of 100 seeds.

    ``quantity`` names a column of benchmarks/presets.py: ``test`` and ``train`` accuracy, ``loss`` (train),
    ``finite`` (1 or 0), ``dead`` (share of ReLU units that are zero on every training point).
    ``where`` compares it with ``value``; the number of seeds for which that is true must lie in ``seeds``.
    """

    quantity: str
    where: str
    value: float
    seeds: tuple[int, int]


@dataclass(frozen=True)
class Preset:
    """A named config, what to watch in it, and what was measured of it.

    ``settings`` name their kind under ``kind``, unless they are a run's.
    """

    name: str
    title: str
    group: str
    watch: str
    settings: Mapping[str, Any]
    claims: tuple[Claim, ...] = ()

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
        }


def _solved(lo: int, hi: int = 100) -> Claim:
    return Claim("test", ">=", 0.99, (lo, hi))


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
        (_solved(100),),
    ),
    Preset(
        "relu",
        "The same with ReLU",
        "It works",
        "Watch the smooth bends become folds: every ReLU unit adds one straight crease.",
        {"hidden": "32-32-32", "activation": "relu", "init_gain": 1, "lr": 0.005, "frames": 120},
        (_solved(98),),
    ),
    Preset(
        "plane",
        "Every layer as it is",
        "It works",
        "Watch the last hidden layer: it has two units, so what you see is the whole truth and no projection.",
        {"hidden": "32-32-2", "init_gain": 1.6, "steps": 2500, "frames": 120},
        (_solved(97),),
    ),
    Preset(
        "four-turns",
        "Four turns in a gasp",
        "It works",
        "Watch sine units find four full turns within the first three hundred steps.",
        {**_TURNS, "hidden": "32-32", "activation": "sine", "init": "siren", "steps": 1000},
        (_solved(99),),
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
        "identity",
        "Depth without bends",
        "It fails, and why",
        "Watch six layers without an activation: however deep, the boundary stays one straight line.",
        {"hidden": "16-16-16-16-16-16", "activation": "identity", "init_gain": 1, "steps": 2500, "frames": 120},
        (Claim("test", "<", 0.7, (100, 100)),),
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
        (_solved(0, 0), Claim("loss", ">", 0.69, (97, 100))),
    ),
    Preset(
        "vanishing-cured",
        "… cured by tanh",
        "Gradients",
        "Watch the same six layers with tanh: the signal arrives at the first layer, and they learn.",
        {**_VANISHING, "activation": "tanh"},
        (_solved(95),),
    ),
    Preset(
        "dead-relu",
        "Dead ReLU",
        "Gradients",
        "Watch a far too large learning rate kill most of the units in a few steps: whole layers fall silent for good.",
        {"activation": "relu", "init_gain": 1, "lr": 0.3, "frames": 120},
        (_solved(0, 0), Claim("dead", ">", 0.5, (90, 100))),
    ),
    Preset(
        "rate-too-high",
        "Learning rate too high",
        "Gradients",
        "Watch the boundary jump about and never settle: with a tenth of this rate the same network learns.",
        {"optimiser": "sgd", "lr": 3, "steps": 2000, "frames": 120},
        (_solved(0, 2),),
    ),
    Preset(
        "non-finite",
        "Off to infinity",
        "Gradients",
        "Watch the numbers leave the range of the machine: the verdict names the step, and nothing crashes.",
        {"activation": "leaky_relu", "optimiser": "momentum", "lr": 3, "steps": 2000, "frames": 120, "seed": 1},
        (Claim("finite", "<", 0.5, (80, 100)),),
    ),
    Preset(
        "overfitting",
        "Overfitting",
        "Generalisation",
        "Watch train and test part company: every training point right, and the test loss climbs.",
        {**_OVERFIT, "n_train": 60},
        (Claim("train", ">=", 0.999, (95, 100)), Claim("test", "<", 0.9, (95, 100))),
    ),
    Preset(
        "more-data",
        "… the cure is data",
        "Generalisation",
        "Watch the same network with ten times the points: the islands are gone and test accuracy rises.",
        {**_OVERFIT, "n_train": 600},
        (Claim("test", ">", 0.81, (90, 100)),),
    ),
    Preset(
        "nonsense",
        "It can learn nonsense",
        "Generalisation",
        "Watch it learn labels drawn by lot: perfect on the points it saw, a coin toss on all others.",
        {**_OVERFIT, "n_train": 50, "label_noise": 1},
        (Claim("train", ">=", 0.999, (85, 100)), Claim("test", "<", 0.6, (98, 100))),
    ),
    Preset(
        "two-neurons",
        "Two neurons",
        "Topology",
        "Watch the Layers and Displacement panels: two units move every point of the plane, and that is all it takes.",
        {"radius": 0.25, "max_phi": 4, "noise": 0.03, "hidden": "2", "init_gain": 1, "lr": 0.02, "frames": 120},
        (_solved(95),),
    ),
    Preset(
        "ring-two",
        "Two units cannot enclose",
        "Topology",
        "Watch six layers of two units fail to close a ring around the disk: at this width no depth can.",
        {**_RING, "hidden": "2-2-2-2-2-2", "steps": 3000},
        (_solved(0, 0),),
    ),
    Preset(
        "third-neuron",
        "The third neuron",
        "Topology",
        "Watch the hidden layer, and drag to turn it: its third unit lifts the disk out of the ring.",
        {**_RING, "hidden": "3", "steps": 1500},
        (_solved(85),),
    ),
)


def preset(name: str) -> Preset | None:
    """The preset of this name, or None."""
    return next((item for item in PRESETS if item.name == name), None)
