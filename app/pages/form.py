"""The form of a config: which control shows which of its fields, over which range, in view or folded.

Labels, units and help sentences come from the fields' own metadata (``nnprobe_core.fields``), and a field that no
control is written for has one that follows from its kind. A slider's range is what is useful to drag over, not what is
allowed: a value from a link that lies outside is kept and shown.

A name with dots is a field of a config within the config: ``run.max_phi``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from app.pages import ids
from app.pages.attributes import attrs
from app.pages.limits import AnyLimit, Fill
from nnprobe_core.base_config import BaseConfig


@dataclass(frozen=True)
class Control:
    """One control: ``kind`` is slider, select, segments, switch, number or text; left out, it follows from the field.

    A slider has either ``scale`` (lo, hi, step) or ``stops``. ``when`` names fields beside this one and the values
    with which it matters; with others it is hidden, and its default is meant. ``names`` is what choices are called
    where their name in the config is not what one says. ``section``, ``label`` and ``help`` are for a control that
    stands for several fields (which: assets/form/readouts.js): all others have them from their field. ``fills`` is what
    another field starts with when a choice is made here.
    """

    name: str
    kind: str = ""
    folded: bool = False
    scale: tuple[float, float, float] | None = None
    stops: tuple[float, ...] = ()
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    section: str = ""
    label: str = ""
    help: str = ""
    fills: Fill | None = None


@dataclass(frozen=True)
class Section:
    """A group of controls: its title, and the words on the fold below it."""

    title: str
    more: str = "More"


#: What a control is where nothing else is said, by the kind of its field; the others are text.
_KINDS = {"choice": "select", "boolean": "switch", "number": "number", "integer": "number"}


@dataclass(frozen=True)
class Form:
    """A form over ``config``, a class whose fields all have defaults.

    ``sections`` by group in the order in which they are shown; ``without`` fields that have no control; ``redraws``
    fields on which the data depend that the page shows before anything has run (the lab's preview); ``absent`` choices
    that this server does not have; ``device`` where it trains, with a choice where that is no cpu; ``limits`` what
    hangs on what (app/pages/limits.py).
    """

    config: type[BaseConfig]
    controls: tuple[Control, ...] = ()
    sections: Mapping[str, Section] = field(default_factory=dict)
    without: frozenset[str] = frozenset({"device", "data"})
    redraws: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()
    device: str = "cpu"
    limits: tuple[AnyLimit, ...] = ()

    @cached_property
    def default(self) -> BaseConfig:
        return self.config.from_mapping({} if self.device == "cpu" else {"device": self.device})

    def field(self, name: str) -> Any:
        """The metadata of a field; empty for a control that stands for several."""
        *path, last = name.split(".")
        place: Any = self.default
        for part in path:
            place = getattr(place, part)
        return next((item.metadata for item in place.options() if item.name == last), {})

    def value(self, name: str) -> Any:
        """The default of a field; None where there is no such field."""
        place: Any = self.default
        for part in name.split("."):
            place = None if place is None else place.get(part)
        return place

    @cached_property
    def all_controls(self) -> tuple[Control, ...]:
        """The controls that were written, then one for each field that has none; where there is no choice, none."""
        written = {control.name for control in self.controls}
        within = {name.split(".")[0] for name in written if "." in name}
        known = self.without | written | within
        left = [
            Control(item.name, when=item.metadata.get("when", {}))
            for item in self.config.options()
            if item.name not in known
        ]
        engine = {"engine": ("kernel",)} if self.field("engine") else {}  # the others have no other device
        device = (Control("device", "segments", when=engine),) if self.device != "cpu" else ()
        every = (*self.controls, *left, *device)
        return tuple(control for control in every if len(self.field(control.name).get("choices", "12")) > 1)

    def label(self, control: Control) -> str:
        """What the control is called, on the page and by a screen reader."""
        return control.label or str(self.field(control.name)["label"])

    def section(self, control: Control) -> str:
        return control.section or str(self.field(control.name)["group"])

    def kind(self, control: Control) -> str:
        return control.kind or _KINDS.get(self.field(control.name)["kind"], "text")

    @cached_property
    def default_values(self) -> Mapping[str, Any]:
        """The default config as a mapping, with the fields that do not matter in it."""
        return {**self.config.defaults(), **self.default.to_mapping()}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What each field of the config itself is called."""
        return {item.name: str(item.metadata["label"]) for item in self.config.options()}

    @cached_property
    def all_sections(self) -> Mapping[str, Section]:
        """The sections that were named, then those of groups that were not."""
        groups = dict.fromkeys(self.section(control) for control in self.all_controls)
        return {**self.sections, **{name: Section(name.capitalize()) for name in groups if name not in self.sections}}


def form(spec: Form) -> Component:
    """The whole form. What the browser must know of it is in data attributes: assets/form/controls.js has no table."""
    return html.Form(
        [_section(spec, name, section) for name, section in spec.all_sections.items()],
        id=ids.FORM,
        **attrs(
            aria_label="Experiment",
            data_defaults=json.dumps(spec.default_values),
            data_redraws=" ".join(spec.redraws),
            data_limits=json.dumps([{"kind": type(limit).__name__, **asdict(limit)} for limit in spec.limits]),
        ),
    )


def _section(spec: Form, name: str, section: Section) -> Component:
    controls = [control for control in spec.all_controls if spec.section(control) == name]
    shown = [_field(spec, control) for control in controls if not control.folded]
    folded = [_field(spec, control) for control in controls if control.folded]
    parts: list[Component] = [html.H2(section.title, id=f"section-{name}", className="section-title")]
    parts += [html.Div(shown, className="fields")] if shown else []
    if folded:
        summary = [html.Span(section.more, className="more-label"), html.Span(className="more-values")]
        more = [html.Summary(summary), html.Div(folded, className="fields")]
        parts.append(html.Details(more, className="more", id=f"more-{name}"))
    return html.Section(parts, className="section", role="group", **attrs(aria_labelledby=f"section-{name}"))


def _field(spec: Form, control: Control) -> Component:
    meta, kind = spec.field(control.name), spec.kind(control)
    title = control.help or str(meta.get("help", ""))
    attributes: dict[str, Any] = {
        "data-field": control.name,
        "data-kind": kind,
        "data-type": str(meta.get("kind", "")),
        "data-unit": str(meta.get("unit", "")),
    }
    if control.stops:
        attributes["data-stops"] = json.dumps(control.stops)
    if control.when:
        attributes["data-when"] = json.dumps(control.when)
    if control.fills:
        attributes["data-fills"] = json.dumps(asdict(control.fills))
    children = _MAKERS[kind](spec, control)
    problem = html.P(className="field-problem", id=f"problem-{ids.plain(control.name)}", hidden=True)
    return html.Div([*children, problem], className=f"field field-{kind}", title=title, **attributes)


def _label(spec: Form, control: Control) -> Component:
    name = ids.plain(control.name)
    return html.Label(spec.label(control), htmlFor=ids.field(control.name), className="field-label", id=f"label-{name}")


def _slider(spec: Form, control: Control) -> Sequence[Component]:
    lo, hi, step = control.scale or (0, len(control.stops) - 1, 1)
    readout = html.Span(className="field-value", id=f"value-{ids.plain(control.name)}", **attrs(aria_hidden="true"))
    start = _position(spec, control, lo)
    slider = dcc.Input(id=ids.field(control.name), type="range", min=lo, max=hi, step=step, value=start)
    return [_label(spec, control), readout, slider]


def _position(spec: Form, control: Control, lo: float) -> float:
    """Where the default stands on the slider."""
    value = spec.value(control.name)
    if value is None:
        return lo  # of several fields: the browser knows
    if control.stops:
        return min(range(len(control.stops)), key=lambda at: abs(control.stops[at] - value))
    return float(value)


def _named_choices(spec: Form, control: Control) -> list[tuple[str, str]]:
    choices: Sequence[str] = spec.field(control.name)["choices"]
    return [
        (choice, control.names.get(choice, NAMES.get(choice, choice)))
        for choice in choices
        if choice not in spec.absent
    ]


def _select(spec: Form, control: Control) -> Sequence[Component]:
    options = [html.Option(name, value=choice) for choice, name in _named_choices(spec, control)]
    return [_label(spec, control), html.Select(options, id=ids.field(control.name), className="select")]


def _segments(spec: Form, control: Control) -> Sequence[Component]:
    default, label = spec.value(control.name), f"label-{ids.plain(control.name)}"
    buttons = [segment(choice, name, choice == default) for choice, name in _named_choices(spec, control)]
    group = html.Div(
        buttons,
        id=ids.field(control.name),
        role="radiogroup",
        className="segments",
        **attrs(aria_labelledby=label),
    )
    return [html.Span(spec.label(control), id=label, className="field-label"), group]


def segment(value: str, name: str, chosen: bool) -> Component:
    """One of a row of buttons of which one is chosen."""
    return html.Button(
        name,
        type="button",
        role="radio",
        className="segment",
        disable_n_clicks=True,
        tabIndex=0 if chosen else -1,
        **attrs(data_value=value, aria_checked=str(chosen).lower()),
    )


def _switch(spec: Form, control: Control) -> Sequence[Component]:
    button = html.Button(
        id=ids.field(control.name),
        type="button",
        role="switch",
        className="switch",
        disable_n_clicks=True,
        **attrs(aria_checked="true", aria_labelledby=f"label-{ids.plain(control.name)}"),
    )
    return [_label(spec, control), button]


def _number(spec: Form, control: Control) -> Sequence[Component]:
    meta = spec.field(control.name)
    lo, hi, step = control.scale or (meta["lo"], meta["hi"], 1 if meta["kind"] == "integer" else "any")
    start = spec.value(control.name)
    number = dcc.Input(
        id=ids.field(control.name),
        type="number",
        min=lo,
        max=hi,
        step=step,
        value=lo if start is None else start,
        debounce=True,
    )
    return [_label(spec, control), number]


def _text(spec: Form, control: Control) -> Sequence[Component]:
    return [_label(spec, control), dcc.Input(id=ids.field(control.name), type="text", value="", debounce=True)]


_MAKERS = {
    "slider": _slider,
    "select": _select,
    "segments": _segments,
    "switch": _switch,
    "number": _number,
    "text": _text,
}

#: What a choice is called on every page, where its name in a config is not what one says.
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
    "kernel": "Kernel",
    "autograd": "NumPy autograd",
    "course": "Your library",
    "mlp": "MLP",
    "cnn": "CNN",
    "cpu": "CPU",
    "cuda": "GPU",
}
