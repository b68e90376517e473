"""Fields of a config: how each kind of value is checked at the door, and how a field says what it is.

A validator takes a name and a value, typed or text, and gives the value as it is kept; or it raises ConfigError, a
sentence with field, bound and the value got. A builder makes a dataclass field whose metadata a form, the command line
and an error can read: ``kind``, ``label``, ``group``, ``help``, bounds or choices, ``check``, its validator, and for a
field that matters with some values of others alone ``when``: their names and those values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from itertools import pairwise
from typing import Any

from nnprobe_core.errors import ConfigError

MAX_STEPS = 1_000_000
MAX_SEED = 2**31 - 1
_YES, _NO = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


def real(name: str, value: Any, lo: float, hi: float) -> float:
    """A finite number from ``lo`` to ``hi``."""
    bound = f"a number from {lo:g} to {hi:g}"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ConfigError(name, bound, value)
    try:
        number = float(value)
    except (ValueError, OverflowError):
        raise ConfigError(name, bound, value) from None
    if not (math.isfinite(number) and lo <= number <= hi):
        raise ConfigError(name, bound, value)
    return number + 0.0  # −0 becomes 0: equal configs have equal text


def whole(name: str, value: Any, lo: int, hi: int) -> int:
    """A whole number from ``lo`` to ``hi``."""
    bound = f"a whole number from {lo} to {hi}"
    number = value
    if isinstance(value, str):
        try:
            number = int(value)
        except ValueError:
            raise ConfigError(name, bound, value) from None
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if isinstance(number, bool) or not isinstance(number, int) or not lo <= number <= hi:
        raise ConfigError(name, bound, value)
    return number


def truth(name: str, value: Any) -> bool:
    """True or false, also as 1, yes, on and their like."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in (*_YES, *_NO):
        return value.lower() in _YES
    raise ConfigError(name, "true or false", value)


def one_of(name: str, value: Any, choices: Sequence[str]) -> str:
    """One of the texts ``choices``."""
    if not isinstance(value, str) or value not in choices:
        raise ConfigError(name, f"one of {', '.join(choices)}", value)
    return value


def wholes(name: str, value: Any, lo: int, hi: int, most: int, what: str = "whole numbers") -> tuple[int, ...]:
    """At most ``most`` whole numbers; as text with - or , between them, and empty for none."""
    bound = f"at most {most} {what} from {lo} to {hi}, as 16-16-16"
    parts: list[Any]
    if isinstance(value, str):
        text = value.replace(",", "-")
        parts = [part for part in text.split("-") if part.strip()] if text.strip() else []
        if text.strip() and len(parts) != text.count("-") + 1:
            raise ConfigError(name, bound, value)
    elif isinstance(value, Sequence):
        parts = list(value)
    else:
        raise ConfigError(name, bound, value)
    if len(parts) > most:
        raise ConfigError(name, bound, value)
    try:
        return tuple(whole(name, part, lo, hi) for part in parts)
    except ConfigError:
        raise ConfigError(name, bound, value) from None


def reals(name: str, value: Any, lo: float, hi: float, most: int) -> tuple[float, ...]:
    """At most ``most`` numbers; as text with , between them, and empty for none."""
    bound = f"at most {most} numbers from {lo:g} to {hi:g}, as 0.1,0.2"
    parts = value
    if isinstance(value, str):
        parts = value.split(",") if value.strip() else []
    if not isinstance(parts, Sequence) or len(parts) > most:
        raise ConfigError(name, bound, value)
    try:
        return tuple(real(name, part, lo, hi) for part in parts)
    except ConfigError:
        raise ConfigError(name, bound, value) from None


def steps_and_rates(name: str, value: Any) -> tuple[tuple[int, float], ...]:
    """Pairs of a step and the learning rate from there on, with rising steps; as text 500:0.001,1000:0.0001."""
    bound = "pairs step:rate with rising steps, as 500:0.001,1000:0.0001"
    parts = value
    if isinstance(value, str):
        parts = [part.split(":") for part in value.split(",")] if value.strip() else []
    if not isinstance(parts, Sequence):
        raise ConfigError(name, bound, value)
    pairs = []
    for pair in parts:
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            raise ConfigError(name, bound, value)
        try:
            pairs.append((whole(name, pair[0], 0, MAX_STEPS), real(name, pair[1], 1e-7, 100)))
        except ConfigError:
            raise ConfigError(name, bound, value) from None
    if any(later[0] <= earlier[0] for earlier, later in pairwise(pairs)):
        raise ConfigError(name, bound, value)
    return tuple(pairs)


