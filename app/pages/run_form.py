"""The controls of a run's fields, for the lab's form and for any form with a run within it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace

from app.pages.form import Control, Section
from app.pages.limits import AnyLimit, Limit
from nnprobe_core.config import MAX_DEPTH, MAX_POINTS, RunConfig
from nnprobe_core.datasets.data import fields_of
from nnprobe_core.datasets.declare import declared
from nnprobe_core.registry import DATASETS

SECTIONS: Mapping[str, Section] = {
    "data": Section("Data", "Points, labels, arms"),
    "network": Section("Network", "Layers, first weights"),
    "training": Section("Training", "Batch, steps, seeds"),
}

_SEED = (0, 2**31 - 1, 1)


def _decades(first: int, last: int, *within: int) -> tuple[float, ...]:
    return tuple(float(f"{digit}e{power}") for power in range(first, last) for digit in within)


def _of_data(name: str, *scale: float, folded: bool = False) -> Control:
    """A slider for a field that only some datasets have."""
    lo, hi, step = scale
    users = tuple(dataset for dataset in DATASETS if name in fields_of(dataset))
    return Control(name, "slider", folded=folded, scale=(lo, hi, step), when={"dataset": users})


CONTROLS: tuple[Control, ...] = (
    Control("dataset", "select"),
    _of_data("radius", 0.01, 0.5, 0.01),
    _of_data("max_phi", 1, 30, 0.5),
    _of_data("segments", 1, 20, 1),
    _of_data("line_length", 0.02, 1, 0.02),
    _of_data("holes", 1, 12, 1),
    _of_data("hole_radius", 0.02, 0.9, 0.01),
    _of_data("positive_radius", 0.02, 0.9, 0.01),
    _of_data("classes", 2, 6, 1),
    _of_data("noise", 0, 0.5, 0.01),
    _of_data("arms", 2, 6, 1, folded=True),
    _of_data("min_phi", 0, 10, 0.5, folded=True),
    _of_data("disk_radius", 0.2, 3, 0.1, folded=True),
    Control(
        "n_train", "slider", folded=True, stops=(10, 20, 30, 60, 100, 200, 300, 500, 600, 800, 1000, 1500, 2000, 5000)
    ),
    Control("n_test", "slider", folded=True, stops=(10, 50, 100, 200, 500, 1000, 2000, 5000)),
    Control("label_noise", "slider", folded=True, scale=(0, 1, 0.05)),
    Control(
        "width",
        "slider",
        section="network",
        scale=(1, 64, 1),
        label="Width",
        help="Units of every hidden layer.",
    ),
    Control("depth", "slider", section="network", scale=(0, MAX_DEPTH, 1), label="Depth", help="Hidden layers."),
    Control("activation", "segments"),
    Control("hidden", "text", folded=True),
    Control("init", "select", folded=True),
    Control("init_gain", "slider", folded=True, stops=(0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.2, 1.4, 1.6, 5 / 3, 2, 3, 5, 10)),
    Control("optimiser", "select"),
    Control("lr", "slider", stops=(*_decades(-4, 0, 1, 2, 3, 5, 7), 1, 2, 3)),
    Control("batch_size", "slider", folded=True, stops=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 0)),
    Control("engine", "select", folded=True),
    Control(
        "steps",
        "slider",
        folded=True,
        stops=(50, 100, 200, 300, 500, 700, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 7000, 10000, 20000, 50000),
    ),
    Control("momentum", "slider", folded=True, scale=(0, 0.99, 0.01), when={"optimiser": ("momentum",)}),
    Control("weight_decay", "slider", folded=True, stops=(0, *_decades(-6, 0, 1, 3))),
    Control("shuffle", "switch", folded=True),
    Control("lr_schedule", "text", folded=True),
    Control(
        "seed",
        "number",
        folded=True,
        scale=_SEED,
        section="training",
        label="Seed",
        help="Sets all three seeds below.",
    ),
    Control("seed_data", "number", folded=True, scale=_SEED),
    Control("seed_init", "number", folded=True, scale=_SEED),
    Control("seed_batch", "number", folded=True, scale=_SEED),
    Control("frames", "slider", folded=True, section="training", stops=(30, 60, 120, 200, 300, 500, 1000, 2000)),
)


def _most_points(name: str) -> Limit:
    """Training points per class, of as many classes as the data set declares."""
    classes, when = declared(name).classes, {"dataset": (name,)}
    if isinstance(classes, int):
        return Limit("n_train", "hi", (), times=0, plus=MAX_POINTS // classes, when=when)
    return Limit("n_train", "hi", (classes,), over=MAX_POINTS, when=when)


_SPIRAL, _HOLES = {"dataset": ("spiral",)}, {"dataset": ("holes",)}
LIMITS: tuple[AnyLimit, ...] = (
    Limit("max_phi", "lo", ("min_phi",), strict=True, when=_SPIRAL),
    Limit("hole_radius", "hi", ("disk_radius",), strict=True, when={**_HOLES, "holes": ("1",)}),
    Limit("hole_radius", "hi", ("disk_radius",), times=1 / 6, when={**_HOLES, "holes": tuple(map(str, range(2, 13)))}),
    Limit("positive_radius", "hi", ("hole_radius",), when=_HOLES),
    *(_most_points(name) for name in DATASETS),
)

#: The fields that are seen before anything trains, in points or untrained network: a change is shown at once.
REDRAWS = (
    *(item.name for item in fields(RunConfig) if item.metadata["group"] in ("data", "network")),
    *("width", "depth", "seed_data", "seed_init"),
)


def run_controls(within: str = "", *, only: Collection[str] = (), without: Collection[str] = ()) -> tuple[Control, ...]:
    """A run's controls, for the run in the field ``within`` of another config; all of them, or some."""
    names = {control.name for control in CONTROLS}
    if unknown := {*only, *without} - names:
        raise ValueError(f"controls must be of {', '.join(sorted(names))}, got {', '.join(sorted(unknown))}.")
    prefix = f"{within}." if within else ""
    return tuple(
        replace(control, name=prefix + control.name)
        for control in CONTROLS
        if control.name not in without and (not only or control.name in only)
    )


