"""Loss and accuracy, on training and test points, with the learning rate and the epoch."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnprobe_core.probes.protocol import Array, ArraySpec, Setup, StepView


class LossProbe:
    """Looks at every frame; carries nothing."""

    def __init__(self, setup: Setup) -> None:
        del setup  # the view knows the points

    def declare(self) -> Mapping[str, ArraySpec]:
        return {"series.training": ArraySpec("float32", (2,)), "series.loss": ArraySpec("float32", (4,))}

    def due(self, index: int, last: int) -> bool:
        del index, last
        return True

    def look(self, view: StepView, *, first: bool) -> Mapping[str, Array]:
        del first
        with np.errstate(over="ignore"):  # a loss beyond float32 is infinite
            return {
                "series.training": np.array([view.lr, view.epoch], np.float32),
                "series.loss": np.array(view.losses(), np.float64).astype(np.float32),
            }

    def state(self) -> Mapping[str, Array]:
        return {}

    def restore(self, state: Mapping[str, Array]) -> None:
        del state
