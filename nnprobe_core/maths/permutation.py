"""Tests by rearranging: Fisher's permutation test of two means, and the exact sign-flip test over runs.

A permutation test asks its values to be exchangeable. Separations of class pairs are not: pairs share classes, and the
test then calls 18-31 % of nothing significant at 5 %; of overlapping resamples, 28-54 %. A seed's run is independent of
another's: the sign-flip test over runs is the honest one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnprobe_core.errors import ConfigError

Array = np.ndarray

WARNING = (
    "Class pairs share classes, so their separations are not independent: this test calls 18–31 % of differences that "
    "are none significant at 5 %. The test over seeds does not."
)

LEAST_RUNS = 8  #: of fewer no sign-flip test over several layers can come out significant

_VALUES = 2**20  # random numbers drawn at a time
_EXACT_RUNS = 20  # all sign flips of so many runs are looked at: a million
_ROUNDING = 1e-12  # a rearrangement that gives the same mean may miss it by a rounding error


@dataclass(frozen=True)
class PermutationTest:
    """What a permutation test says.

    Attributes
    ----------
    difference : float
        mean(y) − mean(x); the statistic is its absolute value.
    p_value : float
        (1 + #{t' ≥ t}) / (B + 1), never 0 (Phipson & Smyth 2010); NaN where a value is not finite.
    permutations : int
        B.
    """

    difference: float
    p_value: float
    permutations: int


def fisher_test(
    x: Array, y: Array, *, permutations: int = 10_000, seed: int = 0, device: str = "cpu"
) -> PermutationTest:
    """Fisher's permutation test (Fisher 1935, §21) that ``x`` (n,) and ``y`` (m,) have one mean.

    Two-sided, with the statistic |mean x − mean y|. Random permutations are drawn in batches on ``device`` ("cpu",
    "cuda") from a generator of the test's own; on another device other ones are. See :data:`WARNING` for class pairs.

    Raises ConfigError for an empty sample, or fewer than one permutation.
    """
    x, y = _sample("x", x), _sample("y", y)
    if permutations < 1:
        raise ConfigError("permutations", "a whole number from 1 on", permutations)
    difference = float(y.mean() - x.mean())
    pooled = np.concatenate([x, y])
    if not np.isfinite(pooled).all():
        return PermutationTest(float("nan"), float("nan"), permutations)
    centre, n = pooled.mean(), len(x)
    pooled = pooled - centre
    # As the pooled mean is 0, mean x − mean y = Σx (1/n + 1/m), so only the smaller sample's sum is needed.
    least = float(abs(pooled[:n].sum())) - _ROUNDING * float(np.abs(pooled).sum())
    sums = _sums_on_cpu if device == "cpu" else _sums_on_device
    as_large = sums(pooled, min(n, len(y)), permutations, seed, least, device)
    return PermutationTest(difference, (1 + as_large) / (permutations + 1), permutations)


def _sums_on_cpu(pooled: Array, count: int, permutations: int, seed: int, least: float, device: str) -> int:
    """How many of the sums of ``count`` values drawn at random are at least ``least`` in absolute value."""
    del device
    rng, total = np.random.default_rng(seed), len(pooled)
    at_once = max(1, _VALUES // total)
    found = 0
    for start in range(0, permutations, at_once):
        rows = np.broadcast_to(pooled, (min(at_once, permutations - start), total))
        found += int(np.count_nonzero(np.abs(rng.permuted(rows, axis=1)[:, :count].sum(axis=1)) >= least))
    return found


def _sums_on_device(pooled: Array, count: int, permutations: int, seed: int, least: float, device: str) -> int:
    import torch

    values = torch.from_numpy(pooled).to(device)
    generator = torch.Generator(device).manual_seed(seed)
    at_once = max(1, 16 * _VALUES // len(pooled))
    found = 0
    for start in range(0, permutations, at_once):
        keys = torch.rand(min(at_once, permutations - start), len(pooled), device=device, generator=generator)
        sums = values[keys.argsort(dim=1)[:, :count]].sum(dim=1)
        found += int((sums.abs() >= least).sum())
    return found


@dataclass(frozen=True)
class SignFlipTest:
    """What a sign-flip test over R runs says of each of L differences.

    Attributes
    ----------
    difference : (L,)
        Mean over runs.
    p_value : (L,)
        Share of the 2^R ways to flip signs with a mean as large; no flip is one of them, so at least 2/2^R.
    adjusted : (L,)
        The same by Holm over the L (Holm 1979, Scand. J. Statist. 6).
    runs : int
        R.
    """

    difference: Array
    p_value: Array
    adjusted: Array
    runs: int


def sign_flip_test(differences: Array, *, seed: int = 0) -> SignFlipTest:
    """Exact test that each run's difference is as likely as its negative (Fisher 1935, §21).

    ``differences`` (R, L) or (R,): one value per run (a seed of its own) and layer. Up to 20 runs all 2^R flips are
    looked at; of more, 2^20 at random. A layer with a value that is not finite has NaN, and Holm counts it not.

    Raises ConfigError for fewer than 8 runs: with 7, the smallest p is 2/2⁷ = .016, more than Holm asks for of
    four layers.
    """
    values = np.asarray(differences, np.float64)
    values = values[:, None] if values.ndim == 1 else values
    if values.ndim != 2 or len(values) < LEAST_RUNS:
        raise ConfigError("differences", f"of at least {LEAST_RUNS} runs, each a seed of its own", values.shape)
    runs = len(values)
    known = np.isfinite(values).all(axis=0)
    sums = values[:, known]
    least = np.abs(sums.sum(axis=0)) - _ROUNDING * np.abs(sums).sum(axis=0)
    exact = runs <= _EXACT_RUNS
    flips = 2 ** min(runs, _EXACT_RUNS)
    rng = np.random.default_rng(seed)
    found = np.zeros(sums.shape[1])
    for start in range(0, flips, 2**14):
        number = np.arange(start, min(flips, start + 2**14))
        bits = (number[:, None] >> np.arange(runs)) & 1 if exact else rng.integers(2, size=(len(number), runs))
        found += np.count_nonzero(np.abs((1 - 2 * bits) @ sums) >= least, axis=0)
    p_value = np.full(values.shape[1], np.nan)
    p_value[known] = found / flips if exact else (found + 1) / (flips + 1)
    adjusted = np.full_like(p_value, np.nan)
    adjusted[known] = holm(p_value[known])
    return SignFlipTest(values.mean(axis=0), p_value, adjusted, runs)


def holm(p_values: Array) -> Array:
    """P-values (L,) adjusted for there being L of them, by Holm's step-down method (Holm 1979)."""
    p_values = np.asarray(p_values, np.float64)
    order = np.argsort(p_values, kind="stable")
    stepped = np.maximum.accumulate(p_values[order] * np.arange(len(order), 0, -1))
    out = np.empty(len(order))
    out[order] = np.minimum(stepped, 1)
    return out


def _sample(name: str, values: Array) -> Array:
    values = np.asarray(values, np.float64)
    if values.ndim != 1 or not len(values):
        raise ConfigError(name, "at least one value, in one axis", values.shape)
    return values
