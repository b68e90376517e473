"""Robustness: test accuracy under attack, beside that under noise of the same size."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnprobe_core.attacks.norms import norm_of
from nnprobe_core.probes.protocol import Array, ArraySpec, Setup, StepView

EVERY = 15  #: frames
SHARES = (0.01, 0.02, 0.04)  #: ε, as shares of the longer side of the part of the plane that is shown


def sizes(extent: Array) -> Array:
    """The three ε, float64 (3,), for a part of the plane x0, x1, y0, y1."""
    return float(max(extent[1] - extent[0], extent[3] - extent[2])) * np.array(SHARES)


class RobustnessProbe:
    """Looks at every 15th frame, the first and the last; carries nothing.

    The attack is FGSM on the shown test points (Goodfellow et al. 2015): one gradient serves all three sizes. The noise
    is ±ε on each coordinate, so that both changes have the same size in every norm; its signs are the same in all
    frames. NaN where the network is not finite.
    """

    def __init__(self, setup: Setup) -> None:
        self._x, self._y = setup.x_test[setup.shown_test], setup.y_test[setup.shown_test].astype(np.intp)
        self._sizes = sizes(setup.extent)
        signs = norm_of("linf").noise(self._x.shape, np.ones(len(self._x)), np.random.default_rng([setup.seed, 5]))
        self._noisy = self._moved(signs)

    def declare(self) -> Mapping[str, ArraySpec]:
        return {"series.robustness": ArraySpec("float32", (len(SHARES), 2))}

    def due(self, index: int, last: int) -> bool:
        return index % EVERY == 0 or index == last

    def look(self, view: StepView, *, first: bool) -> Mapping[str, Array]:
        del first
        gradient = view.input_gradients(self._x, self._y)
        columns = [
            self._accuracies(view, points) for points in (self._moved(np.sign(np.nan_to_num(gradient))), self._noisy)
        ]
        return {"series.robustness": np.stack(columns, axis=1).astype(np.float32)}

    def _moved(self, direction: Array) -> Array:
        """The points moved by each ε, (3 · n, 2)."""
        moved = self._x + self._sizes[:, None, None] * direction
        return np.asarray(moved.reshape(-1, 2), np.float32)

    def _accuracies(self, view: StepView, points: Array) -> Array:
        logits = view.predict(points).reshape(len(SHARES), len(self._y), -1)
        right: Array = (logits.argmax(axis=2) == self._y).mean(axis=1)
        return np.asarray(np.where(np.isfinite(logits).all(axis=(1, 2)), right, np.nan))

    def state(self) -> Mapping[str, Array]:
        return {}

    def restore(self, state: Mapping[str, Array]) -> None:
        del state
