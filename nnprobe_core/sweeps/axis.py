"""Axis: one setting that a sweep varies, and its values, read from text."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from nnprobe_core.base_config import as_text
from nnprobe_core.config import MAX_DEPTH, MAX_WIDTH, RunConfig
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import real, whole

ENTANGLEMENT = "entanglement"
MAX_VALUES = 200

_NOT_SWEPT = ("data", "seed_data", "seed_init", "seed_batch", "frames", "device", "engine", "lr_schedule")
#: Settings that are not a field of their own: label, bounds, and whether they are whole numbers.
_SHORTHANDS: dict[str, tuple[str, float, float, bool]] = {
    ENTANGLEMENT: ("Entanglement", 0.01, 100, False),
    "width": ("Width", 1, MAX_WIDTH, True),
    "depth": ("Depth", 0, MAX_DEPTH, True),
    "epochs": ("Epochs", 1, 1_000_000, True),
}


@dataclass(frozen=True)
class Axis:
    """A setting, its label, and its values as RunConfig takes them."""

    field: str
    label: str
    values: tuple[Any, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The values as they are written."""
        return tuple(as_text(value) for value in self.values)

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers, to be drawn along a scale."""
        return all(isinstance(value, int | float) and not isinstance(value, bool) for value in self.values)


@cache
def sweepable() -> tuple[str, ...]:
    """The names of all settings that can be varied, shorthands first."""
    return (*_SHORTHANDS, *(item.name for item in fields(RunConfig) if item.name not in _NOT_SWEPT))


def label_of(name: str) -> str:
    """What a setting is called."""
    if name in _SHORTHANDS:
        return _SHORTHANDS[name][0]
    return str(next(item.metadata["label"] for item in fields(RunConfig) if item.name == name))


def parse_axis(name: str, text: str, where: str) -> Axis:
    """The axis of the setting ``name`` with the values in ``text``; ConfigError names the field ``where``."""
    parts = [part.strip() for part in text.split(",")]
    values: list[Any] = []
    for part in parts:
        values += _expanded(part, where) if part.count(":") == 2 else [part]
    if not text or (any(value == "" for value in values) and name != "hidden"):
        raise ConfigError(where, f"values of {label_of(name)}, as 4,8,16 or first:last:step", text)
    if len(values) > MAX_VALUES:
        raise ConfigError(where, f"at most {MAX_VALUES} values", len(values))
    try:
        checked = tuple(_checked(name, value) for value in values)
    except ConfigError as error:  # said of the field that it was written in
        raise ConfigError(where, f"values of {label_of(name)}, each {error.bound}", error.got) from None
    if len(set(checked)) < len(checked):
        raise ConfigError(where, "values that differ", text)
    return Axis(name, label_of(name), checked)


def _expanded(part: str, where: str) -> list[float]:
    """first:last:step, last included where a step ends there."""
    try:
        first, last, step = (float(number) for number in part.split(":"))
    except ValueError:
        raise ConfigError(where, "first:last:step as 4:12:2", part) from None
    if not all(map(math.isfinite, (first, last, step))) or step <= 0 or last < first:
        raise ConfigError(where, "first:last:step with a step above 0 and last not below first", part)
    count = math.floor((last - first) / step + 1e-9) + 1
    if count > MAX_VALUES:
        raise ConfigError(where, f"at most {MAX_VALUES} values", count)
    # Twelve digits: 0.1:0.3:0.1 has 0.3 in it and not 0.30000000000000004.
    return [float(f"{first + index * step:.12g}") for index in range(count)]


def _checked(name: str, value: Any) -> Any:
    if name in _SHORTHANDS:
        _, lo, hi, integral = _SHORTHANDS[name]
        return whole(name, value, int(lo), int(hi)) if integral else real(name, value, lo, hi)
    item = next(item for item in fields(RunConfig) if item.name == name)
    return item.metadata["check"](name, value)
