"""Adam on a module's parameters: torch's own arithmetic, without the class around it.

The class imports torch's compiler at its first step, which takes as long as torch itself and is never used here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor
from torch.optim.adam import adam

_MOMENTS = ("exp_avg", "exp_avg_sq")


class Adam:
    """torch.optim.Adam with its defaults (Kingma & Ba 2015, algorithm 1)."""

    def __init__(self, parameters: Iterable[Tensor], *, lr: float) -> None:
        self._parameters, self._lr = list(parameters), lr
        self._moments = {name: [torch.zeros_like(item) for item in self._parameters] for name in _MOMENTS}
        self._steps = [torch.tensor(0.0) for _ in self._parameters]

    def zero_grad(self) -> None:
        """Forget all gradients."""
        for item in self._parameters:
            item.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """One step, in place; a parameter without a gradient stays as it is."""
        moved = [(at, item.grad) for at, item in enumerate(self._parameters) if item.grad is not None]
        means, squares = ([self._moments[name][at] for at, _ in moved] for name in _MOMENTS)
        adam(
            [self._parameters[at] for at, _ in moved],
            [gradient for _, gradient in moved],
            means,
            squares,
            [],
            [self._steps[at] for at, _ in moved],
            lr=self._lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0, amsgrad=False, maximize=False,
        )  # fmt: skip

    def state(self) -> dict[str, Tensor]:
        """The moments of all parameters, flat; nothing before the first step."""
        if not all(self._steps):
            return {}
        return {name: torch.cat([item.reshape(-1) for item in self._moments[name]]) for name in _MOMENTS}

    @torch.no_grad()
    def restore(self, steps: int, state: Mapping[str, Tensor]) -> None:
        """Continue from what :meth:`state` gave after ``steps`` steps."""
        for name in _MOMENTS:
            parts = torch.split(state[name], [item.numel() for item in self._parameters])
            for item, part in zip(self._moments[name], parts, strict=True):
                item.copy_(part.view(item.shape))
        for count in self._steps:
            count.fill_(steps)
