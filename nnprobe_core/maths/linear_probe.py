"""Linear probe: how well a hyperplane per class reads the label off one layer's output.

Linear discriminant analysis with a ridge (Friedman 1989, J. Amer. Statist. Assoc. 84; Hastie, Tibshirani & Friedman,
ESL §4.3) and equal priors: least squares on ±1 forgets a small class, and on one-hot labels it masks the middle one of
three collinear classes (ESL §4.2). The ridge is chosen by leave-one-out on the training points alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.wilson import wilson

Array = np.ndarray

RIDGES = (1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0)  #: λ, beside features of variance 1

_SHUFFLES = 16
_CENTRAL = (0.025, 0.975)  # of what shuffles get: 95 %


@dataclass(frozen=True)
class LinearProbe:
    """What a linear probe reads.

    Attributes
    ----------
    accuracy : float
        On the test points.
    low, high : float
        Its 95 % Wilson interval.
    baseline : float
        Mean test accuracy of the same probe fitted to shuffled labels, each shuffle paired with its relabelled twins.
    baseline_low, baseline_high : float
        Between these lie 95 % of them: where a layer clusters, a single shuffle gets nearly nothing or nearly all.
    ridge : float
        The λ that was chosen.
    """

    accuracy: float
    low: float
    high: float
    baseline: float
    baseline_low: float
    baseline_high: float
    ridge: float


UNREADABLE = LinearProbe(*[float("nan")] * 7)  #: of a layer that is not finite


def linear_probe(x: Array, y: Array, x_test: Array, y_test: Array, *, seed: int = 0) -> LinearProbe:
    """Fit on ``x`` (n, d), ``y`` (n,); read ``x_test`` (m, d), ``y_test`` (m,). Labels are integers.

    All is NaN when a feature is not finite. Raises ConfigError for shapes that do not fit or fewer than two classes.
    """
    y, y_test = np.asarray(y), np.asarray(y_test)
    if x.ndim != 2 or y.shape != x.shape[:1]:
        raise ConfigError("y", f"one label per point of x {x.shape}", y.shape)
    if x_test.ndim != 2 or x_test.shape[1] != x.shape[1] or y_test.shape != x_test.shape[:1] or not len(y_test):
        raise ConfigError("x_test", f"points of {x.shape[1]} dimensions with a label each", x_test.shape)
    classes, index = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise ConfigError("y", "of two classes or more", classes.tolist())
    if not (np.isfinite(x).all() and np.isfinite(x_test).all()):
        return UNREADABLE
    train, test = _standardise(np.asarray(x, np.float64), np.asarray(x_test, np.float64))
    ridge = _choose_ridge(train, index, len(classes))
    member = np.eye(len(classes))[index]
    right = int(np.count_nonzero(classes[_predict(train, member[None], test, ridge)[0]] == y_test))
    rng = np.random.default_rng(seed)
    shuffled = np.stack([member[rng.permutation(len(member))] for _ in range(_SHUFFLES)])
    chance = _chance(_predict(train, shuffled, test, ridge), classes, y_test)
    low, high = np.quantile(chance, _CENTRAL)
    interval = wilson(right, len(y_test))
    return LinearProbe(right / len(y_test), *interval, float(chance.mean()), float(low), float(high), ridge)


def _chance(predicted: Array, classes: Array, y_test: Array) -> Array:
    """Test accuracies (K, F) of F fits to shuffled labels, whose class indices are (F, m), and of their twins.

    A twin is fitted to the same shuffle with the classes renamed in turn, k → k + s: it predicts the same with the
    classes renamed. Of a shuffle and its K − 1 twins just one gets a point right, so that their mean is 1/K however the
    layer clusters; of unpaired shuffles it is a coin toss (standard deviation .17 over eight, at the logits).
    """
    twins = (predicted + np.arange(len(classes))[:, None, None]) % len(classes)
    return np.asarray((classes[twins] == y_test).mean(axis=2))


def _standardise(train: Array, test: Array) -> tuple[Array, Array]:
    """Both with the training points' mean taken off and over their standard deviation, where there is one."""
    largest = max(float(np.abs(train).max(initial=0)), float(np.abs(test).max(initial=0)))
    if largest > 1e100:
        train, test = train / largest, test / largest  # so that no square overflows
    centre, spread = train.mean(axis=0), train.std(axis=0)
    spread[spread <= 1e-12 * np.abs(centre)] = 1  # a constant feature, up to rounding
    spread[spread == 0] = 1
    return (train - centre) / spread, (test - centre) / spread


def _predict(train: Array, members: Array, test: Array, ridge: float) -> Array:
    """Class indices (F, m) of the test points by F fits; ``members`` (F, n, K) says who is of which class."""
    fits, n, classes = members.shape
    counts = members.sum(axis=1)
    means = members.transpose(0, 2, 1).reshape(fits * classes, n) @ train
    means = means.reshape(fits, classes, -1) / counts[:, :, None]
    scatters = train.T @ train - np.matmul((means * counts[:, :, None]).mT, means)  # within classes, of each fit
    directions = np.empty_like(means)
    for fit, scatter in enumerate(scatters / max(1, n - classes)):
        scatter.flat[:: len(scatter) + 1] += ridge
        factor = cho_factor(scatter, overwrite_a=True, check_finite=False)
        directions[fit] = cho_solve(factor, means[fit].T, check_finite=False).T
    offsets = 0.5 * np.einsum("fkd,fkd->fk", means, directions)
    scores = (directions.reshape(fits * classes, -1) @ test.T).reshape(fits, classes, -1) - offsets[:, :, None]
    return np.asarray(scores.argmax(axis=1))


def _choose_ridge(x: Array, index: Array, classes: int) -> float:
    """The λ with the best leave-one-out accuracy, class means alike; of equally good ones the largest.

    Without point i of class k, u = x_i − μ_k, the mean moves by −u / (n_k − 1) and the scatter within classes loses
    c u uᵀ, c = n_k / (n_k − 1): a rank-one change that Sherman & Morrison 1950 carry into the inverse. So
    all distances follow from one eigendecomposition of the whole scatter.
    """
    n = len(x)
    counts = np.bincount(index, minlength=classes)
    alone = counts[index] < 2  # without it its class is gone: it has no say
    if alone.all() or n - classes < 2:
        return RIDGES[-1]
    means = np.stack([x[index == k].mean(axis=0) for k in range(classes)])
    away = x - means[index]
    values, vectors = np.linalg.eigh(away.T @ away)
    ridges = np.array(RIDGES) * (n - classes - 1)
    shrink = 1 / (values.clip(0)[:, None] + ridges)  # (d, λ)
    points, centres = x @ vectors, means @ vectors
    own = points - centres[index]
    gain = counts[index] / np.maximum(counts[index] - 1, 1)
    size = np.square(own) @ shrink
    # 1 − c uᵀA⁻¹u, which is above 0 in exact arithmetic.
    left = np.maximum(1 - gain[:, None] * size, 1e-12)
    distance = np.empty((classes, n, len(RIDGES)))
    for k in range(classes):
        other = points - centres[k]
        distance[k] = np.square(other) @ shrink + gain[:, None] * ((other * own) @ shrink) ** 2 / left
    mine = gain[:, None] ** 2 * (size + gain[:, None] * size**2 / left)
    distance[index, np.arange(n)] = mine
    right = distance.argmin(axis=0) == index[:, None]
    judged = [right[(index == k) & ~alone].mean(axis=0) for k in range(classes) if counts[k] > 1]
    score = np.mean(judged, axis=0)
    return RIDGES[int(np.flatnonzero(score >= score.max() - 1e-12)[-1])]