def suggestions(form_choices: Mapping[str, Sequence[str]]) -> Mapping[str, tuple[str, ...]]:
    """Per setting of a run a few values that are worth comparing: written for some, else spread over its slider."""
    written = {
        "entanglement": "4,8,12,16,20", "width": "2,4,8,16,32", "depth": "1,2,3,4,5,6", "epochs": "5,10,20,40",
        "hidden": "8-8,16-16,32-32", "max_phi": "4,6,8,10,12,16,20,30", "lr": "0.001,0.003,0.01,0.03,0.1",
        "batch_size": "8,32,128,512", "steps": "200,500,1000,2000,4000", "weight_decay": "0,0.00001,0.0001,0.001,0.01",
        "n_train": "30,100,300,1000,3000", "hole_radius": "0.02,0.05,0.1,0.2,0.3,0.4,0.6,0.8",
        "positive_radius": "0.02,0.05,0.1,0.15,0.2,0.3", "momentum": "0,0.5,0.9,0.99", "shuffle": "true,false",
        "init_gain": "0.5,1,1.6,3",
    }  # fmt: skip
    found = {name: tuple(text.split(",")) for name, text in written.items()}
    for control in CONTROLS:
        if control.name not in found and (control.scale or control.stops) and control.kind == "slider":
            found[control.name] = tuple(f"{value:.12g}" for value in _spread(control))
    for item in fields(RunConfig):  # without a control of its own here
        if item.name not in found and "lo" in item.metadata and "when" in item.metadata:
            lo, hi = item.metadata["lo"], item.metadata["hi"]
            scale = (lo, hi, 1 if item.metadata["kind"] == "integer" else (hi - lo) / 4)
            found[item.name] = tuple(f"{value:.4g}" for value in _spread(Control(item.name, scale=scale)))
    return {**found, **{name: tuple(choices) for name, choices in form_choices.items()}}


def _spread(control: Control, count: int = 5) -> Sequence[float]:
    """``count`` places of a slider, evenly from one end to the other."""
    if control.stops:
        return [control.stops[round(k * (len(control.stops) - 1) / (count - 1))] for k in range(count)]
    lo, hi, step = control.scale or (0, 1, 1)
    return list(dict.fromkeys(lo + step * round(k * (hi - lo) / (count - 1) / step) for k in range(count)))
