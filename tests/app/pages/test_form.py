"""The form: every field of a config has one control, with a name, a help sentence and a range the door accepts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

import pytest
from dash import html
from dash.development.base_component import Component

from app.pages.form import Control, Form, Section, form
from app.pages.lab import PAGE
from app.pages.run_form import CONTROLS, SECTIONS, run_controls
from nnprobe_core.base_config import BaseConfig
from nnprobe_core.config import RunConfig
from nnprobe_core.fields import boolean, choice, integer, number, numbers

FIELDS = {item.name: item for item in fields(RunConfig)}
SHORTHANDS = {"width", "depth", "seed"}
RUN = PAGE.form


@dataclass(frozen=True)
class Study(BaseConfig):
    """A config of a kind that the app has never heard of."""

    KIND: ClassVar[str] = "study"
    method: str = choice("fgsm", ("fgsm", "pgd"), "Method", "attack", "How the change is found.")
    epsilon: float = number(0.1, 0, 2, "ε", "attack", "The largest change.")
    restarts: int = integer(3, 1, 20, "Restarts", "attack", "Random starts.")
    targeted: bool = boolean(False, "Targeted", "attack", "Toward a class.")
    strengths: tuple[float, ...] = numbers((0, 0.5, 1), 0, 10, 20, "Strengths", "curve", "Where the curve is taken.")
    device: str = choice("cpu", ("cpu", "cuda"), "Device", "curve", "Where.")


STUDY = Form(
    Study,
    (
        Control("epsilon", "slider", scale=(0, 1, 0.05)),
        Control("restarts", folded=True, when={"method": ("pgd",)}),
    ),
    {"curve": Section("Curve", "More strengths")},
)


def parts(component: Any) -> Iterator[Component]:
    """The component and everything in it."""
    if isinstance(component, list | tuple):
        for child in component:
            yield from parts(child)
    elif isinstance(component, Component):
        yield component
        yield from parts(getattr(component, "children", None))


def users(control: Control) -> tuple[str, ...]:
    """The datasets with which the control is shown."""
    return control.when.get("dataset", FIELDS["dataset"].metadata["choices"])


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
    assert set(names) | RUN.without == set(FIELDS) | SHORTHANDS
    assert not set(names) & RUN.without
    assert RUN.all_controls == CONTROLS


def test_labels_are_distinct_and_those_of_the_config():
    labels = [RUN.label(control) for control in CONTROLS]
    assert len(labels) == len(set(labels))
    assert {"Spiral radius", "Max φ", "Noise", "Width", "Depth", "Activation", "Learning rate"} <= set(labels)
    for control in CONTROLS:
        if control.name in FIELDS:
            assert RUN.label(control) == FIELDS[control.name].metadata["label"]
        assert RUN.section(control) in SECTIONS


def test_the_common_controls_are_in_view_and_the_others_folded():
    shown = [control.name for control in CONTROLS if not control.folded and "spiral" in users(control)]
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
    shown = {control.name: users(control) for control in CONTROLS}
    assert shown["radius"] == shown["max_phi"] == shown["arms"] == ("spiral",)
    assert shown["holes"] == ("holes",)
    assert shown["classes"] == ("blobs",)
    assert "moons" in shown["noise"]
    for everywhere in ("dataset", "n_train", "n_test", "label_noise", "lr", "width", "seed"):
        assert shown[everywhere] == FIELDS["dataset"].metadata["choices"]


def test_what_points_and_untrained_network_depend_on_redraws_them():
    data = {name for name, item in FIELDS.items() if item.metadata["group"] == "data"}
    network = {"hidden", "activation", "init", "init_gain", "width", "depth"}
    assert set(RUN.redraws) == data | network | {"seed_data", "seed_init"}


def test_every_control_has_a_name_that_a_screen_reader_says_and_a_help_sentence():
    page = list(parts(form(RUN)))
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
            assert labels[field] == RUN.label(control)


def test_ids_are_unique():
    ids = [part.id for part in parts(form(RUN)) if getattr(part, "id", None)]
    assert len(ids) == len(set(ids))


def test_the_browser_is_told_the_defaults_as_the_config_has_them():
    defaults = getattr(form(RUN), "data-defaults")
    assert RunConfig.from_json(defaults) == RunConfig()


def boxes_of(spec: Form) -> dict[str, Component]:
    return {getattr(part, "data-field"): part for part in parts(form(spec)) if hasattr(part, "data-field")}


def test_fields_without_a_written_control_have_one_that_follows_from_their_kind():
    kinds = {name: getattr(box, "data-kind") for name, box in boxes_of(STUDY).items()}
    assert kinds == {
        "epsilon": "slider",
        "restarts": "number",
        "method": "select",
        "targeted": "switch",
        "strengths": "text",
    }
    assert getattr(boxes_of(STUDY)["strengths"], "data-type") == "numbers"
    assert json.loads(getattr(boxes_of(STUDY)["restarts"], "data-when")) == {"method": ["pgd"]}


def test_sections_are_those_named_and_then_the_groups_of_the_rest():
    assert {name: section.title for name, section in STUDY.all_sections.items()} == {
        "curve": "Curve",
        "attack": "Attack",
    }
    headings = [part.children for part in parts(form(STUDY)) if isinstance(part, html.H2)]
    assert headings == ["Curve", "Attack"]
    folds = [part for part in parts(form(STUDY)) if isinstance(part, html.Details)]
    assert [fold.id for fold in folds] == ["more-attack"]


def test_the_defaults_of_another_kind_name_it():
    assert json.loads(getattr(form(STUDY), "data-defaults"))["kind"] == "study"


def test_controls_of_a_run_within_another_config_carry_its_name():
    names = [control.name for control in run_controls("run", only={"width", "noise", "momentum"})]
    assert names == ["run.noise", "run.width", "run.momentum"]
    assert {control.name for control in run_controls(without={"frames"})} == {c.name for c in CONTROLS} - {"frames"}
    with pytest.raises(ValueError, match="got speed"):
        run_controls(only={"speed"})


def test_a_run_within_another_config_gives_its_fields_their_labels_ranges_and_defaults():
    @dataclass(frozen=True)
    class Outer(BaseConfig):
        KIND: ClassVar[str] = "outer"
        run: RunConfig = field(
            default=RunConfig(noise=0.2),
            metadata={"kind": "run", "check": lambda _, value: value, "label": "Run", "group": "data", "help": "."},
        )

        def to_mapping(self) -> dict[str, Any]:
            return {"kind": "outer", "run": self.run.to_mapping()}

    spec = Form(Outer, run_controls("run", only={"noise", "hidden", "seed"}), SECTIONS)
    assert [control.name for control in spec.all_controls] == ["run.noise", "run.hidden", "run.seed"]
    found = {part.id: part for part in parts(form(spec)) if getattr(part, "id", None)}
    assert found["field-run-noise"].value == 0.2
    assert found["label-run-noise"].children == "Noise"
    assert "problem-run-seed" in found
    assert json.loads(getattr(form(spec), "data-defaults"))["run"]["noise"] == 0.2
