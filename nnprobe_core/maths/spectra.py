"""Spectra of weight matrices, and what chance alone would give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Spectrum:
    """Spectrum of one matrix (out, in). All NaN when an entry is not finite.

    Attributes
    ----------
    singular_values : (min(out, in),), falling
    eigenvalues : complex (n,), or None where the matrix is not square: there are none
    frobenius, spectral : float
        √Σw² and the largest singular value.
    complex_count : float
        Eigenvalues with an imaginary part; NaN where not square.
    moduli_spread : float
        max|λ| − min|λ|; NaN where not square.
    """

    singular_values: Array
    eigenvalues: Array | None
    frobenius: float
    spectral: float
    complex_count: float
    moduli_spread: float


def spectrum(weights: Array) -> Spectrum:
    """The spectrum of a real matrix (out, in).

    Singular values lead: renumbering a layer's units changes the eigenvalues of a hidden-to-hidden matrix, not the
    function it is part of, and not the singular values.
    """
    weights = np.asarray(weights)
    out, fan_in = weights.shape
    square = out == fan_in
    nan = float("nan")
    if not np.isfinite(weights).all():
        values = np.full(out, complex(nan, nan)) if square else None
        return Spectrum(np.full(min(out, fan_in), nan), values, nan, nan, nan, nan)
    singular = np.linalg.svd(weights, compute_uv=False)
    frobenius = float(np.sqrt(np.square(singular, dtype=np.float64).sum()))
    if not square:
        return Spectrum(singular, None, frobenius, float(singular[0]), nan, nan)
    values = np.linalg.eigvals(weights)
    moduli = np.abs(values)
    count = float(np.count_nonzero(values.imag))
    return Spectrum(singular, values, frobenius, float(singular[0]), count, float(moduli.max() - moduli.min()))


def expected_complex(n: int) -> float:
    """Complex eigenvalues that an n × n Gaussian matrix has in the mean: n − √(2n/π) − ½, to O(n^-½).

    Edelman, Kostlan & Shub 1994 (J. Amer. Math. Soc. 7, corollary 5.2): √(2n/π) + ½ are real. Of 50, 43.9 are
    complex by chance alone.
    """
    return float(n - np.sqrt(2 * n / np.pi) - 0.5)


def circle_radius(sigma: float, n: int) -> float:
    """Radius σ√n of the disk that holds the eigenvalues of an n × n matrix of variance σ², for large n (Girko 1985)."""
    return float(sigma * np.sqrt(n))


def marchenko_pastur(sigma: float, out: int, fan_in: int) -> tuple[float, float]:
    """Band σ√in · |1 ± √(out/in)| of the singular values of an (out, in) matrix of variance σ², for large ones.

    Marchenko & Pastur 1967.
    """
    edge = np.sqrt(out / fan_in)
    scale = sigma * np.sqrt(fan_in)
    return float(scale * abs(1 - edge)), float(scale * (1 + edge))
