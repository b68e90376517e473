"""Limits of a form's controls that hang on other controls, so that no slider reaches what the config's door refuses.

The door itself is the config's ``__post_init__``; tests/app/pages/test_limits.py holds the two together: within a
form's ranges the door accepts whatever keeps these limits, and refuses whatever breaks one of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

When = Mapping[str, tuple[str, ...]]


def _applies(when: When, values: Mapping[str, Any]) -> bool:
    return all(str(values[name]) in among for name, among in when.items())


def _amount(value: Any) -> float:
    """A number; of a text with values, as 4,8 or 4:12:2, how many there are (1 where it is empty)."""
    if not isinstance(value, str):
        return float(value)
    count = 0
    for part in value.split(","):
        first, *rest = part.split(":")
        count += math.floor((float(rest[0]) - float(first)) / float(rest[1]) + 1e-9) + 1 if len(rest) == 2 else 1
    return count


@dataclass(frozen=True)
class Limit:
    """``field`` is at most (``side`` "hi") or at least ("lo") ``plus`` + ``times`` · the product of the fields ``of``,
    or ``over`` ÷ that product; beyond it, not at it, where ``strict``."""

    field: str
    side: str
    of: tuple[str, ...]
    times: float = 1
    over: float = 0
    plus: float = 0
    strict: bool = False
    when: When = default(default_factory=dict)

    def bound(self, values: Mapping[str, Any]) -> float:
        product = math.prod(_amount(values[name]) for name in self.of)
        return self.over / product if self.over else self.plus + self.times * product

    def holds(self, values: Mapping[str, Any]) -> bool:
        if not _applies(self.when, values):
            return True
        value, bound = float(values[self.field]), self.bound(values)
        if self.strict and value == bound:
            return False
        return value <= bound if self.side == "hi" else value >= bound


@dataclass(frozen=True)
class Only:
    """A choice is one of ``among`` where ``when`` says so."""

    field: str
    among: tuple[str, ...]
    when: When

    def holds(self, values: Mapping[str, Any]) -> bool:
        return not _applies(self.when, values) or str(values[self.field]) in self.among


@dataclass(frozen=True)
class Unlike:
    """A choice is not that of the field ``other``, nor one of a pair that says the same in two ways; empty is."""

    field: str
    other: str
    pairs: tuple[tuple[str, str], ...] = ()

    def holds(self, values: Mapping[str, Any]) -> bool:
        one, two = str(values[self.field]), str(values[self.other])
        return not one or (one != two and (one, two) not in self.pairs and (two, one) not in self.pairs)


AnyLimit = Limit | Only | Unlike


@dataclass(frozen=True)
class Fill:
    """What the text field ``into`` starts with when a choice is made: values by choice, those that the limits allow."""

    into: str
    values: Mapping[str, tuple[str, ...]]
