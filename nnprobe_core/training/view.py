"""What probes are given: the Setup of a run and the StepView of one step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import Data
from nnprobe_core.datasets.shown import shown_points, surroundings
from nnprobe_core.maths.softmax import cross_entropy
from nnprobe_core.probes.protocol import Setup
from nnprobe_core.training.faithful import faithful_layers
from nnprobe_core.training.network import Array, Network


def make_setup(config: RunConfig, data: Data, network: Network) -> Setup:
    """The Setup of a run of ``config`` with this network."""
    return Setup(
        x_train=data.x_train,
        y_train=data.y_train,
        x_test=data.x_test,
        y_test=data.y_test,
        shown=shown_points(data.y_train, config.n_classes),
        shown_test=shown_points(data.y_test, config.n_classes),
        extent=surroundings(data.x_train),
        n_classes=config.n_classes,
        widths=network.widths,
        weight_shapes=network.weight_shapes,
        init_sigma=network.init_sigma,
        activation=network.name,
        optimiser=config.optimiser,
        seed=config.seed_data,
    )


class View:
    """The StepView of a network as it stands. Valid until the next step; what it has given stays as it was."""

    def __init__(
        self,
        network: Network,
        setup: Setup,
        step: int,
        lr: float,
        epoch: float,
        before: Array | None = None,
        batch_losses: Array | None = None,
    ) -> None:
        self.step, self.lr, self.epoch = step, lr, epoch
        self.batch_losses = np.empty(0, np.float32) if batch_losses is None else batch_losses
        self._network, self._setup, self._before = network, setup, before

    @cached_property
    def weights(self) -> Sequence[Array]:
        return self._network.weights()

    @cached_property
    def updates(self) -> Sequence[float]:
        if self._before is None:
            return [float("nan")] * len(self._setup.weight_shapes)
        now, after = self._network.snapshot(), self.weights
        self._network.restore(self._before)
        try:
            before = self._network.weights()
        finally:
            self._network.restore(now)
        return [_share(new, old) for new, old in zip(after, before, strict=True)]

    @cached_property
    def _shown(self) -> Sequence[Array]:
        return faithful_layers(self._network, self._setup.x_train[self._setup.shown])

    def shown(self) -> Sequence[Array]:
        return self._shown

    @cached_property
    def _tested(self) -> Sequence[Array]:
        return faithful_layers(self._network, self._setup.x_test[self._setup.shown_test])

    def test(self) -> Sequence[Array]:
        return self._tested

    def predict(self, x: Array) -> Array:
        return self._network.logits(x)

    @cached_property
    def _losses(self) -> tuple[float, float, float, float]:
        setup = self._setup
        # Where all points are among the shown ones their logits are there already.
        train = self._shown[-1] if len(setup.shown) == len(setup.x_train) else self.predict(setup.x_train)
        test = self._tested[-1] if len(setup.shown_test) == len(setup.x_test) else self.predict(setup.x_test)
        (train_loss, train_accuracy) = _loss_and_accuracy(train, setup.y_train)
        (test_loss, test_accuracy) = _loss_and_accuracy(test, setup.y_test)
        return train_loss, test_loss, train_accuracy, test_accuracy

    def losses(self) -> tuple[float, float, float, float]:
        return self._losses

    @cached_property
    def _sensitivities(self) -> tuple[Sequence[Array], Sequence[float]]:
        shown = self._setup.shown
        return self._network.sensitivities(self._setup.x_train[shown], self._setup.y_train[shown])

    def gradients(self) -> Sequence[Array]:
        return self._sensitivities[0]

    def signals(self) -> Sequence[float]:
        return self._sensitivities[1]

    def input_gradients(self, x: Array, y: Array) -> Array:
        return self._network.input_gradients(x, y)


def _share(new: Array, old: Array) -> float:
    """‖new − old‖ / ‖old‖; NaN where the matrix was zero."""
    size = float(np.linalg.norm(old))
    return float(np.linalg.norm(new - old)) / size if size else float("nan")


def _loss_and_accuracy(logits: Array, labels: Array) -> tuple[float, float]:
    """Mean cross-entropy in nats, and accuracy; NaN both where a logit is not finite."""
    values = logits.astype(np.float64)
    if not np.isfinite(values).all():
        return float("nan"), float("nan")
    return float(cross_entropy(values, labels).mean()), float((values.argmax(axis=1) == labels).mean())
