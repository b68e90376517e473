"""How a classifier stands an attack: accuracy against ε beside noise of the same size, confidence, transitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnprobe_core.attacks.classifier import Classifier
from nnprobe_core.attacks.gradient_attack import GradientAttack
from nnprobe_core.attacks.norms import norm_of
from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.softmax import softmax

Array = np.ndarray


@dataclass(frozen=True)
class Outcome:
    """What an attack of one size did to n points.

    Attributes
    ----------
    epsilon : float
    x : ndarray (n, …)
        The adversarial points.
    before, after : int (n,)
        The class predicted of each point, and of its adversary.
    confidence_before, confidence_after : float64 (n,)
        The probability of that class.
    accuracy : float
        Share of the adversaries still given their true class.
    success : float
        Share that the attack won: given another class than the true one or, if targeted, the target.
    noise_accuracy : float
        Accuracy on the points with random noise of the same size, mean over its draws.
    linf, l2 : float64 (n,)
        Size of the change.
    transitions : int64 (classes, classes)
        Points by class predicted before (row) and after (column).
    """

    epsilon: float
    x: Array
    before: Array
    after: Array
    confidence_before: Array
    confidence_after: Array
    accuracy: float
    success: float
    noise_accuracy: float
    linf: Array
    l2: Array
    transitions: Array

    def row(self) -> dict[str, Any]:
        """The figures alone, a row of a tidy table; the means of what each point has."""
        return {
            "epsilon": self.epsilon,
            "accuracy": self.accuracy,
            "noise_accuracy": self.noise_accuracy,
            "success": self.success,
            "confidence_before": float(self.confidence_before.mean()),
            "confidence_after": float(self.confidence_after.mean()),
            "linf": float(self.linf.mean()),
            "l2": float(self.l2.mean()),
        }


def assess(
    classifier: Classifier,
    x: Array,
    y: Array,
    epsilon: float,
    attack: GradientAttack,
    *,
    target: int | None = None,
    seed: int = 0,
    noise_draws: int = 1,
) -> Outcome:
    """One attack of size ``epsilon`` on ``x`` (n, …) float with true classes ``y`` (n,).

    ``target``: the class to be reached; then ``x`` must hold no point of it (see :func:`aimed_at`). ``seed`` draws
    random starts and the noise, the same ones for every ε. Raises ConfigError for a target that is no class, and where
    there is no point.
    """
    x, y = np.asarray(x), np.asarray(y, np.intp)
    if not len(x):
        raise ConfigError("x", "at least one point to attack", "none")
    clean = classifier.logits(x)
    classes = clean.shape[1]
    if target is not None and not 0 <= target < classes:
        raise ConfigError("target", f"a class from 0 to {classes - 1}", target)
    targets = None if target is None else np.full(len(y), target)
    found = attack.perturb(classifier, x, y, epsilon, targets=targets, rng=np.random.default_rng([seed, 0]))
    before, confidence_before = verdicts(clean)
    after, confidence_after = verdicts(classifier.logits(found))
    change = found.astype(np.float64) - x
    transitions = np.zeros((classes, classes), np.int64)
    np.add.at(transitions, (before, after), 1)
    return Outcome(
        epsilon=float(epsilon),
        x=found,
        before=before,
        after=after,
        confidence_before=confidence_before,
        confidence_after=confidence_after,
        accuracy=float((after == y).mean()),
        success=float((after != y).mean() if targets is None else (after == targets).mean()),
        noise_accuracy=_under_noise(classifier, x, y, epsilon, attack, np.random.default_rng([seed, 1]), noise_draws),
        linf=norm_of("linf").size(change),
        l2=norm_of("l2").size(change),
        transitions=transitions,
    )


def robustness_curve(
    classifier: Classifier,
    x: Array,
    y: Array,
    epsilons: Sequence[float],
    attack: GradientAttack,
    *,
    target: int | None = None,
    seed: int = 0,
    noise_draws: int = 1,
) -> list[Outcome]:
    """:func:`assess` at each of ``epsilons``."""
    return [
        assess(classifier, x, y, epsilon, attack, target=target, seed=seed, noise_draws=noise_draws)
        for epsilon in epsilons
    ]


def aimed_at(x: Array, y: Array, target: int | None) -> tuple[Array, Array]:
    """The points, and their classes, that an attack on ``target`` can lead there: all that are not of it."""
    chosen = np.ones(len(y), bool) if target is None else np.asarray(y) != target
    return x[chosen], y[chosen]


def verdicts(logits: Array) -> tuple[Array, Array]:
    """Of ``logits`` (n, classes): the class predicted (n,), and its probability (n,)."""
    chosen = logits.argmax(axis=1)
    return chosen, softmax(logits)[np.arange(len(chosen)), chosen]


def _under_noise(
    classifier: Classifier,
    x: Array,
    y: Array,
    epsilon: float,
    attack: GradientAttack,
    rng: np.random.Generator,
    draws: int,
) -> float:
    norm, shares = norm_of(attack.norm), []
    for _ in range(draws):
        noisy = x + norm.noise(x.shape, np.full(len(x), float(epsilon)), rng)
        if attack.clip_values is not None:
            noisy = np.clip(noisy, *attack.clip_values)
        shares.append((classifier.logits(noisy.astype(x.dtype)).argmax(axis=1) == y).mean())
    return float(np.mean(shares))


def default_epsilons(x: Array, norm: str = "linf") -> tuple[float, ...]:
    """Sizes worth looking at for points like ``x`` (n, …): 0 to 10 % of the longest side of the box they fill.

    In the norm ``l2`` √d times as much, d being the number of coordinates: as long as the same change of all of them.
    """
    flat = np.asarray(x, np.float64).reshape(len(x), -1)
    side = float(np.ptp(flat, axis=0).max()) * (flat.shape[1] ** 0.5 if norm == "l2" else 1)
    return tuple(float(f"{share * side:.3g}") for share in (0, 0.01, 0.02, 0.03, 0.05, 0.1))
