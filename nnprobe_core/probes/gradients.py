"""Gradients: what reaches each layer, how far its weights move, and a verdict in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from nnprobe_core.probes.protocol import Array, ArraySpec, Setup, StepView
from nnprobe_core.probes.verdict import VERDICTS, Signs, VerdictMachine, verdict_sentence

__all__ = ["VERDICTS", "GradientsProbe", "verdict_sentence"]


class GradientsProbe:
    """Looks at every frame. Carries what its verdict counts from frame to frame."""

    def __init__(self, setup: Setup) -> None:
        self._depth = len(setup.weight_shapes) - 1
        self._relu = setup.activation == "relu"
        self._machine = VerdictMachine(setup.optimiser, self._depth, setup.n_classes)

    def declare(self) -> Mapping[str, ArraySpec]:
        return {
            "series.gradients": ArraySpec("float32", (self._depth + 1, 5)),
            "series.verdict": ArraySpec("int32", (4,)),
        }

    def due(self, index: int, last: int) -> bool:
        del index, last
        return True

    def look(self, view: StepView, *, first: bool) -> Mapping[str, Array]:
        del first
        gradients, signals, updates = view.gradients(), view.signals(), view.updates
        # The norm of a gradient beyond float32, or of one that is not finite: infinite or NaN, without a warning.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            norms = np.array([np.sqrt(np.square(each, dtype=np.float64).sum()) for each in gradients])
            series = np.empty((self._depth + 1, 5))
            series[:, 0] = norms
            series[:, 1] = [each.size - np.count_nonzero(each) for each in gradients]
            series[:, 2] = norms / norms[-1]
            series[:, 3] = updates
            series[:, 4] = signals
            arrays = {"series.gradients": series.astype(np.float32)}
        verdict = self._machine.judge(self._signs(view, norms, signals, updates))
        return {**arrays, "series.verdict": np.array([*verdict, 0], np.int32)}

    def _signs(self, view: StepView, norms: Array, signals: Sequence[float], updates: Sequence[float]) -> Signs:
        layers = view.shown()
        loss = view.losses()[0]
        logits = layers[-1]
        broken = _first(
            not (np.isfinite(norm) and np.isfinite(signal) and np.isfinite(output).all() and np.isfinite(weights).all())
            for norm, signal, output, weights in zip(norms, signals, layers[1:], view.weights, strict=True)
        )
        if not broken and not np.isfinite(loss):
            broken = self._depth + 1
        with np.errstate(over="ignore"):
            constant = not broken and bool((np.ptp(logits, axis=0) <= 1e-6 * np.abs(logits).max()).all())
        dead = _first(not (output > 0).any() for output in layers[1:-1]) if self._relu and not broken else 0
        return Signs(view.step, loss, signals, updates, broken, dead, constant)

    def state(self) -> Mapping[str, Array]:
        return self._machine.state()

    def restore(self, state: Mapping[str, Array]) -> None:
        self._machine.restore(state)


def _first(holds: Iterable[bool]) -> int:
    """Where (from 1) the first true one stands; 0 if none is."""
    return next((index for index, true in enumerate(holds, 1) if true), 0)
