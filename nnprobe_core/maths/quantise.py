"""Coordinates as 16-bit numbers: a value is lo + q / 65534 · (hi − lo), right to half a step; 65535 is not finite."""

from __future__ import annotations

import numpy as np

Array = np.ndarray

MISSING = 65535  #: the code for what is not finite
STEPS = 65534  #: codes 0…65534 stand for lo…hi


def quantise(values: Array, lo: Array, hi: Array) -> Array:
    """Codes, uint16 of the shape of ``values``; ``lo`` and ``hi``, broadcast to it, are what they lie between.

    0 throughout where ``lo`` is ``hi``.
    """
    lo, hi, finite = np.asarray(lo, np.float64), np.asarray(hi, np.float64), np.isfinite(values)
    whole = bool(finite.all())
    width = hi - lo
    scale = np.divide(STEPS, width, out=np.zeros_like(width), where=width > 0)
    codes = np.rint(((values if whole else np.where(finite, values, lo)) - lo) * scale)
    if not whole:
        codes[~finite] = MISSING
    return np.asarray(codes, np.uint16)


def dequantise(codes: Array, lo: Array, hi: Array) -> Array:
    """What :func:`quantise` was given, float64, to half a step; NaN where it was not finite."""
    lo, hi = np.asarray(lo, np.float64), np.asarray(hi, np.float64)
    # From the middle: exactly that for what lies there.
    values = (lo + hi) / 2 + (codes / (STEPS / 2) - 1) * ((hi - lo) / 2)
    return np.where(codes == MISSING, np.nan, values)


def quantise_axes(points: Array) -> tuple[Array, Array]:
    """Codes of ``points`` (n, k), and the lo and hi of each axis, float32 (k, 2): 0, 0 without a finite value.

    ``points`` of float64 keep what float32 would round, in a range that is the next wider one of float32.
    """
    points = np.asarray(points)
    kind = np.float64 if points.dtype == np.float64 else np.float32
    rows = np.ascontiguousarray(points.T, kind)  # two or three long rows, not n short ones
    finite = np.isfinite(rows)
    whole = bool(finite.all())
    lo = (rows if whole else np.where(finite, rows, np.inf)).min(axis=1, initial=np.inf)
    hi = (rows if whole else np.where(finite, rows, -np.inf)).max(axis=1, initial=-np.inf)
    span = np.stack([lo, hi], axis=1).astype(np.float32)
    span[:, 0] = np.where(span[:, 0] > lo, np.nextafter(span[:, 0], np.float32(-np.inf)), span[:, 0])
    span[:, 1] = np.where(span[:, 1] < hi, np.nextafter(span[:, 1], np.float32(np.inf)), span[:, 1])
    span[lo > hi] = 0
    return np.ascontiguousarray(quantise(rows, span[:, :1], span[:, 1:]).T), span


def dequantise_axes(codes: Array, span: Array) -> Array:
    """What :func:`quantise_axes` was given, as float32."""
    return dequantise(codes, span[:, 0], span[:, 1]).astype(np.float32)
