"""Softmax, the cross-entropy and what it sends back: all about the largest logit, so that nothing overflows.

NumPy's own, in the precision of the logits unless something else is said; a logit that is not finite gives NaN, or 0
where the outcome is a whole number, without a warning.
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def log_sum_exp(logits: Array, axis: int = -1) -> Array:
    """ln Σ exp z along ``axis``."""
    with np.errstate(all="ignore"):
        top = logits.max(axis=axis)
        return np.asarray(np.log(np.exp(logits - np.expand_dims(top, axis)).sum(axis=axis)) + top)


def cross_entropy(logits: Array, y: Array, axis: int = -1) -> Array:
    """Each point's cross-entropy, in nats, against its label ``y`` (logits' shape without ``axis``, the classes)."""
    labels = np.expand_dims(np.asarray(y, np.intp), axis)
    own = np.take_along_axis(logits, labels, axis=axis).squeeze(axis)
    with np.errstate(invalid="ignore"):
        return np.asarray(log_sum_exp(logits, axis) - own)


def shifted(logits: Array, axis: int = -1) -> Array:
    """The logits less their largest: the same probabilities, and in float32 the cross-entropy of a sure network keeps
    the digits that a sum with a large logit would cost."""
    with np.errstate(invalid="ignore"):
        return np.asarray(logits - logits.max(axis=axis, keepdims=True))


def softmax(logits: Array) -> Array:
    """Probabilities (n, classes) float64 of ``logits`` (n, classes); NaN in a row that has one not finite."""
    with np.errstate(all="ignore"):
        e = np.exp(shifted(np.asarray(logits, np.float64)))
        return np.asarray(e / e.sum(axis=-1, keepdims=True))


def confidence(logits: Array, axis: int = -1) -> tuple[Array, Array]:
    """The class predicted along ``axis`` and its probability × 255, uint8 both; 0 and 0 where not all are finite.

    The largest probability is 1 / Σ exp(z − max z): never below 255 / classes.
    """
    known = np.isfinite(logits).all(axis=axis)
    whole = bool(known.all())
    if not whole:
        logits = np.where(np.expand_dims(known, axis), logits, 0)
    with np.errstate(over="ignore"):  # a difference beyond float32 leaves a probability of 0
        total = np.exp(shifted(logits, axis)).sum(axis=axis)
    winner, sure = logits.argmax(axis=axis).astype(np.uint8), np.rint(255 / total).astype(np.uint8)
    return (winner, sure) if whole else (np.where(known, winner, 0), np.where(known, sure, 0))


def cross_entropy_gradient(logits: Array, y: Array) -> Array:
    """∂ℓ/∂logits, float64 (n, classes): ℓ is each point's own cross-entropy against its label ``y`` (n,).

    Softmax less one at the label. That one entry is minus the sum of the others, and is computed so: 1 − p, rounded,
    is 0 from a probability of 1 − 10⁻⁸ on in float32, and the gradient of a confident network would point elsewhere.
    """
    out, rows, labels = softmax(logits), np.arange(len(logits)), np.asarray(y, np.intp)
    out[rows, labels] = 0
    out[rows, labels] = -out.sum(axis=1)
    return out
