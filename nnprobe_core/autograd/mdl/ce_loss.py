"""Cross-entropy over several classes."""

from __future__ import annotations

import numpy as np

from .. import tensor_fns as F
from ..tensor import Tensor
from .loss import Loss


class CELoss(Loss):
    """−Σ t log softmax(x) for logits x (B, classes).

    The target is either probabilities (B, classes), one-hot as a rule, or the number of each point's class (B,).
    """

    def forward(self, prediction_logits: Tensor, target: Tensor) -> Tensor:
        """Raises ValueError for a target of another shape, or a class that is none."""
        if target.shape != prediction_logits.shape:
            target = _one_hot(target, prediction_logits)
        return self._reduced(-F.reduce(F.log_softmax(prediction_logits) * target, axis=-1, reduction="sum"))


def _one_hot(classes: Tensor, logits: Tensor) -> Tensor:
    if classes.shape != logits.shape[:-1]:
        raise ValueError(
            f"target must be of the logits' shape {logits.shape}, or {logits.shape[:-1]} class numbers, "
            f"got {classes.shape}."
        )
    count = logits.shape[-1]
    wrong = classes.data[~np.isin(classes.data, np.arange(count))]
    if wrong.size:
        raise ValueError(f"target must hold class numbers from 0 to {count - 1}, got {wrong[0]:g}.")
    return Tensor(np.eye(count)[classes.data.astype(int)], dtype=logits.dtype)
