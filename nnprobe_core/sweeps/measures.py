"""What a sweep measures of the networks of an ensemble; rows are the ensemble's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnprobe_core.datasets.shown import surroundings
from nnprobe_core.maths.softmax import confidence, cross_entropy, shifted
from nnprobe_core.maths.spectra import spectrum
from nnprobe_core.models.mlp import Mlp
from nnprobe_core.training.ensemble import Ensemble
from nnprobe_core.training.network import Array

FATE = 24  #: cells of a small boundary, per side
_NOISE_STREAM = 7  # of the generator that moves test points


def scores(ensemble: Ensemble) -> Array:
    """Train loss, test loss, train accuracy, test accuracy, float32 (K, 4); NaN where a logit is not finite."""
    sets = [("x_train", "y_train"), ("x_test", "y_test")]
    columns = []
    for x, y in sets:
        points, labels = (np.stack([getattr(data, name) for data in ensemble.data]) for name in (x, y))
        columns.append(_loss_and_accuracy(ensemble.logits(points), labels))
    (train_loss, train), (test_loss, test) = columns
    return np.stack([train_loss, test_loss, train, test], axis=1).astype(np.float32)


def _loss_and_accuracy(logits: Array, labels: Array) -> tuple[Array, Array]:
    """Mean cross-entropy in nats (K,), and accuracy (K,), of ``logits`` (K, classes, n) against ``labels`` (K, n)."""
    each = cross_entropy(shifted(logits, axis=1), labels, axis=1)
    return each.mean(axis=1, dtype=np.float64), accuracy(logits, labels)


def accuracy(logits: Array, labels: Array) -> Array:
    """Share of points (K,) given their label; NaN for a network with a logit that is not finite."""
    share = (logits.argmax(axis=1) == labels).mean(axis=1)
    return np.where(np.isfinite(logits).all(axis=(1, 2)), share, np.nan)


def extents(ensemble: Ensemble) -> Array:
    """The part of the plane each network's points are shown in, float32 (K, 4): x0, x1, y0, y1."""
    return np.stack([surroundings(data.x_train) for data in ensemble.data]).astype(np.float32)


def grids(boxes: Array) -> Array:
    """Cell centres (K, FATE², 2) of a boundary in each of ``boxes`` (K, 4); row by row from the bottom."""
    middles = (np.arange(FATE) + 0.5) / FATE
    x = boxes[:, :1] + middles * (boxes[:, 1:2] - boxes[:, :1])
    y = boxes[:, 2:3] + middles * (boxes[:, 3:] - boxes[:, 2:3])
    k = len(boxes)
    cells = np.stack(np.broadcast_arrays(x[:, None, :], y[:, :, None]), axis=-1)
    return cells.reshape(k, FATE * FATE, 2).astype(np.float32)


def fates(ensemble: Ensemble, cells: Array) -> tuple[Array, Array]:
    """Class predicted at ``cells`` (K, FATE², 2) and its probability × 255, uint8 (K, FATE, FATE) both.

    0 and 0 where a logit is not finite.
    """
    winner, sure = confidence(ensemble.logits(cells), axis=1)
    return winner.reshape(-1, FATE, FATE), sure.reshape(-1, FATE, FATE)


def norms(ensemble: Ensemble, layers: int) -> Array:
    """Frobenius norm of every weight matrix, the input's first, float32 (K, layers); NaN beyond a network's depth, and
    of weights that are not finite."""
    out = np.full((len(ensemble.configs), layers), np.nan, np.float32)
    with np.errstate(all="ignore"):
        for place, weights in enumerate(ensemble.matrices()):  # padding is 0 and adds nothing
            norm = np.sqrt(np.square(weights, dtype=np.float64).sum(axis=(1, 2)))
            out[:, place] = np.where(np.isfinite(norm), norm, np.nan)
    return out


def eigenvalues(ensemble: Ensemble, layers: int) -> Array:
    """Complex eigenvalues and max|λ| − min|λ| of every weight matrix, float32 (K, layers, 2).

    NaN beyond a network's depth, and where not square.
    """
    out = np.full((len(ensemble.configs), layers, 2), np.nan, np.float32)
    for row, matrices in enumerate(ensemble.weights()):
        for place, (weight, _) in enumerate(matrices):
            if weight.shape[0] == weight.shape[1]:
                found = spectrum(weight)
                out[row, place] = found.complex_count, found.moduli_spread
    return out


def under_noise(ensemble: Ensemble, strengths: Sequence[float]) -> Array:
    """Test accuracy, float32 (K, N), with U(−s, +s) added to each coordinate of the test points, per strength s.

    The same draw at every strength, from a generator of the run's data seed.
    """
    x, y = np.stack([data.x_test for data in ensemble.data]), np.stack([data.y_test for data in ensemble.data])
    draws = [
        np.random.default_rng([config.seed_data, _NOISE_STREAM]).uniform(-1, 1, x.shape[1:])
        for config in ensemble.configs
    ]
    return _along(ensemble, x, np.stack(draws), y, strengths)


def under_attack(ensemble: Ensemble, epsilons: Sequence[float]) -> Array:
    """Test accuracy, float32 (K, E), under FGSM of each size ε: x + ε·sign(∇ₓℓ) (Goodfellow et al. 2015, §4)."""
    x, y = np.stack([data.x_test for data in ensemble.data]), np.stack([data.y_test for data in ensemble.data])
    if not epsilons:
        return np.empty((len(x), 0), np.float32)
    # One gradient serves every ε; float64, for in float32 that of a confident network would vanish.
    signs = [
        np.nan_to_num(np.sign(Mlp(layers, config.activation).input_gradient(points, labels)))
        for layers, config, points, labels in zip(ensemble.weights(), ensemble.configs, x, y, strict=True)
    ]
    return _along(ensemble, x, np.stack(signs), y, epsilons)


def _along(ensemble: Ensemble, x: Array, direction: Array, y: Array, sizes: Sequence[float]) -> Array:
    """Accuracy on ``x`` (K, n, 2) moved by each of ``sizes`` times ``direction``, float32 (K, sizes)."""
    moved = [accuracy(ensemble.logits((x + size * direction).astype(np.float32)), y) for size in sizes]
    return np.stack(moved, axis=1).astype(np.float32) if moved else np.empty((len(x), 0), np.float32)
