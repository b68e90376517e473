"""AttackStudy: a generator of frames: a network learns, one frame an epoch, and is attacked, one frame a size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch

from nnprobe_core.attacks.config import DIGITS, AttackConfig
from nnprobe_core.attacks.curve import Outcome, aimed_at, assess
from nnprobe_core.attacks.gradient_attack import GradientAttack
from nnprobe_core.attacks.midline import distances, midline
from nnprobe_core.attacks.torch_classifier import TorchClassifier
from nnprobe_core.datasets.data import Data, load_data
from nnprobe_core.datasets.images import Images, load_images
from nnprobe_core.datasets.shown import surroundings
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import CHECKPOINTS, Frame
from nnprobe_core.maths.evenly import evenly
from nnprobe_core.maths.softmax import confidence
from nnprobe_core.models.networks import build
from nnprobe_core.registry import ATTACKS, load
from nnprobe_core.separation.learner import Learner
from nnprobe_core.training.conductor import Conductor, Progress
from nnprobe_core.training.inbox import Inbox

Array = np.ndarray

PICTURES, POINTS = 20, 300  #: examples that are shown
GRID = 100  #: cells of the boundary a side
RANGE = (0.0, 1.0)  #: of a picture's grey values


class AttackStudy:
    """The study of ``config``, from its start or from where its checkpoints left it.

    Parameters
    ----------
    config : AttackConfig
    checkpoints : sequence of Frame
        The study's checkpoint track, oldest first; the last of them says all.

    Frame 0 is the network before training, frames 1 to ``epochs`` follow an epoch each, and the others a size each,
    the first of them 0.
    """

    def __init__(self, config: AttackConfig, *, checkpoints: Sequence[Frame] = ()) -> None:
        if config.device == "cuda" and not torch.cuda.is_available():
            raise ConfigError("device", "cpu on a machine without a CUDA device", config.device)
        self.config = config
        self.epsilons = np.linspace(0, config.epsilon, config.sizes)
        self._data = _data(config)
        self._x, self._y = self._attacked()
        most = PICTURES if isinstance(self._data, Images) else POINTS
        self._shown = _by_class(self._y, most)
        self._learner = self._made()
        self._next = 0
        if checkpoints:
            last = checkpoints[-1]
            if last.header.get("config") != config.to_mapping():
                raise ConfigError("checkpoints", "of the same config", last.header.get("config"))
            self._learner.restore(min(last.step, config.epochs) * self._learner.per_epoch, last.arrays)
            self._next = last.step + 1
        self.progress = Progress(max(0, self._next - 1), config.planned, 0.0, config.lr)

    def frames(self, inbox: Inbox | None = None, pace: float = 0) -> Iterator[Frame]:
        """All frames to come; may be called once. ``pace``: frames per second, 0 for as fast as possible."""
        config, learner, conductor = self.config, self._learner, Conductor(self.progress, inbox, pace)
        while self._next <= config.planned:
            step = self._next
            target = min(step, config.epochs) * learner.per_epoch
            while conductor.go() and not learner.advance(target, conductor.interrupted):
                pass
            if self.progress.stopped:
                return
            arrays = self._learning() if step <= config.epochs else self._attacking(step - config.epochs - 1)
            header: dict[str, Any] = {}
            if step == 0:
                header, first = self._head()
                arrays |= first
            self.progress.epoch = learner.step / learner.per_epoch
            self._next = step + 1
            conductor.shown(step)
            yield Frame(step, arrays, header=header)
            yield Frame(step, learner.state(), track=CHECKPOINTS, header={"config": config.to_mapping()})

    def _head(self) -> tuple[dict[str, Any], dict[str, Array]]:
        """What never changes."""
        config, x = self.config, self._x[self._shown]
        classes = self._data.classes if isinstance(self._data, Images) else tuple(map(str, range(config.n_classes)))
        arrays = {
            "attack.epsilons": self.epsilons.astype(np.float32),
            "attack.originals": _pictures(x),
            "attack.labels": self._y[self._shown].astype(np.uint8),
        }
        curve = None if isinstance(self._data, Images) else midline(config.run())
        if curve is not None:
            reach = distances(self._x, curve, config.norm)
            arrays["attack.midline"] = np.array([(reach <= each).mean() for each in self.epsilons], np.float32)
        if not isinstance(self._data, Images):
            arrays["data.extent"] = surroundings(self._data.x_train).astype(np.float32)
        return {"config": config.to_mapping(), "classes": list(classes), "points": len(self._x)}, arrays

    def _learning(self) -> dict[str, Array]:
        data, learner = self._data, self._learner
        (loss, accuracy), (loss_test, accuracy_test) = (
            learner.score(x, y) for x, y in ((data.x_train, data.y_train), (data.x_test, data.y_test))
        )
        arrays = {"series.loss": np.array([loss, loss_test, accuracy, accuracy_test], np.float32)}
        return arrays | ({} if isinstance(data, Images) else self._plane(data))

    def _plane(self, data: Data) -> dict[str, Array]:
        """The class and its probability (× 255) in each cell of the plane, as a run's film has them."""
        x0, x1, y0, y1 = surroundings(data.x_train)
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
            self._attack(),
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

    def _attack(self) -> GradientAttack:
        config = self.config
        settings: dict[str, Any] = {"norm": config.norm}
        if isinstance(self._data, Images):
            settings["clip_values"] = RANGE
        if config.method != "fgsm":
            settings["steps"] = config.iterations
        if config.method == "pgd":
            settings["restarts"] = config.restarts
        made: GradientAttack = load(ATTACKS, config.method, "method")(**settings)
        return made

    def _attacked(self) -> tuple[Array, Array]:
        """The test points that are attacked: so many per class, those of the target left out."""
        x, y = aimed_at(self._data.x_test, self._data.y_test, self.config.target_class)
        chosen = np.concatenate([np.flatnonzero(y == k)[: self.config.per_class] for k in np.unique(y)])
        return x[np.sort(chosen)], y[np.sort(chosen)]

    def _made(self) -> Learner:
        config, data = self.config, self._data
        hidden = config.hidden if config.model == "mlp" else config.hidden[-1:]
        module = build(config.model, data.x_train.shape[1:], config.n_classes, seed=config.seed, hidden=hidden)
        x, y, device = data.x_train, data.y_train, config.device
        return Learner(module, x, y, lr=config.lr, batch_size=config.batch_size, seed=config.seed, device=device)


def _data(config: AttackConfig) -> Data | Images:
    return load_images(DIGITS, seed=config.seed) if config.dataset == DIGITS else load_data(config.run())


def _by_class(y: Array, most: int) -> Array:
    """At most ``most`` places of ``y``, class after class, evenly many of each."""
    groups = [np.flatnonzero(y == label) for label in np.unique(y)]
    return np.concatenate([group[evenly(len(group), most // len(groups))] for group in groups])


def _pictures(x: Array) -> Array:
    """Grey pictures (m, 1, h, w) as (m, h, w); points in the plane as they are."""
    return np.ascontiguousarray(x[:, 0] if x.ndim == 4 else x, np.float32)
