"""Norms of a change: its size, the steepest direction, the nearest change that is not larger, and random ones.

All take changes (n, …), each point's own, and sizes ε as a number or (n,). Foolbox (Rauber et al. 2017) parts its
gradient attacks at the same seams.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from nnprobe_core.errors import ConfigError

Array = np.ndarray


class Norm(Protocol):
    """One norm of a change."""

    def size(self, change: Array) -> Array:
        """The norm of each point's change, (n,)."""

    def direction(self, gradient: Array) -> Array:
        """The change of size 1 along which a function of this gradient rises fastest; 0 where there is no gradient."""

    def project(self, change: Array, epsilon: Array) -> Array:
        """The nearest change of size ``epsilon`` or less."""

    def inside(self, shape: tuple[int, ...], epsilon: Array, rng: np.random.Generator) -> Array:
        """Changes drawn uniformly from the ball of size ``epsilon``."""

    def noise(self, shape: tuple[int, ...], epsilon: Array, rng: np.random.Generator) -> Array:
        """Random changes as large as an attack's: of size ``epsilon``, each direction that it may take alike."""


class LInf:
    """The largest change of a coordinate."""

    def size(self, change: Array) -> Array:
        return np.asarray(np.abs(_flat(change)).max(axis=1, initial=0))

    def direction(self, gradient: Array) -> Array:
        return np.asarray(np.sign(_known(gradient)))

    def project(self, change: Array, epsilon: Array) -> Array:
        most = _aligned(epsilon, change.ndim)
        return np.asarray(np.clip(change, -most, most))

    def inside(self, shape: tuple[int, ...], epsilon: Array, rng: np.random.Generator) -> Array:
        return np.asarray(rng.uniform(-1, 1, shape) * _aligned(epsilon, len(shape)))

    def noise(self, shape: tuple[int, ...], epsilon: Array, rng: np.random.Generator) -> Array:
        return np.asarray(rng.choice((-1.0, 1.0), shape) * _aligned(epsilon, len(shape)))


class L2:
    """The Euclidean length of the change."""

    def size(self, change: Array) -> Array:
        found: Array = np.linalg.norm(_flat(change), axis=1)
        return found

    def direction(self, gradient: Array) -> Array:
        known = _known(gradient)
        # Scaled first: the square of a vanishing gradient would be 0.
        known = known / _or_one(_aligned(np.abs(_flat(known)).max(axis=1, initial=0), known.ndim))
        return np.asarray(known / _or_one(_aligned(self.size(known), known.ndim)))

    def project(self, change: Array, epsilon: Array) -> Array:
        size, most = _aligned(self.size(change), change.ndim), _aligned(epsilon, change.ndim)
        return np.asarray(np.where(size > most, change * (most / _or_one(size)), change))

    def inside(self, shape: tuple[int, ...], epsilon: Array, rng: np.random.Generator) -> Array:
        share = rng.uniform(size=shape[0]) ** (1 / max(1, int(np.prod(shape[1:]))))
        return self.noise(shape, share * epsilon, rng)

    def noise(self, shape: tuple[int, ...], epsilon: Array, rng: np.random.Generator) -> Array:
        return np.asarray(self.direction(rng.standard_normal(shape)) * _aligned(epsilon, len(shape)))


NORMS: dict[str, Norm] = {"linf": LInf(), "l2": L2()}


def norm_of(name: str) -> Norm:
    """The norm called ``linf`` or ``l2``; ConfigError for another."""
    if name not in NORMS:
        raise ConfigError("norm", f"one of {', '.join(NORMS)}", name)
    return NORMS[name]


def _flat(change: Array) -> Array:
    return change.reshape(len(change), -1) if change.size else np.zeros((len(change), 0))


def _aligned(values: Array, axes: int) -> Array:
    """(n,) as (n, 1, …) with so many axes; a number as it is."""
    values = np.asarray(values, np.float64)
    return values.reshape(-1, *(1,) * (axes - 1)) if values.ndim else values


def _known(gradient: Array) -> Array:
    """What is not a number pulls nowhere."""
    return np.nan_to_num(np.asarray(gradient, np.float64), posinf=0, neginf=0)


def _or_one(values: Array) -> Array:
    return np.where(values > 0, values, 1)
