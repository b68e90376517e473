"""The loop of all gradient attacks: step along the gradient, project back onto the ε-ball around the original point."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nnprobe_core.attacks.classifier import Classifier
from nnprobe_core.attacks.norms import norm_of
from nnprobe_core.errors import ConfigError

Array = np.ndarray


@dataclass(frozen=True, kw_only=True)
class GradientAttack:
    """Steps that raise each point's loss (untargeted), or lower it toward a target class, within a distance ε.

    Parameters
    ----------
    norm : str
        ``linf`` or ``l2``: in what ε is measured, and which direction is the steepest.
    steps : int
        How many.
    rel_step_size : float
        Length of a step as a share of ε.
    random_start : bool
        Begin anywhere in the ε-ball, drawn uniformly, instead of at the point.
    restarts : int
        How often it is tried, each from another start; each point keeps the try that came farthest.
    clip_values : (float, float), optional
        Smallest and largest value that an input may have; None for no bound, as in the plane.

    The ball is around the *original* point. One around the current iterate, as some code has it, bounds nothing but
    the step: with a random start and steps of ε/2 the change can reach 3ε after four of them.
    """

    norm: str = "linf"
    steps: int = 1
    rel_step_size: float = 1.0
    random_start: bool = False
    restarts: int = 1
    clip_values: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        norm_of(self.norm)
        for name in ("steps", "restarts"):
            if getattr(self, name) < 1:
                raise ConfigError(name, "1 or more", getattr(self, name))
        if not 0 < self.rel_step_size <= 2:
            raise ConfigError("rel_step_size", "above 0 and at most 2", self.rel_step_size)
        if self.clip_values is not None and not self.clip_values[0] < self.clip_values[1]:
            raise ConfigError("clip_values", "a smaller and a larger number", self.clip_values)

    def perturb(
        self,
        classifier: Classifier,
        x: Array,
        y: Array,
        epsilon: float | Array,
        *,
        targets: Array | None = None,
        rng: np.random.Generator | None = None,
    ) -> Array:
        """Adversarial points for ``x`` (n, …) float, of the same shape and dtype.

        ``y`` (n,) are the true classes; ``epsilon``, a number or (n,), is how far each may go. With ``targets`` (n,)
        the loss toward them is lowered instead of the true class's raised. ``rng`` draws random starts (left out: one
        seeded with 0). Raises ConfigError for arrays that do not fit.
        """
        found: Array = self._best(_last, classifier, x, y, epsilon, targets, rng)[-1]
        return found

    def path(
        self,
        classifier: Classifier,
        x: Array,
        y: Array,
        epsilon: float | Array,
        *,
        targets: Array | None = None,
        rng: np.random.Generator | None = None,
    ) -> Array:
        """The way there, (steps + 1, n, …): the start and where each step led; :meth:`perturb` gives its last."""
        return self._best(_all, classifier, x, y, epsilon, targets, rng)

    def _best(
        self,
        keep: Callable[[Iterator[Array]], Array],
        classifier: Classifier,
        x: Array,
        y: Array,
        epsilon: float | Array,
        targets: Array | None,
        rng: np.random.Generator | None,
    ) -> Array:
        x, labels, size = _checked(x, y if targets is None else targets, epsilon)
        if self.clip_values is not None and len(x) and (x.min() < self.clip_values[0] or x.max() > self.clip_values[1]):
            raise ConfigError("x", f"within clip_values {self.clip_values}", (float(x.min()), float(x.max())))
        rng = np.random.default_rng(0) if rng is None else rng
        best = keep(self._iterates(classifier, x, labels, size, targets is not None, rng))
        if self.restarts == 1:
            return best
        reached = margin(classifier.logits(best[-1]), labels, targeted=targets is not None)
        for _ in range(self.restarts - 1):
            found = keep(self._iterates(classifier, x, labels, size, targets is not None, rng))
            now = margin(classifier.logits(found[-1]), labels, targeted=targets is not None)
            better = now > reached
            best[:, better], reached = found[:, better], np.where(better, now, reached)
        return best

    def _iterates(
        self, classifier: Classifier, x: Array, labels: Array, epsilon: Array, targeted: bool, rng: np.random.Generator
    ) -> Iterator[Array]:
        norm = norm_of(self.norm)
        step = (-1 if targeted else 1) * self.rel_step_size * epsilon.reshape(-1, *(1,) * (x.ndim - 1))
        change = norm.inside(x.shape, epsilon, rng) if self.random_start else np.zeros(x.shape)
        now = self._clipped(x + change).astype(x.dtype)
        yield now
        for _ in range(self.steps):
            ahead = self._clipped(now + step * norm.direction(classifier.input_gradient(now, labels)))
            # From a point in the range toward another in it: the projection stays in the range.
            now = (x + norm.project(ahead - x, epsilon)).astype(x.dtype)
            yield now

    def _clipped(self, points: Array) -> Array:
        return points if self.clip_values is None else np.clip(points, *self.clip_values)


def margin(logits: Array, labels: Array, *, targeted: bool = False) -> Array:
    """How far an attack came, (n,): the best other logit less the label's; targeted, the reverse. Above 0: it won."""
    rows, others = np.arange(len(logits)), np.array(logits, np.float64)
    own = others[rows, labels]
    others[rows, labels] = -np.inf
    found: Array = others.max(axis=1) - own
    return -found if targeted else found


def _checked(x: Array, labels: Array, epsilon: float | Array) -> tuple[Array, Array, Array]:
    x, labels = np.asarray(x), np.asarray(labels, np.intp)
    if x.ndim < 2 or x.dtype.kind != "f":
        raise ConfigError("x", "floating-point numbers, one row a point", (x.dtype.name, x.shape))
    if labels.shape != (len(x),):
        raise ConfigError("y", f"one class for each of {len(x)} points", labels.shape)
    size = np.asarray(epsilon, np.float64)
    if size.shape not in ((), (len(x),)) or not (np.isfinite(size) & (size >= 0)).all():
        raise ConfigError("epsilon", "a number from 0 on, or one for each point", epsilon)
    return x, labels, np.broadcast_to(size, (len(x),))


def _last(iterates: Iterator[Array]) -> Array:
    *_, last = iterates
    return last[None]


def _all(iterates: Iterator[Array]) -> Array:
    return np.stack(list(iterates))
