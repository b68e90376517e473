"""A verdict on training, from what a few frames in a row have in common.

The thresholds were measured on thousands of small runs. Weight gradients do not show that a signal vanishes: backwards
the signal shrinks, forwards the activations do, and their product stays level (Glorot & Bengio 2010, §4.2). So the
signal δ is judged, the root mean square over points of ‖∂ℓ/∂h‖; never by its absolute size, since near an optimum all
gradients shrink together; and only while the loss is where it began: at its first value, or at ln K where that is
less, the loss of a network that answers K classes alike. From above ln K a loss falls to it by learning nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray

HEALTHY, VANISHING, WEAK_SIGNAL, FROZEN, RATE_TOO_HIGH, LOSS_RISES, NOT_FINITE, DEAD_LAYER, CONSTANT, EXPLODING = range(
    10
)

#: Code → sentence, to be filled with ``layer`` (0 where it names none) and ``step`` (since when).
VERDICTS: Mapping[int, str] = {
    HEALTHY: "No gradient trouble since step {step}.",
    VANISHING: (
        "Vanishing gradient: since step {step} layer {layer} gets less than 1 % of the last hidden layer's signal, "
        "and the network learns next to nothing."
    ),
    WEAK_SIGNAL: (
        "Weak signal: since step {step} layer {layer} gets less than 1 % of the last hidden layer's signal; "
        "the optimiser rescales it, but the network learns next to nothing."
    ),
    FROZEN: (
        "Frozen layer: since step {step} the weights of layer {layer} change by less than 0.001 % a step, "
        "and the network learns next to nothing."
    ),
    RATE_TOO_HIGH: (
        "Learning rate too high: since step {step} the weights of layer {layer} change by more than 20 % a step."
    ),
    LOSS_RISES: (
        "Learning rate too high: since step {step} the loss is more than 1.5 times its start, or a blind guess's "
        "where that is lower."
    ),
    NOT_FINITE: "Diverged: since step {step} layer {layer} has values that are not finite.",
    DEAD_LAYER: "Dead layer: since step {step} every ReLU of layer {layer} gives 0 for every point shown.",
    CONSTANT: "Constant output: since step {step} the network answers every point alike.",
    EXPLODING: (
        "Exploding gradient: since step {step} layer {layer} gets more than 1000 times the last hidden layer's "
        "signal, and the network learns next to nothing."
    ),
}

#: The first that holds is the verdict: causes before their effects.
ORDER = (NOT_FINITE, DEAD_LAYER, RATE_TOO_HIGH, LOSS_RISES, CONSTANT, EXPLODING, VANISHING, WEAK_SIGNAL, FROZEN)

FRAMES = 3  #: in a row, before a condition counts
#: The same where a few wild steps are no trouble: of 76 runs that solved, 10 had three such frames in a row.
FRAMES_OF_RATE = 10
STUCK, RISEN = 0.95, 1.5  # × where the loss began
WEAK, STRONG = 1e-2, 1e3  # × the signal of the last hidden layer
STILL, WILD = 1e-5, 0.2  # ‖ΔW‖ / ‖W‖ a step

_RESCALING = ("adam", "adamw", "rmsprop")
_NEEDED = dict.fromkeys(ORDER, FRAMES) | {
    NOT_FINITE: 1,  # it stays so, and is no matter of judgement
    RATE_TOO_HIGH: FRAMES_OF_RATE,
    LOSS_RISES: FRAMES_OF_RATE,
}


@dataclass(frozen=True)
class Signs:
    """What a verdict is found from, at one frame. Layers count from 1; lists start with layer 1.

    ``signals`` and ``updates`` are δ and ‖ΔW‖/‖W‖ per layer, logits included; ``broken`` is the first layer with a
    value that is not finite and ``dead`` the first hidden layer without a ReLU that is ever on, each 0 if none;
    ``constant``: all points have the same logits.
    """

    step: int
    loss: float
    signals: Sequence[float]
    updates: Sequence[float]
    broken: int
    dead: int
    constant: bool


def verdict_sentence(code: int, layer: int, step: int) -> str:
    """The sentence of a verdict, as in the film's ``series.verdict``."""
    return VERDICTS[code].format(layer=layer, step=step)