def number(default: float, lo: float, hi: float, label: str, group: str, help: str, unit: str = "") -> Any:  # noqa: A002
    """A field for a number from ``lo`` to ``hi``."""
    return _field(
        default, "number", lambda name, value: real(name, value, lo, hi), label, group, help, lo=lo, hi=hi, unit=unit
    )


def integer(
    default: int,
    lo: int,
    hi: int,
    label: str,
    group: str,
    help: str,  # noqa: A002
    unit: str = "",
    words: Mapping[str, int] | None = None,
) -> Any:
    """A field for a whole number from ``lo`` to ``hi``, or one of the ``words`` that stand for one."""
    known = dict(words or {})

    def check(name: str, value: Any) -> int:
        return known[value] if isinstance(value, str) and value in known else whole(name, value, lo, hi)

    return _field(default, "integer", check, label, group, help, lo=lo, hi=hi, unit=unit, words=tuple(known))


def choice(default: str, choices: Sequence[str], label: str, group: str, help: str) -> Any:  # noqa: A002
    """A field for one of the texts ``choices``."""
    among = tuple(choices)
    return _field(default, "choice", lambda name, value: one_of(name, value, among), label, group, help, choices=among)


def boolean(default: bool, label: str, group: str, help: str) -> Any:  # noqa: A002
    """A field for true or false."""
    return _field(default, "boolean", truth, label, group, help)


def integers(
    default: Sequence[int],
    lo: int,
    hi: int,
    most: int,
    label: str,
    group: str,
    help: str,  # noqa: A002
    what: str = "whole numbers",
) -> Any:
    """A field for a tuple of at most ``most`` whole numbers, called ``what`` in its errors."""
    return _field(
        tuple(default),
        "integers",
        lambda name, value: wholes(name, value, lo, hi, most, what),
        label,
        group,
        help,
        lo=lo,
        hi=hi,
        most=most,
    )


def numbers(default: Sequence[float], lo: float, hi: float, most: int, label: str, group: str, help: str) -> Any:  # noqa: A002
    """A field for a tuple of at most ``most`` numbers."""
    return _field(
        tuple(default),
        "numbers",
        lambda name, value: reals(name, value, lo, hi, most),
        label,
        group,
        help,
        lo=lo,
        hi=hi,
        most=most,
    )


def text(default: str, check: Callable[[str, Any], str], label: str, group: str, help: str) -> Any:  # noqa: A002
    """A field for a text that ``check`` lets through."""
    return _field(default, "text", check, label, group, help)


def schedule(label: str, group: str, help: str) -> Any:  # noqa: A002
    """A field for pairs of step and learning rate, empty to begin with."""
    return _field((), "schedule", steps_and_rates, label, group, help)


def bounds(metadata: Mapping[str, Any]) -> str:
    """The bounds of a field in words, from its metadata: 0.001 to 10; empty where it has none."""
    if "lo" not in metadata:
        return ""
    each, unit = ("each " if "most" in metadata else ""), metadata.get("unit")
    many = f", at most {metadata['most']}" if each else ""
    words = "".join(f", or {word}" for word in metadata.get("words", ()))
    return f"{each}{_figure(metadata['lo'])} to {_figure(metadata['hi'])}{f' {unit}' if unit else ''}{many}{words}"


def matters(metadata: Mapping[str, Any], value_of: Callable[[str], Any]) -> bool:
    """Whether a field matters with the values of others: those its metadata names under ``when``, if it does."""
    return all(str(value_of(name)) in among for name, among in metadata.get("when", {}).items())


def _figure(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:g}"


def _field(default: Any, kind: str, check: Any, label: str, group: str, help: str, **more: Any) -> Any:  # noqa: A002
    return field(
        default=default,
        metadata={"kind": kind, "check": check, "label": label, "group": group, "help": help, **more},
    )
