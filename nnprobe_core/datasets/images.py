"""Pictures with a class each: the built-in digits, and the split of a set that comes in one piece."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nnprobe_core.errors import ConfigError

Array = np.ndarray

DIGITS = "digits"  #: the built-in set's name
TEST_SHARE = 0.3  #: of a set that comes without test pictures


@dataclass(frozen=True)
class Images:
    """A training and a test set of pictures.

    Attributes
    ----------
    x_train, x_test : float32 (n, channels, height, width)
        Channels first, as PyTorch's convolutions take them; bytes were divided by 255.
    y_train, y_test : uint8 (n,)
        The place of each picture's class in ``classes``.
    classes : tuple of str
        Names of the K classes.
    """

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array
    classes: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Channels, height, width of a picture."""
        return tuple(self.x_train.shape[1:])

    @property
    def n_classes(self) -> int:
        return len(self.classes)

    def per_class(self, train: int | None = None, test: int | None = None) -> Images:
        """At most so many pictures of each class, the first of each; None: all."""
        first, second = _first(self.y_train, train), _first(self.y_test, test)
        return replace(
            self,
            x_train=self.x_train[first],
            y_train=self.y_train[first],
            x_test=self.x_test[second],
            y_test=self.y_test[second],
        )


def load_images(name: str | Path, *, seed: int = 0, test_share: float = TEST_SHARE) -> Images:
    """The pictures called ``name``: ``digits``, or a file or folder (:mod:`nnprobe_core.datasets.image_files`).

    ``seed`` and ``test_share`` part a set that comes without test pictures (the digits do): class by class, so that
    shares agree. Equal arguments give equal sets. Raises ConfigError for what cannot be read.
    """
    if str(name) == DIGITS:
        return digits(seed=seed, test_share=test_share)
    from nnprobe_core.datasets.image_files import read_images

    return read_images(Path(name), seed=seed, test_share=test_share)


def digits(*, seed: int = 0, test_share: float = TEST_SHARE) -> Images:
    """scikit-learn's 1 797 handwritten digits, 8 × 8 grey values in [0, 1] (Alpaydin & Kaynak 1998, UCI)."""
    from sklearn.datasets import load_digits

    found = load_digits()
    x = (found.images[:, None] / 16).astype(np.float32)
    return split(x, found.target.astype(np.uint8), tuple(map(str, range(10))), seed=seed, test_share=test_share)


def split(x: Array, y: Array, classes: tuple[str, ...], *, seed: int = 0, test_share: float = TEST_SHARE) -> Images:
    """``x`` (n, channels, height, width) with classes ``y`` (n,), parted into training and test pictures.

    Of each class about ``test_share``, at least one of each side. Raises ConfigError where a class has one picture.
    """
    train, test = parted(y, classes, seed=seed, test_share=test_share)
    return Images(x[train], y[train], x[test], y[test], classes)


def parted(
    y: Array, classes: tuple[str, ...], *, seed: int, test_share: float, what: str = "pictures"
) -> tuple[Array, Array]:
    """Indices of the training and of the test examples among those with classes ``y`` (n,); as :func:`split` says."""
    if not 0 < test_share < 1:
        raise ConfigError("test_share", "above 0 and below 1", test_share)
    order = np.random.default_rng([seed, 1]).permutation(len(y))
    is_test = np.zeros(len(y), bool)
    for label, name in enumerate(classes):
        members = order[y[order] == label]
        if len(members) < 2:
            raise ConfigError(f"class {name}", f"of two {what} or more, to train and to test on", len(members))
        is_test[members[: min(len(members) - 1, max(1, round(test_share * len(members))))]] = True
    return order[~is_test[order]], order[is_test[order]]


def _first(y: Array, count: int | None) -> Array:
    if count is None:
        return np.arange(len(y))
    if count < 1:
        raise ConfigError("per class", "a whole number from 1 on", count)
    chosen = [np.flatnonzero(y == label)[:count] for label in np.unique(y)]
    return np.sort(np.concatenate(chosen)) if chosen else np.arange(0)
