"""What each batch lost: kept while training runs at next to no cost, and worked out for many steps at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnprobe_core.maths.softmax import log_sum_exp, shifted

Array = np.ndarray

_MOST = 256  # steps whose logits are held at once


class BatchLosses:
    """The mean cross-entropy of batch after batch, from their logits."""

    def __init__(self) -> None:
        self._held: list[tuple[Any, Any]] = []  # a copy of the logits, and the targets: (classes, points)
        self._done: list[Array] = []

    def add(self, logits: Any, targets: Any) -> None:
        """One batch: logits and one-hot targets, (…, classes, points), NumPy's or torch's on any device."""
        self._held.append((logits.copy() if isinstance(logits, np.ndarray) else logits.clone(), targets))
        if len(self._held) >= _MOST:
            self._work_out()

    def take(self) -> Array:
        """Mean loss of each batch since this was asked last, in nats, float32 (batches,). NaN where not finite."""
        self._work_out()
        found, self._done = self._done, []
        return np.concatenate(found) if found else np.empty(0, np.float32)

    def _work_out(self) -> None:
        held, self._held = self._held, []
        if not held:
            return
        logits, targets = (_side_by_side([pair[k] for pair in held]) for k in (0, 1))
        with np.errstate(all="ignore"):
            about_largest = shifted(logits, axis=0)  # exact where a network is sure and wrong
            each = log_sum_exp(about_largest, axis=0) - (about_largest * targets).sum(axis=0)
        sizes = np.array([pair[0].shape[-1] for pair in held])
        starts = np.concatenate([[0], sizes[:-1].cumsum()])
        means = np.add.reduceat(each.astype(np.float64), starts) / sizes
        self._done.append(np.where(np.isfinite(means), means, np.nan).astype(np.float32))


def _side_by_side(parts: list[Any]) -> Array:
    """(classes, points of all parts)."""
    if isinstance(parts[0], np.ndarray):
        return np.concatenate([part.reshape(part.shape[-2:]) for part in parts], axis=-1)
    import torch

    joined: Array = torch.cat([part.reshape(part.shape[-2:]) for part in parts], dim=-1).cpu().numpy()
    return joined
