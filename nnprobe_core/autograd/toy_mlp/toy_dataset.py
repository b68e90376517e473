"""ToyDataset: two classes of points in the plane."""

from __future__ import annotations

import numpy as np

from ..data import Dataset
from ..math_fns import Array

STRUCTURES = ("blobs", "moons", "circles")


class ToyDataset(Dataset):
    """``n_samples`` points in two classes as even as can be, the same for the same seed.

    Parameters
    ----------
    n_samples : int
    structure : str
        blobs: Gaussian around (0, 0) and (3, 5), of standard deviation 1 and 2. moons: two half circles, one within the
        arms of the other, noise .1. circles: one of radius 1, class 0, around one of radius .55, noise .1. Shapes are
        those of scikit-learn's ``make_blobs``, ``make_moons`` and ``make_circles``.
    seed : int

    Attributes
    ----------
    data : ndarray (n_samples, 2) float32
    labels : ndarray (n_samples,) float32

    Raises ValueError for an unknown structure.
    """

    def __init__(self, n_samples: int, structure: str = "blobs", seed: int = 0) -> None:
        if structure not in STRUCTURES:
            raise ValueError(f"structure must be one of {', '.join(STRUCTURES)}, got {structure!r}.")
        self.n_samples, self.structure, self.seed = n_samples, structure, seed
        rng = np.random.default_rng(seed)
        sizes = (n_samples - n_samples // 2, n_samples // 2)
        points = np.concatenate([_points(structure, label, size, rng) for label, size in enumerate(sizes)])
        order = rng.permutation(n_samples)
        self.data = points[order].astype(np.float32)
        self.labels = np.repeat([0, 1], sizes)[order].astype(np.float32)

    def __getitem__(self, index: int) -> tuple[Array, float]:
        return self.data[index], self.labels[index]

    def __len__(self) -> int:
        return self.n_samples


def _points(structure: str, label: int, size: int, rng: np.random.Generator) -> Array:
    if structure == "blobs":
        return rng.normal([(0, 0), (3, 5)][label], [1, 2][label], (size, 2))
    if structure == "moons":
        angle = np.linspace(0, np.pi, size)
        arc = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        points = [1, 0.5] - arc if label else arc
    else:
        angle = np.linspace(0, 2 * np.pi, size, endpoint=False)
        points = [1, 0.55][label] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return np.asarray(points + rng.normal(0, 0.1, (size, 2)))
