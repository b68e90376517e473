"""What a data set says of itself: how many classes it has, which fields shape it, and which of these are its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Any, TypeVar

from nnprobe_core.datasets.sampling import Points
from nnprobe_core.registry import DATASETS, load

MAX_CLASSES = 6  #: of the lab's own networks and panels: so many colours and shapes are told apart

#: What a data set may ask for besides fields of the config: points per class, the generator of its points, a second
#: one for structure that training and test points share, and whether these are the test points.
GIVEN = ("n", "rng", "layout", "test")

_Config = TypeVar("_Config")


@dataclass(frozen=True)
class Dataset:
    """A data set: ``points``, its generator, which takes fields of the config by their names.

    Attributes
    ----------
    classes : int or str
        How many classes it has, or the field that says so.
    own : mapping
        Fields of its own, made by the builders of :mod:`nnprobe_core.fields`.
    check : callable, optional
        Refuses a config, with ConfigError, whose fields do not go together.
    """

    points: Callable[..., Points]
    classes: int | str
    own: Mapping[str, Any]
    check: Callable[[Any], None] | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The config's fields that shape it, in the order of its signature."""
        return tuple(name for name in signature(self.points).parameters if name not in GIVEN)

    def n_classes(self, config: Any) -> int:
        """How many classes it has with the fields of ``config``."""
        return self.classes if isinstance(self.classes, int) else int(getattr(config, self.classes))


def dataset(
    *, classes: int | str, check: Callable[[Any], None] | None = None, **own: Any
) -> Callable[[Callable[..., Points]], Callable[..., Points]]:
    """Declare the generator below it a data set: see :class:`Dataset`. The generator itself stays as it is."""
    if isinstance(classes, int) and not 2 <= classes <= MAX_CLASSES:
        raise ValueError(f"classes must be 2 to {MAX_CLASSES}, or the name of a field, got {classes}.")

    def declare(points: Callable[..., Points]) -> Callable[..., Points]:
        points.declared = Dataset(points, classes, own, check)  # type: ignore[attr-defined]
        return points

    return declare


def declared(name: str) -> Dataset:
    """What the data set ``name`` says of itself; ConfigError for an unknown name."""
    points = load(DATASETS, name, "dataset")
    try:
        found: Dataset = points.declared
    except AttributeError:
        raise TypeError(f"{DATASETS[name]} must be declared by @dataset(classes=…).") from None
    return found


def with_own_fields(config: type[_Config]) -> type[_Config]:
    """A class decorator, below ``@dataclass``: adds the fields that data sets have of their own.

    Each says under ``when``, in its metadata, with which data sets it matters. Raises ValueError for a name that the
    class, or another data set, has already.
    """
    every = {name: declared(name) for name in DATASETS}
    for name, found in every.items():
        for own, item in found.own.items():
            if own in config.__dict__:
                raise ValueError(f"{own}, a field of the data set {name}, must have a name that no other field has.")
            users = tuple(user for user, other in every.items() if own in other.fields)
            metadata = {**item.metadata, "when": {"dataset": users}}
            setattr(config, own, dataclasses.field(default=item.default, metadata=metadata))
            config.__annotations__[own] = "Any"
    return config
