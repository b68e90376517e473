"""Learner: a module that is trained by Adam, step by step, and can be put back to where it was.

The one training loop of modules: of the pages' studies, and of the commands that train a small network first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from nnprobe_core.models.networks import build
from nnprobe_core.studies.adam import Adam
from nnprobe_core.studies.config import StudyConfig
from nnprobe_core.studies.examples import Examples
from nnprobe_core.training.schedule import order_of_epoch

Array = np.ndarray

_CHUNK = 1024


class Learner:
    """``module`` on inputs ``x`` (n, …) with classes ``y`` (n,); the order of an epoch follows from ``seed`` alone."""

    def __init__(
        self, module: nn.Module, x: Array, y: Array, *, lr: float, batch_size: int, seed: int, device: str = "cpu"
    ) -> None:
        self.module, self.step = module.to(device).train(), 0
        self._x, self._y = self._tensors(x, y, device)
        self._lr, self._batch, self._seed = lr, min(batch_size, len(x)), seed
        self._optimiser = Adam(module.parameters(), lr=lr)
        self._order: Tensor | None = None

    @staticmethod
    def _tensors(x: Array, y: Array, device: str) -> tuple[Tensor, Tensor]:
        return torch.from_numpy(np.ascontiguousarray(x)).to(device), torch.from_numpy(y.astype(np.int64)).to(device)

    @property
    def per_epoch(self) -> int:
        """Steps of an epoch."""
        return -(-len(self._x) // self._batch)

    def advance(self, target: int, interrupted: Callable[[], bool] = lambda: False) -> bool:
        """Train up to step ``target``; False where ``interrupted`` said so before."""
        while self.step < target and not interrupted():
            epoch, place = divmod(self.step, self.per_epoch)
            if place == 0 or self._order is None:
                self._order = torch.from_numpy(order_of_epoch(self._seed, epoch, len(self._x))).to(self._x.device)
            index = self._order[place * self._batch : (place + 1) * self._batch]
            self._optimiser.zero_grad()
            cross_entropy(self.module(self._x[index]), self._y[index]).backward()  # type: ignore[no-untyped-call]
            self._optimiser.step()
            self.step += 1
        return self.step >= target

    @torch.no_grad()
    def score(self, x: Array, y: Array) -> tuple[float, float]:
        """Mean cross-entropy (nats) and accuracy on inputs ``x`` with classes ``y``, in eval mode."""
        inputs, labels = self._tensors(x, y, str(self._x.device))
        self.module.eval()
        logits = torch.cat([self.module(part) for part in torch.split(inputs, _CHUNK)])
        self.module.train()
        return float(cross_entropy(logits, labels)), float((logits.argmax(1) == labels).double().mean())

    def scores(self, data: Examples) -> dict[str, Array]:
        """Loss and accuracy on both sets, as a film's ``series.loss``: float32 (4,)."""
        loss, accuracy = self.score(data.x_train, data.y_train)
        loss_test, accuracy_test = self.score(data.x_test, data.y_test)
        return {"series.loss": np.array([loss, loss_test, accuracy, accuracy_test], np.float32)}

    def state(self) -> dict[str, Array]:
        """Parameters and moments, flat; with the step, all that is needed to go on with the same bits."""
        moments = {name: _array(moment) for name, moment in self._optimiser.state().items()}
        return {"parameters": _array(parameters_to_vector(self.module.parameters())), **moments}

    @torch.no_grad()
    def restore(self, step: int, state: Mapping[str, Array]) -> None:
        """Where a learner of this module and data was at ``step`` when :meth:`state` was taken."""
        tensors = {name: torch.from_numpy(array.copy()).to(self._x.device) for name, array in state.items()}
        vector_to_parameters(tensors["parameters"], self.module.parameters())
        self.step, self._order = step, None
        if step:
            self._optimiser.restore(step, tensors)


def learner(config: StudyConfig, data: Examples, seed: int | None = None) -> Learner:
    """The network of ``config`` before it learns ``data``; ``seed`` in place of the config's draws another one."""
    seed = config.seed if seed is None else seed
    module = build(config.model, data.shape, len(data.classes), seed=seed, hidden=config.units)
    return Learner(
        module, data.x_train, data.y_train,
        lr=config.lr, batch_size=config.batch_size, seed=seed, device=config.device,
    )  # fmt: skip


def _array(tensor: Tensor) -> Array:
    array: Array = tensor.detach().to("cpu", torch.float32).numpy().copy()
    return array
