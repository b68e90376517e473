"""AttackStudy: a generator of frames: a network learns, one frame an epoch, and is attacked, one frame a size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnprobe_core.attacks.config import AttackConfig
from nnprobe_core.attacks.curve import Outcome, aimed_at, assess
from nnprobe_core.attacks.midline import distances, midline
from nnprobe_core.attacks.torch_classifier import TorchClassifier
from nnprobe_core.datasets.shown import surroundings
from nnprobe_core.frame import Frame
from nnprobe_core.maths.evenly import evenly
from nnprobe_core.maths.softmax import confidence
from nnprobe_core.studies.examples import examples
from nnprobe_core.studies.learner import learner
from nnprobe_core.studies.study import ModuleStudy, Stage
from nnprobe_core.training.conductor import Conductor

Array = np.ndarray

PICTURES, POINTS = 20, 300  #: examples that are shown
GRID = 100  #: cells of the boundary a side
RANGE = (0.0, 1.0)  #: of a picture's grey values


class AttackStudy(ModuleStudy[AttackConfig]):
    """Adversarial examples: frame 0 is the network before training, frames 1 to ``epochs`` follow an epoch each, and
    the others a size each, the first of them 0."""

    def __init__(self, config: AttackConfig, *, checkpoints: Sequence[Frame] = ()) -> None:
        super().__init__(config, checkpoints=checkpoints)
        self.epsilons = np.linspace(0, config.epsilon, config.sizes)
        self._data = examples(config)
        self._x, self._y = self._attacked()
        self._shown = _by_class(self._y, PICTURES if self._data.pictures else POINTS)
        self._learner = learner(config, self._data)
        if self.saved is not None:
            self._learner.restore(min(self.saved.step, config.epochs) * self._learner.per_epoch, self.saved.arrays)

    def stage(self, stage: int, conductor: Conductor) -> Stage | None:
        config, learner = self.config, self._learner
        if not self.teach(learner, min(stage, config.epochs) * learner.per_epoch, conductor):
            return None
        arrays = self._learning() if stage <= config.epochs else self._attacking(stage - config.epochs - 1)
        header, first = ({}, {}) if stage else self._head()
        self.progress.epoch = learner.step / learner.per_epoch
        return Stage(arrays | first, learner.state(), header)

    def _head(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """What never changes."""
        config, x = self.config, self._x[self._shown]
        arrays = {
            "attack.epsilons": self.epsilons.astype(np.float32),
            "attack.originals": _pictures(x),
            "attack.labels": self._y[self._shown].astype(np.uint8),
        }
        curve = None if self._data.pictures else midline(config.run())
        if curve is not None:
            reach = distances(self._x, curve, config.norm)
            arrays["attack.midline"] = np.array([(reach <= each).mean() for each in self.epsilons], np.float32)
        if not self._data.pictures:
            arrays["data.extent"] = surroundings(self._data.x_train).astype(np.float32)
        return {"classes": list(self._data.classes), "points": len(self._x)}, arrays

    def _learning(self) -> dict[str, Array]:
        return self._learner.scores(self._data) | ({} if self._data.pictures else self._plane())

    def _plane(self) -> dict[str, Array]:
        """The class and its probability (× 255) in each cell of the plane, as a run's film has them."""
        x0, x1, y0, y1 = surroundings(self._data.x_train)
        x = x0 + (np.arange(GRID) + 0.5) * (x1 - x0) / GRID
        y = y0 + (np.arange(GRID) + 0.5) * (y1 - y0) / GRID
        grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)
        cells = confidence(TorchClassifier(self._learner.module).logits(grid).astype(np.float64))
        winner, sure = (each.reshape(GRID, GRID) for each in cells)
        return {"boundary.class": winner, "boundary.confidence": sure}

    def _attacking(self, index: int) -> dict[str, Array]:
        config = self.config
        found: Outcome = assess(
            TorchClassifier(self._learner.module),
            self._x,
            self._y,
            float(self.epsilons[index]),
            config.attack(RANGE if self._data.pictures else None),
            target=config.target_class,
            seed=config.seed,
        )
        row, shown = found.row(), self._shown
        series = [row["accuracy"], row["noise_accuracy"], row["confidence_before"], row["confidence_after"]]
        return {
            "series.attack": np.array(series, np.float32),
            "series.change": np.array([row["epsilon"], row["success"], row["linf"], row["l2"]], np.float32),
            "attack.transitions": found.transitions.astype(np.int32),
            "attack.examples": _pictures(found.x[shown]),
            "attack.predicted": np.stack([found.before[shown], found.after[shown]], axis=1).astype(np.uint8),
            "attack.confidence": np.stack(
                [found.confidence_before[shown], found.confidence_after[shown]], axis=1
            ).astype(np.float32),
            "attack.size": np.stack([found.linf[shown], found.l2[shown]], axis=1).astype(np.float32),
        }

    def _attacked(self) -> tuple[Array, Array]:
        """The test points that are attacked: so many per class, those of the target left out."""
        x, y = aimed_at(self._data.x_test, self._data.y_test, self.config.target_class)
        chosen = np.concatenate([np.flatnonzero(y == k)[: self.config.per_class] for k in np.unique(y)])
        return x[np.sort(chosen)], y[np.sort(chosen)]


def _by_class(y: Array, most: int) -> Array:
    """At most ``most`` places of ``y``, class after class, evenly many of each."""
    groups = [np.flatnonzero(y == label) for label in np.unique(y)]
    return np.concatenate([group[evenly(len(group), most // len(groups))] for group in groups])


def _pictures(x: Array) -> Array:
    """Grey pictures (m, 1, h, w) as (m, h, w); points in the plane as they are."""
    return np.ascontiguousarray(x[:, 0] if x.ndim == 4 else x, np.float32)
