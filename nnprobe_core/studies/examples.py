"""Examples: the training and the test set of a study, whatever they are examples of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnprobe_core.datasets.data import load_data
from nnprobe_core.datasets.images import load_images
from nnprobe_core.studies.config import DIGITS, StudyConfig

Array = np.ndarray


@dataclass(frozen=True)
class Examples:
    """A training and a test set: x float32, pictures (n, channels, height, width) or points (n, d); y uint8 (n,); and
    the names of the classes."""

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array
    classes: tuple[str, ...]

    @classmethod
    def of(cls, data: Any, classes: tuple[str, ...] | None = None) -> Examples:
        """Those of whatever has these arrays; of ``classes``, where it names none itself."""
        names = data.classes if classes is None else classes
        return cls(data.x_train, data.y_train, data.x_test, data.y_test, names)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one example."""
        return tuple(self.x_train.shape[1:])

    @property
    def pictures(self) -> bool:
        return self.x_train.ndim == 4


def examples(config: StudyConfig, seed: int | None = None) -> Examples:
    """What a study of ``config`` learns and is tested by; ``seed`` in place of the config's draws other ones."""
    if config.dataset == DIGITS:
        return Examples.of(load_images(DIGITS, seed=config.seed if seed is None else seed))
    return Examples.of(load_data(config.run(seed)), tuple(map(str, range(config.n_classes))))