class VerdictMachine:
    """Counts, per condition, the frames in a row for which it has held; :meth:`state` is part of a checkpoint."""

    def __init__(self, optimiser: str, depth: int, n_classes: int) -> None:
        self._weak_code = WEAK_SIGNAL if optimiser in _RESCALING else VANISHING
        self._depth = depth
        self._knows_nothing = math.log(n_classes)
        self._start = float("nan")  # min(first loss, ln K)
        self._least = float("inf")  # loss so far: only what was lower has risen
        self._held = np.zeros((len(VERDICTS), 2), np.int64)  # frames in a row, step of the first of them
        self._healthy = np.array([1, 0], np.int64)  # whether the last verdict was that, step since when
        self._updates = np.full((FRAMES, depth + 1), np.nan)  # of the newest frames, oldest first

    def judge(self, signs: Signs) -> tuple[int, int, int]:
        """(code, layer, step since when) after this frame."""
        if math.isnan(self._start):
            self._start = min(signs.loss, self._knows_nothing)
        self._least = min(self._least, signs.loss)
        self._updates = np.concatenate([self._updates[1:], [signs.updates]])
        layers = self._conditions(signs)
        for code in ORDER:
            if code not in layers:
                self._held[code] = 0
            elif self._held[code, 0] == 0:
                self._held[code] = 1, signs.step
            else:
                self._held[code, 0] += 1
        for code in ORDER:
            if self._held[code, 0] >= _NEEDED[code]:
                self._healthy[0] = 0
                return code, layers[code], int(self._held[code, 1])
        if not self._healthy[0]:
            self._healthy[:] = 1, signs.step
        return HEALTHY, 0, int(self._healthy[1])

    def _conditions(self, signs: Signs) -> dict[int, int]:
        """The conditions that hold at this frame, each with the layer it concerns."""
        if signs.broken:
            return {NOT_FINITE: signs.broken}
        layers: dict[int, int] = {}
        if signs.dead:
            layers[DEAD_LAYER] = signs.dead
        if signs.constant:
            layers[CONSTANT] = 0
        wildest = int(np.argmax(np.nan_to_num(signs.updates)))
        if signs.updates[wildest] > WILD:
            layers[RATE_TOO_HIGH] = wildest + 1
        if signs.loss > RISEN * self._start >= self._least:
            layers[LOSS_RISES] = 0
        if signs.loss > STUCK * self._start:
            layers |= self._while_stuck(signs)
        return layers

    def _while_stuck(self, signs: Signs) -> dict[int, int]:
        layers: dict[int, int] = {}
        hidden = np.asarray(signs.signals[: self._depth])
        if self._depth > 1 and hidden[-1] > 0:
            ratio = hidden / hidden[-1]
            if ratio.min() < WEAK:
                layers[self._weak_code] = int(ratio.argmin()) + 1
            if ratio.max() > STRONG:
                layers[EXPLODING] = int(ratio.argmax()) + 1
        known = self._updates[np.isfinite(self._updates).all(axis=1)]
        if len(known):
            usual = np.median(known, axis=0)
            if usual.min() < STILL:
                layers[FROZEN] = int(usual.argmin()) + 1
        return layers

    def state(self) -> dict[str, Array]:
        return {
            "start": np.array([self._start, self._least]),
            "held": self._held,
            "healthy": self._healthy,
            "updates": self._updates,
        }

    def restore(self, state: Mapping[str, Array]) -> None:
        start, *least = map(float, state["start"])
        self._start, self._least = min(start, self._knows_nothing), least[0] if least else start
        self._held, self._healthy = state["held"].copy(), state["healthy"].copy()
        self._updates = state["updates"].copy()
