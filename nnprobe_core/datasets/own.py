"""Points of one's own: arrays that a config names by their content, since no config could hold them.

The name says what follows from the config alone (how many points, of how many classes) and a hash of the points, so
that equal configs still mean equal films: whoever carries one out hands over the points, and they are compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

import numpy as np

from nnprobe_core.datasets.declare import MAX_CLASSES
from nnprobe_core.datasets.images import TEST_SHARE, parted
from nnprobe_core.errors import ConfigError

Array = np.ndarray

MAX_POINTS = 20_000  #: of either set
_NAME = re.compile(r"([0-9a-f]{16}):(\d{1,5}):(\d{1,5}):([2-6])")


class Named(NamedTuple):
    """What a name says: the first 16 hexadecimal digits of the points' SHA-256, and what there is of them."""

    content: str
    train: int
    test: int
    classes: int

    def __str__(self) -> str:
        return ":".join(map(str, self))


def named(field_name: str, text: Any) -> str:
    """``text`` where it is the name of points, or empty; ConfigError for anything else."""
    if isinstance(text, str) and (not text or _NAME.fullmatch(text)):
        return text
    raise ConfigError(field_name, "the name of points, as 0123456789abcdef:134:66:2, or empty", text)


def parse(text: str) -> Named:
    """The parts of a name that :func:`named` has let through."""
    content, *counts = text.split(":")
    return Named(content, *map(int, counts))


@dataclass(frozen=True)
class OwnData:
    """A training and a test set of points: x (n, d) float32, y (n,) uint8, class 0 first; and the classes' names."""

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array
    classes: tuple[str, ...]

    @cached_property
    def name(self) -> str:
        """How a config of the lab's own networks names these points.

        Raises ConfigError for points that are not in the plane, and for more points or classes than such networks take.
        """
        for side, x in (("training", self.x_train), ("test", self.x_test)):
            if x.shape[1] != 2:
                raise ConfigError("data", "points in the plane (n, 2) for the lab's own networks", x.shape)
            if not 2 <= len(x) <= MAX_POINTS:
                raise ConfigError("data", f"2 to {MAX_POINTS:,} {side} points", len(x))
        if len(self.classes) > MAX_CLASSES:
            raise ConfigError("data", f"of 2 to {MAX_CLASSES} classes", len(self.classes))
        return str(Named(self.content, len(self.x_train), len(self.x_test), len(self.classes)))

    @cached_property
    def content(self) -> str:
        """A hash of all points and labels."""
        found = sha256()
        for array in (self.x_train, self.y_train, self.x_test, self.y_test):
            found.update(repr(array.shape).encode() + array.astype(array.dtype.newbyteorder("<")).tobytes())
        return found.hexdigest()[:16]


def own_data(
    x: Any, y: Any, x_test: Any = None, y_test: Any = None, *, seed: int = 0, test_share: float = TEST_SHARE
) -> OwnData:
    """Points ``x`` (n, d) with labels ``y`` (n,), numbers or names, and the test points; arrays, or what makes some.

    Without test points, ``test_share`` of each class is drawn as such, by ``seed``. Nothing is scaled. Raises
    ConfigError for what is not finite numbers, of two classes or more.
    """
    if (x_test is None) != (y_test is None):
        raise ConfigError("x_test and y_test", "given both or not at all", "one of them")
    points, labels = _points("x", x), np.ravel(np.asarray(y))
    tests = None if x_test is None else _points("x_test", x_test)
    test_labels = np.ravel(np.asarray(y_test)) if y_test is not None else labels[:0]
    for side, array, of in (("x", points, labels), ("x_test", tests, test_labels)):
        if array is not None and len(array) != len(of):
            raise ConfigError(f"{side} and its labels", f"as many as one another ({len(array)} points)", len(of))
    numbers, classes = _numbered(np.concatenate([labels, test_labels]))
    numbers, test_numbers = numbers[: len(labels)], numbers[len(labels) :]
    if tests is None:
        train, test = parted(numbers, classes, seed=seed, test_share=test_share, what="points")
        points, tests, numbers, test_numbers = points[train], points[test], numbers[train], numbers[test]
    if tests.shape[1] != points.shape[1]:
        raise ConfigError("x_test", f"points of {points.shape[1]} numbers like x", tests.shape)
    if missing := sorted(set(range(len(classes))) - set(numbers.tolist())):
        raise ConfigError("y", "with a training point of every class", f"none of {classes[missing[0]]}")
    (x_train, y_train), (x_tests, y_tests) = _by_class(points, numbers), _by_class(tests, test_numbers)
    return OwnData(x_train, y_train, x_tests, y_tests, classes)


def _points(name: str, x: Any) -> Array:
    array = np.asarray(x)
    if array.dtype.kind not in "iufb" or array.ndim != 2 or not array.size:
        raise ConfigError(name, "points (n, d), numbers each", f"{array.dtype} {array.shape}")
    array = array.astype(np.float32)
    if not np.isfinite(array).all():
        raise ConfigError(name, "finite", f"{np.count_nonzero(~np.isfinite(array))} values that are not")
    return array


def _numbered(y: Array) -> tuple[Array, tuple[str, ...]]:
    """Labels counted from 0 in the order of their values, and their names."""
    if y.dtype.kind == "f" and np.isfinite(y).all() and np.array_equal(y, np.round(y)):
        y = y.astype(np.int64)
    if y.dtype.kind not in "iuUb":
        raise ConfigError("y", "whole numbers or names", y.dtype)
    names, index = np.unique(y, return_inverse=True)
    if not 2 <= len(names) <= 256:
        raise ConfigError("y", "of 2 to 256 classes", len(names))
    return index.astype(np.uint8), tuple(map(str, names))


def _by_class(x: Array, y: Array) -> tuple[Array, Array]:
    order = np.argsort(y, kind="stable")
    return np.ascontiguousarray(x[order]), y[order]
