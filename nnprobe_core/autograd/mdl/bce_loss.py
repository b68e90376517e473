"""Binary cross-entropy."""

from __future__ import annotations

import numpy as np

from ..tensor import Tensor
from ..tensor_fns import clip, softplus
from .loss import Loss


class BCELoss(Loss):
    """−t log σ(x) − (1 − t) log(1 − σ(x)) for logits x and targets t in [0, 1], both of shape (B,).

    With softplus(x) = log(1 + eˣ) it equals t softplus(−x) + (1 − t) softplus(x), which is exact where σ(x) has
    rounded to 0 or 1. Logits are clipped to ±50 first, so no loss is above 50 and a prediction beyond that passes no
    gradient.
    """

    MAX_LOG = 50

    def forward(self, prediction_logits: Tensor, target: Tensor) -> Tensor:
        """Raises ValueError where broadcasting would pair every logit with every target, as (B, 1) with (B,)."""
        if np.broadcast_shapes(prediction_logits.shape, target.shape) != prediction_logits.shape:
            raise ValueError(
                f"target must be of the logits' shape {prediction_logits.shape}, got {target.shape}: "
                "bring both to (B,), as with logits[:, 0]."
            )
        x = clip(prediction_logits, -self.MAX_LOG, self.MAX_LOG)
        return self._reduced(target * softplus(-x) + (1 - target) * softplus(x))
