"""From a config to its points: the one place that calls a data set, with generators of the run's own."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import signature
from typing import TYPE_CHECKING, Protocol

import numpy as np

from nnprobe_core.datasets.declare import declared
from nnprobe_core.datasets.sampling import Array, Points
from nnprobe_core.errors import ConfigError

if TYPE_CHECKING:
    from nnprobe_core.datasets.own import OwnData

# The generators stand apart, so that more training points, say, leave the test points as they are.
_LAYOUT, _TRAIN, _TEST, _TRAIN_LABELS, _TEST_LABELS = range(5)


class DataConfig(Protocol):
    """The fields of RunConfig that every data set needs; each takes more by name."""

    @property
    def dataset(self) -> str: ...
    @property
    def seed_data(self) -> int: ...
    @property
    def n_train(self) -> int: ...
    @property
    def n_test(self) -> int: ...
    @property
    def n_classes(self) -> int: ...
    @property
    def label_noise(self) -> float: ...
    @property
    def data(self) -> str: ...


@dataclass(frozen=True)
class Data:
    """The points of a run, class 0 first: x (classes · n, 2) float32, y (classes · n,) uint8."""

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array


def load_data(config: DataConfig, own: OwnData | None = None) -> Data:
    """The training and test points that ``config`` describes; equal configs give equal points.

    Nothing but the data fields and ``seed_data`` matters. ``label_noise`` is the share of points, of the training and
    of the test set alike, whose label is then drawn uniformly from all classes: a larger share adds points to those
    drawn before and changes none of them. ``own`` are the points of one's own that the config names, if it names some.
    Raises ConfigError for an unknown data set, and for other points of one's own than those.
    """
    if config.data:
        return _own(config, own)
    found = declared(config.dataset)
    fields = {name: getattr(config, name) for name in found.fields}
    asks = signature(found.points).parameters

    def draw(n: int, stream: int, labels: int, *, test: bool) -> Points:
        given = {"n": n, "rng": _rng(config, stream), "layout": _rng(config, _LAYOUT), "test": test}
        x, y = found.points(**fields, **{name: value for name, value in given.items() if name in asks})
        if y.max() >= config.n_classes:
            least = f"below {config.n_classes}, as many classes as the data set {config.dataset} declares"
            raise ConfigError("labels", least, int(y.max()))
        return x, _noisy(y, config.label_noise, config.n_classes, _rng(config, labels))

    train = draw(config.n_train, _TRAIN, _TRAIN_LABELS, test=False)
    test = draw(config.n_test, _TEST, _TEST_LABELS, test=True)
    return Data(*train, *test)


def _own(config: DataConfig, own: OwnData | None) -> Data:
    if own is None:
        raise ConfigError("data", f"handed over, as points of one's own ({config.data}) are not in a config", "none")
    if own.name != config.data:
        raise ConfigError("data", f"the points that the config names ({config.data}), unchanged since", own.name)
    noisy = (
        _noisy(y, config.label_noise, config.n_classes, _rng(config, stream))
        for y, stream in ((own.y_train, _TRAIN_LABELS), (own.y_test, _TEST_LABELS))
    )
    y_train, y_test = noisy
    return Data(own.x_train, y_train, own.x_test, y_test)


def fields_of(dataset: str) -> tuple[str, ...]:
    """The config's fields that shape ``dataset``, in the order of its signature; ConfigError for an unknown name.

    ``label_noise``, ``n_train``, ``n_test`` and ``seed_data`` belong to every data set and are not among them.
    """
    return declared(dataset).fields


def _rng(config: DataConfig, stream: int) -> np.random.Generator:
    return np.random.default_rng([config.seed_data, stream])


def _noisy(y: Array, share: float, n_classes: int, rng: np.random.Generator) -> Array:
    drawn = rng.integers(n_classes, size=len(y), dtype=np.uint8)
    which = rng.permutation(len(y))[: round(share * len(y))]
    out = y.copy()
    out[which] = drawn[which]
    return out
