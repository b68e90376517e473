"""The form: every field of RunConfig has one control, with a name, a help sentence and a range the door accepts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from dash import html
from dash.development.base_component import Component

from app.form import CONTROLS, SECTIONS, WITHOUT_CONTROL, Control, form, label, redraws, section, uses
from nnprobe_core.config import RunConfig
from nnprobe_core.registry import DATASETS

FIELDS = {item.name: item for item in fields(RunConfig)}
SHORTHANDS = {"width", "depth", "seed"}


def parts(component: Any) -> Iterator[Component]:
    """The component and everything in it."""
    if isinstance(component, list | tuple):
        for child in component:
            yield from parts(child)
    elif isinstance(component, Component):
        yield component
        yield from parts(getattr(component, "children", None))


def values(control: Control) -> tuple[float, ...]:
    """What a slider can be set to: its stops, or the ends and the first step of its scale."""
    if control.stops:
        return control.stops
    assert control.scale
    lo, hi, step = control.scale
    return lo, lo + step, hi


def test_every_field_has_one_control_or_is_named_as_having_none():
    names = [control.name for control in CONTROLS]
    assert len(names) == len(set(names))
    assert set(names) | WITHOUT_CONTROL == set(FIELDS) | SHORTHANDS
    assert not set(names) & WITHOUT_CONTROL


def test_labels_are_distinct_and_those_of_the_config():
    labels = [label(control) for control in CONTROLS]
    assert len(labels) == len(set(labels))
    assert {"Spiral radius", "Max φ", "Noise", "Width", "Depth", "Activation", "Learning rate"} <= set(labels)
    for control in CONTROLS:
        if control.name in FIELDS:
            assert label(control) == FIELDS[control.name].metadata["label"]
        assert section(control) in SECTIONS


def test_the_common_controls_are_in_view_and_the_others_folded():
    shown = [control.name for control in CONTROLS if not control.folded and "spiral" in uses(control.name)]
    assert shown == [
        *("dataset", "radius", "max_phi", "noise"),
        *("width", "depth", "activation"),
        *("optimiser", "lr"),
    ]


@pytest.mark.parametrize("control", [item for item in CONTROLS if item.kind == "slider"], ids=lambda item: item.name)
def test_a_slider_gives_only_what_the_door_accepts(control):
    for value in values(control):
        if control.name in FIELDS:
            meta = FIELDS[control.name].metadata
            assert meta["lo"] <= value <= meta["hi"]
            assert meta["kind"] == "number" or value == int(value)
        else:
            RunConfig.from_mapping({control.name: value})


@pytest.mark.parametrize("control", [item for item in CONTROLS if item.kind == "slider"], ids=lambda item: item.name)
def test_a_slider_reaches_the_default(control):
    default = RunConfig()
    value = {"width": default.hidden[0], "depth": len(default.hidden)}.get(control.name)
    value = getattr(default, control.name) if value is None else value
    if control.stops:
        assert value in control.stops
    else:
        lo, hi, step = control.scale
        assert lo <= value <= hi
        assert (value - lo) / step == pytest.approx(round((value - lo) / step), abs=1e-9)


def test_a_data_field_is_shown_for_the_datasets_that_use_it():
    assert uses("radius") == uses("max_phi") == uses("arms") == ("spiral",)
    assert uses("holes") == ("holes",)
    assert uses("classes") == ("blobs",)
    assert "moons" in uses("noise")
    for everywhere in ("dataset", "n_train", "n_test", "label_noise", "lr", "width", "seed"):
        assert uses(everywhere) == tuple(DATASETS)


def test_what_the_points_depend_on_redraws_them():
    assert set(redraws()) == {name for name, item in FIELDS.items() if item.metadata["group"] == "data"} | {"seed_data"}


def test_every_control_has_a_name_that_a_screen_reader_says_and_a_help_sentence():
    page = list(parts(form()))
    ids = {component.id for component in page if getattr(component, "id", None)}
    labels = {part.htmlFor: part.children for part in page if isinstance(part, html.Label)}
    boxes = {getattr(part, "data-field"): part for part in page if hasattr(part, "data-field")}
    assert set(boxes) == {control.name for control in CONTROLS}
    for control in CONTROLS:
        field, box = f"field-{control.name}", boxes[control.name]
        assert field in ids
        assert box.title.endswith((".", "…")), control.name
        group = next(part for part in parts(box) if getattr(part, "id", None) == field)
        if control.kind == "segments":
            assert group.role == "radiogroup"
            assert getattr(group, "aria-labelledby") in ids
        else:
            assert labels[field] == label(control)


def test_ids_are_unique():
    ids = [part.id for part in parts(form()) if getattr(part, "id", None)]
    assert len(ids) == len(set(ids))


def test_the_browser_is_told_the_defaults_as_the_config_has_them():
    defaults = getattr(form(), "data-defaults")
    assert RunConfig.from_json(defaults) == RunConfig()
