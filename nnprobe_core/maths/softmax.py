"""Softmax and what the cross-entropy sends back from it; float64, and exact where a class is all but certain."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def softmax(logits: Array) -> Array:
    """Probabilities (n, classes) float64 of ``logits`` (n, classes); NaN in a row that has one not finite."""
    values = np.asarray(logits, np.float64)
    with np.errstate(all="ignore"):
        e = np.exp(values - values.max(axis=1, keepdims=True))
        out: Array = e / e.sum(axis=1, keepdims=True)
    return out


def cross_entropy_gradient(logits: Array, y: Array) -> Array:
    """∂ℓ/∂logits, float64 (n, classes): ℓ is each point's own cross-entropy against its label ``y`` (n,).

    Softmax less one at the label. That one entry is minus the sum of the others, and is computed so: 1 − p, rounded,
    is 0 from a probability of 1 − 10⁻⁸ on in float32, and the gradient of a confident network would point elsewhere.
    """
    out, rows, labels = softmax(logits), np.arange(len(logits)), np.asarray(y, np.intp)
    out[rows, labels] = 0
    out[rows, labels] = -out.sum(axis=1)
    return out
