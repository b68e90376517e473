"""The form: which control shows which field of RunConfig, over which range, in view or folded.

Labels, units and help sentences come from RunConfig's own metadata. A slider's range is what is useful to drag
over, not what is allowed: a value from a link that lies outside is kept and shown. ``STOPS`` are the values of sliders
that need more than a linear scale.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from app import ids
from app.attributes import attrs
from nnprobe_core.config import MAX_DEPTH, RunConfig
from nnprobe_core.datasets.data import fields_of
from nnprobe_core.registry import DATASETS

SECTIONS: Mapping[str, str] = {"data": "Data", "network": "Network", "training": "Training"}

_FIELDS = {item.name: item for item in fields(RunConfig)}

#: What a choice is called on the page, where its name in the config is not what one says.
NAMES: Mapping[str, str] = {
    "spiral": "Spiral",
    "line_segments": "Line segments",
    "holes": "Disk with holes",
    "ring": "Disk in a ring",
    "blobs": "Blobs",
    "moons": "Moons",
    "circles": "Circles",
    "xor": "XOR",
    "relu": "ReLU",
    "leaky_relu": "leaky",
    "gelu": "GELU",
    "silu": "SiLU",
    "sgd": "SGD",
    "adam": "Adam",
    "adamw": "AdamW",
    "rmsprop": "RMSprop",
    "torch": "PyTorch default",
    "xavier": "Xavier",
    "he": "He",
    "small": "Small",
    "large": "Large",
    "siren": "SIREN (for sine)",
}


@dataclass(frozen=True)
class Control:
    """One control: ``kind`` is slider, select, segments, switch, number or text.

    A slider has either (lo, hi, step) or ``stops``. ``optimisers`` names those that use the field (empty: all).
    """

    name: str
    kind: str
    folded: bool = False
    scale: tuple[float, float, float] | None = None
    stops: tuple[float, ...] = ()
    optimisers: tuple[str, ...] = ()
    section: str = ""
    label: str = ""
    help: str = ""


def _decades(first: int, last: int, *within: int) -> tuple[float, ...]:
    return tuple(float(f"{digit}e{power}") for power in range(first, last) for digit in within)


_SEED = (0, 2**31 - 1, 1)

CONTROLS: tuple[Control, ...] = (
    Control("dataset", "select"),
    Control("radius", "slider", scale=(0.01, 0.5, 0.01)),
    Control("max_phi", "slider", scale=(1, 30, 0.5)),
    Control("segments", "slider", scale=(1, 20, 1)),
    Control("line_length", "slider", scale=(0.02, 1, 0.02)),
    Control("holes", "slider", scale=(1, 12, 1)),
    Control("hole_radius", "slider", scale=(0.02, 0.9, 0.01)),
    Control("positive_radius", "slider", scale=(0.02, 0.9, 0.01)),
    Control("classes", "slider", scale=(2, 6, 1)),
    Control("noise", "slider", scale=(0, 0.5, 0.01)),
    Control("arms", "slider", folded=True, scale=(2, 6, 1)),
    Control("min_phi", "slider", folded=True, scale=(0, 10, 0.5)),
    Control("disk_radius", "slider", folded=True, scale=(0.2, 3, 0.1)),
    Control(
        "n_train", "slider", folded=True, stops=(10, 20, 30, 60, 100, 200, 300, 500, 600, 800, 1000, 1500, 2000, 5000)
    ),
    Control("n_test", "slider", folded=True, stops=(10, 50, 100, 200, 500, 1000, 2000, 5000)),
    Control("label_noise", "slider", folded=True, scale=(0, 1, 0.05)),
    Control("width", "slider", section="network", scale=(1, 64, 1), label="Width", help="Units of every hidden layer."),
    Control("depth", "slider", section="network", scale=(0, MAX_DEPTH, 1), label="Depth", help="Hidden layers."),
    Control("activation", "segments"),
    Control("hidden", "text", folded=True),
    Control("init", "select", folded=True),
    Control("init_gain", "slider", folded=True, stops=(0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.2, 1.4, 1.6, 5 / 3, 2, 3, 5, 10)),
    Control("optimiser", "select"),
    Control("lr", "slider", stops=(*_decades(-4, 0, 1, 2, 3, 5, 7), 1, 2, 3)),
    Control("batch_size", "slider", folded=True, stops=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 0)),
    Control(
        "steps",
        "slider",
        folded=True,
        stops=(50, 100, 200, 300, 500, 700, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 7000, 10000, 20000, 50000),
    ),
    Control("momentum", "slider", folded=True, scale=(0, 0.99, 0.01), optimisers=("momentum",)),
    Control("weight_decay", "slider", folded=True, stops=(0, *_decades(-6, 0, 1, 3))),
    Control("shuffle", "switch", folded=True),
    Control("lr_schedule", "text", folded=True),
    Control("seed", "number", True, _SEED, section="training", label="Seed", help="Sets all three seeds below."),
    Control("seed_data", "number", folded=True, scale=_SEED),
    Control("seed_init", "number", folded=True, scale=_SEED),
    Control("seed_batch", "number", folded=True, scale=_SEED),
    Control("frames", "slider", folded=True, section="training", stops=(30, 60, 120, 200, 300, 500, 1000, 2000)),
)

#: Data fields that every dataset has.
_EVERY = frozenset({"dataset", "label_noise", "n_train", "n_test"})

#: Fields without a control: the server, not the visitor, knows which devices there are.
WITHOUT_CONTROL = frozenset({"device"})


def label(control: Control) -> str:
    """What the control is called, on the page and by a screen reader."""
    return control.label or str(_FIELDS[control.name].metadata["label"])


def section(control: Control) -> str:
    return control.section or str(_FIELDS[control.name].metadata["group"])


def uses(name: str) -> tuple[str, ...]:
    """The datasets that a data field matters to; all of them for a field of network or training."""
    if name in _EVERY or name not in _FIELDS or _FIELDS[name].metadata["group"] != "data":
        return tuple(DATASETS)
    return tuple(dataset for dataset in DATASETS if name in fields_of(dataset))


def redraws() -> tuple[str, ...]:
    """The fields on which the points themselves depend: a change of one redraws the data at once."""
    data = [name for name, item in _FIELDS.items() if item.metadata["group"] == "data"]
    return (*data, "seed_data")


def form() -> Component:
    """The whole form. What the browser must know of it is in data attributes, so assets/controls.js has no table."""
    sections = [_section(name, title) for name, title in SECTIONS.items()]
    return html.Form(
        sections,
        id=ids.FORM,
        **attrs(
            aria_label="Experiment",
            data_defaults=json.dumps(RunConfig().to_mapping()),
            data_redraws=" ".join(redraws()),
        ),
    )


def _section(name: str, title: str) -> Component:
    controls = [control for control in CONTROLS if section(control) == name]
    shown = [_field(control) for control in controls if not control.folded]
    folded = [_field(control) for control in controls if control.folded]
    more = html.Details(
        [
            html.Summary([html.Span(_MORE[name], className="more-label"), html.Span(className="more-values")]),
            html.Div(folded, className="fields"),
        ],
        className="more",
        id=f"more-{name}",
    )
    heading = html.H2(title, id=f"section-{name}", className="section-title")
    return html.Section(
        [heading, html.Div(shown, className="fields"), more],
        className="section",
        **attrs(aria_labelledby=f"section-{name}"),
    )


_MORE = {"data": "Points, labels, arms", "network": "Layers, first weights", "training": "Batch, steps, seeds"}


def _field(control: Control) -> Component:
    meta = _FIELDS[control.name].metadata if control.name in _FIELDS else {}
    name, title = label(control), control.help or str(meta.get("help", ""))
    attributes: dict[str, Any] = {
        "data-field": control.name,
        "data-kind": control.kind,
        "data-unit": str(meta.get("unit", "")),
        "data-uses": " ".join(uses(control.name)),
    }
    if control.stops:
        attributes["data-stops"] = json.dumps(control.stops)
    if control.optimisers:
        attributes["data-optimisers"] = " ".join(control.optimisers)
    children = _MAKERS[control.kind](control, name)
    problem = html.P(className="field-problem", id=f"problem-{control.name}", hidden=True)
    return html.Div([*children, problem], className=f"field field-{control.kind}", title=title, **attributes)


def _label(control: Control, name: str) -> Component:
    return html.Label(name, htmlFor=ids.field(control.name), className="field-label", id=f"label-{control.name}")


def _readout(control: Control) -> Component:
    return html.Span(className="field-value", id=f"value-{control.name}", **attrs(aria_hidden="true"))


def _slider(control: Control, name: str) -> Sequence[Component]:
    lo, hi, step = control.scale or (0, len(control.stops) - 1, 1)
    start = _position(control)
    slider = dcc.Input(id=ids.field(control.name), type="range", min=lo, max=hi, step=step, value=start)
    return [_label(control, name), _readout(control), slider]


def _position(control: Control) -> float:
    """Where the default stands on the slider."""
    default = RunConfig()
    value = {"width": default.hidden[0], "depth": len(default.hidden)}.get(control.name)
    if value is None:
        value = getattr(default, control.name)
    if control.stops:
        return min(range(len(control.stops)), key=lambda at: abs(control.stops[at] - value))
    return float(value)


def _select(control: Control, name: str) -> Sequence[Component]:
    choices = _FIELDS[control.name].metadata["choices"]
    options = [html.Option(NAMES.get(choice, choice), value=choice) for choice in choices]
    return [_label(control, name), html.Select(options, id=ids.field(control.name), className="select")]


def _segments(control: Control, name: str) -> Sequence[Component]:
    default = getattr(RunConfig(), control.name)
    buttons = [
        html.Button(
            NAMES.get(choice, choice),
            type="button",
            role="radio",
            className="segment",
            disable_n_clicks=True,
            tabIndex=0 if choice == default else -1,
            **attrs(data_value=choice, aria_checked=str(choice == default).lower()),
        )
        for choice in _FIELDS[control.name].metadata["choices"]
    ]
    group = html.Div(
        buttons,
        id=ids.field(control.name),
        role="radiogroup",
        className="segments",
        **attrs(aria_labelledby=f"label-{control.name}"),
    )
    return [html.Span(name, id=f"label-{control.name}", className="field-label"), group]


def _switch(control: Control, name: str) -> Sequence[Component]:
    button = html.Button(
        id=ids.field(control.name),
        type="button",
        role="switch",
        className="switch",
        disable_n_clicks=True,
        **attrs(aria_checked="true", aria_labelledby=f"label-{control.name}"),
    )
    return [_label(control, name), button]


def _number(control: Control, name: str) -> Sequence[Component]:
    lo, hi, step = control.scale or (0, 1, 1)
    return [
        _label(control, name),
        dcc.Input(id=ids.field(control.name), type="number", min=lo, max=hi, step=step, value=lo, debounce=True),
    ]


def _text(control: Control, name: str) -> Sequence[Component]:
    return [_label(control, name), dcc.Input(id=ids.field(control.name), type="text", value="", debounce=True)]


_MAKERS = {
    "slider": _slider,
    "select": _select,
    "segments": _segments,
    "switch": _switch,
    "number": _number,
    "text": _text,
}
