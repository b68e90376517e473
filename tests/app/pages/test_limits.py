"""Within the ranges of a page's form the door accepts exactly what keeps the form's limits."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest

from app.pages import PAGES
from app.pages.compare import PAGE as COMPARE
from app.pages.form import Control, Form
from app.pages.lab import PAGE as LAB
from app.pages.limits import Limit
from nnprobe_core.errors import ConfigError
from nnprobe_core.sweeps.axis import sweepable

SAMPLES = 400


def reachable(spec: Form, control: Control) -> list[Any]:
    """What the control can be moved to, its ends first and last."""
    meta, kind = spec.field(control.name), spec.kind(control)
    if kind in ("select", "segments"):
        return list(meta["choices"])
    if kind == "switch":
        return [False, True]
    if control.stops:
        return list(control.stops)
    if kind == "slider":
        lo, hi, step = control.scale or (0, 1, 1)
        return [round(lo + k * step, 9) for k in range(round((hi - lo) / step) + 1)]
    return [meta.get("lo", 0), meta.get("hi", 2**31 - 1)] if kind == "number" and meta else []


def moved(spec: Form, rng: random.Random) -> dict[str, Any]:
    """A config after controls were dragged about, often to their ends; what does not matter is at its default."""
    values, usual = dict(spec.default_values), spec.default_values
    for control in spec.all_controls:
        places = reachable(spec, control)
        if not places or rng.random() < 0.4:
            continue
        value = rng.choice([places[0], places[-1], rng.choice(places)])
        if control.name == "width":
            values["hidden"] = [int(value)] * len(values["hidden"])
        elif control.name == "depth":
            values["hidden"] = (values["hidden"] or [16])[:1] * int(value)
        elif control.name in values:
            values[control.name] = value
    for control in spec.all_controls:
        if control.fills and values[control.name]:
            values[control.fills.into] = ",".join(control.fills.values[values[control.name]])
    for control in spec.all_controls:
        if control.name in values and any(str(values[name]) not in among for name, among in control.when.items()):
            values[control.name] = usual[control.name]
    return values


def trials(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The values themselves, and with each combination of what is varied in them."""
    axes = [
        (values.get(over), values.get(text, "").split(",")) for over, text in (("over", "values"), ("over2", "values2"))
    ]
    axes = [(name, texts) for name, texts in axes if name]
    out = [values]
    for texts in product(*(texts for _, texts in axes)):
        varied = {name: text if text.isalpha() or "_" in text or "-" in text else float(text)
                  for (name, _), text in zip(axes, texts, strict=True)}  # fmt: skip
        if "entanglement" in varied:  # max φ takes part under this name
            varied["max_phi"] = values["min_phi"] + varied["entanglement"]
            varied["max_phi"] += varied.get("min_phi", values["min_phi"]) - values["min_phi"]
        out.append({**values, **{name: value for name, value in varied.items() if name in values}})
    return out


def accepted(spec: Form, values: dict[str, Any]) -> bool:
    try:
        spec.config.from_mapping(values)
    except ConfigError:
        return False
    return True


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_door_accepts_exactly_what_keeps_the_limits(page):
    spec, rng, seen = page.form, random.Random(7), set()
    for _ in range(SAMPLES):
        values = moved(spec, rng)
        keeps = all(limit.holds(trial) for trial in trials(values) for limit in spec.limits)
        assert accepted(spec, values) == keeps, {k: v for k, v in values.items() if v != spec.default_values[k]}
        seen.add(keeps)
    assert True in seen
    assert False in seen or not spec.limits


@pytest.mark.parametrize(
    ("text", "count"), [("", 1), ("4", 1), ("4,8,16", 3), ("4:12:2", 5), ("0.1:0.3:0.1", 3), ("1,4:12:2,0:1:0.3", 10)]
)
def test_values_written_as_text_count_as_many_as_they_are(text, count):
    limit = Limit("seeds", "hi", of=("values",), over=1000)
    assert limit.bound({"values": text}) == 1000 / count


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_limit_is_of_fields_that_there_are(page):
    for limit in page.form.limits:
        of = limit.of if isinstance(limit, Limit) else ()
        names = {limit.field, *of, *getattr(limit, "when", {})}
        assert names <= set(page.form.default_values), limit


def test_every_setting_that_can_be_varied_starts_with_values_of_its_own():
    over = next(control for control in COMPARE.form.controls if control.name == "over")
    assert set(over.fills.values) == set(sweepable())
    for name, values in over.fills.values.items():
        if name not in ("hole_radius", "positive_radius", "holes", "n_train", "arms", "classes", "max_phi", "min_phi"):
            matters = {of: among[0] for of, among in COMPARE.form.field(name).get("when", {}).items()}
            assert accepted(COMPARE.form, {**matters, "over": name, "values": ",".join(values)}), name


def test_the_lab_has_limits_for_every_check_of_its_door():
    assert {limit.field for limit in LAB.form.limits} == {"max_phi", "hole_radius", "positive_radius", "n_train"}
