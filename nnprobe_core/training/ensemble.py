"""Ensemble: K networks of K configs trained at once by the batched kernel, each as it would train alone.

Every network has its own points, first weights and order of the points, from the same generators as its single run;
its learning rate, and even its optimiser, may be its own. What must agree is said by :func:`alike`, and widths may
differ where zeros stay zeros: a unit without weights gives act(0) = 0 and so receives no gradient, and no optimiser
here moves a parameter that is 0 and has a gradient of 0.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import torch

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import Data, fields_of, load_data
from nnprobe_core.datasets.own import OwnData
from nnprobe_core.errors import ConfigError
from nnprobe_core.models.initialisation import draw
from nnprobe_core.registry import ACTIVATIONS, INITIALISATIONS, OPTIMISERS, load
from nnprobe_core.training.kernel import Kernel
from nnprobe_core.training.network import Array, order_of_epoch

#: Outputs of one layer, over all networks and points, that a forward pass for looking makes at once: they should stay
#: near the processor.
_OUTPUTS = 1 << 18
_AT_ZERO = {"sigmoid": 0.5}  #: activations that are not 0 at 0: their networks are never padded


def alike(config: RunConfig) -> Hashable:
    """What networks must have in common to train at once, widths apart."""
    return (
        config.activation,
        len(config.hidden),
        config.hidden if config.activation in _AT_ZERO else None,
        config.n_classes,
        config.data or (config.n_train, config.n_test),
        config.batch,
        config.steps,
        config.shuffle,
        config.device,
    )


def groups(configs: Sequence[RunConfig], most: int | None = None) -> list[list[int]]:
    """Indices of ``configs`` parted into ensembles of at most ``most`` networks.

    Narrow networks join wider ones while padding costs less than calls of their own would: up to twice the width of
    each layer, or up to eight units.
    """
    out: list[list[int]] = []
    # The widest first: a group's first network is as wide as any that joins it.
    for index in sorted(range(len(configs)), key=lambda item: (sum(configs[item].hidden), -item), reverse=True):
        config = configs[index]
        home = next((group for group in out if _joins(config, configs[group[0]]) and len(group) != most), None)
        if home is None:
            out.append([index])
        else:
            home.append(index)
    return sorted(sorted(group) for group in out)


def _joins(config: RunConfig, widest: RunConfig) -> bool:
    return alike(config) == alike(widest) and all(
        own <= width <= max(2 * own, 8) for own, width in zip(config.hidden, widest.hidden, strict=True)
    )


class Ensemble:
    """The networks of ``configs``, all of one group (:func:`groups`), at step 0.

    Parameters
    ----------
    configs : sequence of RunConfig
    dtype : torch.dtype
        Of the parameters.
    numpy : bool, optional
        Whether NumPy does the work; left out, on the CPU.

    Attributes
    ----------
    rows : list of int
        Which of the configs given each row is, here and in all that is returned: those of one optimiser and rate
        stand together.
    configs, data : list
        Of each row; networks of one data set share one.
    kernel : Kernel
    step : int
        Steps taken, by all alike.
    """

    def __init__(
        self,
        configs: Sequence[RunConfig],
        *,
        dtype: torch.dtype = torch.float32,
        numpy: bool | None = None,
        data: OwnData | None = None,
    ) -> None:
        first = configs[0]
        if any(alike(config) != alike(first) for config in configs):
            raise ConfigError("configs", "of networks that can train at once (ensemble.groups)", "a mixture")
        if first.device == "cuda" and not torch.cuda.is_available():
            raise ConfigError("device", "cpu on a machine without a CUDA device", first.device)
        self.rows = sorted(range(len(configs)), key=lambda index: _optimiser_of(configs[index]))
        self.configs = [configs[index] for index in self.rows]
        self.step = 0
        hidden = (max(layer) for layer in zip(*(config.hidden for config in configs), strict=True))
        self.kernel = Kernel(
            (2, *hidden, first.n_classes),
            load(ACTIVATIONS, first.activation, "activation"),
            networks=len(configs),
            dtype=dtype,
            device=first.device,
            numpy=numpy,
            batched=True,
        )
        self._draw_weights()
        self._load_data(data)
        self._make_optimisers()

    def _draw_weights(self) -> None:
        for row, config in enumerate(self.configs):
            scheme = load(INITIALISATIONS, config.init, "init")
            layers, _ = draw(scheme, config.widths, config.seed_init, config.init_gain)
            for block, (weight, bias) in zip(self.kernel.blocks, layers, strict=True):
                out, fan_in = weight.shape
                block[row, :out, :fan_in] = weight
                block[row, :out, -1] = bias

    def _load_data(self, own: OwnData | None) -> None:
        known: dict[Hashable, Data] = {}
        keys = [_points_of(config) for config in self.configs]
        for key, config in zip(keys, self.configs, strict=True):
            if key not in known:
                known[key] = load_data(config, own)
        self.data = [known[key] for key in keys]
        self._x = self.kernel.points(np.stack([data.x_train for data in self.data]))
        self._targets = self.kernel.targets(np.stack([data.y_train for data in self.data]))
        # As they stand in the present epoch's order.
        self._ordered = (self._x.copy(), self._targets.copy()) if self.kernel.numpy else (self._x, self._targets)

    def _make_optimisers(self) -> None:
        self._optimisers: list[tuple[Callable[[float], None], RunConfig]] = []
        at = 0
        for _, run in groupby(self.configs, key=_optimiser_of):
            members = list(run)
            part, config = slice(at, at + len(members)), members[0]
            optimiser = load(OPTIMISERS, config.optimiser, "optimiser")(
                self.kernel.parameters[part],
                self.kernel.gradient[part],
                momentum=config.momentum,
                weight_decay=config.weight_decay,
            )
            self._optimisers.append((optimiser.step, config))
            at += len(members)

    def advance(self, target: int, interrupted: Callable[[], bool] = lambda: False) -> None:
        """Train all networks up to step ``target``, or until ``interrupted()``, asked before each step."""
        config = self.configs[0]
        per_epoch, batch, points = config.steps_per_epoch, config.batch, config.points
        changes = {step for _, own in self._optimisers for step, _ in own.lr_schedule}
        rates: list[tuple[Callable[[float], None], float]] = []
        with np.errstate(all="ignore"):  # a network that diverges goes on to its end
            while self.step < target and not interrupted():
                place = self.step % per_epoch
                if place == 0 and per_epoch > 1 and config.shuffle:
                    self._reorder(self.step // per_epoch)
                if not rates or self.step in changes:
                    rates = [(step, own.lr_at(self.step)) for step, own in self._optimisers]
                part = slice(place * batch, min((place + 1) * batch, points))
                self.kernel.backpropagate(self._ordered[0][..., part], self._ordered[1][..., part])
                for step, rate in rates:
                    step(rate)
                self.step += 1

    def _reorder(self, epoch: int) -> None:
        """Put every network's points in its own order of this epoch."""
        seeds = [config.seed_batch for config in self.configs]
        orders = {seed: order_of_epoch(seed, epoch, self.configs[0].points) for seed in set(seeds)}
        if self.kernel.numpy:
            for given, ordered in zip((self._x[:, :2], self._targets), self._ordered, strict=True):
                for row, seed in enumerate(seeds):
                    np.take(given[row], orders[seed], axis=1, out=ordered[row, : given.shape[1]], mode="clip")
            return
        order = torch.from_numpy(np.stack([orders[seed] for seed in seeds])).to(self._x.device)[:, None]
        self._ordered = (
            self._x.gather(2, order.expand(self._x.shape)),
            self._targets.gather(2, order.expand(self._targets.shape)),
        )

    def weights(self) -> list[list[tuple[Array, Array]]]:
        """Copies of each network's own (weight (out, in), bias (out,)), without padding; rows as in ``rows``."""
        blocks = [_numpy(block) for block in self.kernel.blocks]
        return [
            [
                (block[row, :out, :fan_in].copy(), block[row, :out, -1].copy())
                for block, fan_in, out in zip(blocks, config.widths[:-1], config.widths[1:], strict=True)
            ]
            for row, config in enumerate(self.configs)
        ]

    def matrices(self) -> list[Array]:
        """The weight matrices (K, out, in) as they stand, without biases, padding included: views on the CPU."""
        return [_numpy(block[..., :-1]) for block in self.kernel.blocks]

    def logits(self, x: Array) -> Array:
        """Logits (K, classes, n) of points (n, 2), or (K, n, 2) with a set for each network; rows as in ``rows``."""
        with np.errstate(all="ignore"):
            parts = [
                _numpy(self.kernel.forward(self.kernel.points(x[..., part, :])).logits).copy()
                for part in self._parts(x.shape[-2])
            ]
        return np.concatenate(parts, axis=-1)

    def _parts(self, n: int) -> list[slice]:
        step = max(1, _OUTPUTS // (len(self.configs) * max(self.kernel.widths)))
        return [slice(at, min(at + step, n)) for at in range(0, n, step)]


def _optimiser_of(config: RunConfig) -> tuple[Any, ...]:
    return config.optimiser, config.lr, config.lr_schedule, config.momentum, config.weight_decay


def _points_of(config: RunConfig) -> Hashable:
    """What the points of a run follow from."""
    own = tuple(getattr(config, name) for name in fields_of(config.dataset))
    return config.data, config.dataset, config.seed_data, config.n_train, config.n_test, config.label_noise, own


def _numpy(value: Any) -> Array:
    array: Array = value if isinstance(value, np.ndarray) else value.detach().cpu().numpy()
    return array
