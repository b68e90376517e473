"""Dataloader: points in batches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..tensor import Tensor
from .dataset import Dataset


class Dataloader:
    """Iterates over ``dataset`` in batches: pairs of tensors, data (B, …) and labels (B, …).

    Parameters
    ----------
    dataset : Dataset
    batch_size : int
    shuffle : bool
        A new order each time, from NumPy's global generator unless ``rng`` is given.
    drop_last : bool
        Leave out a last batch that is smaller than the others.

    Raises ValueError for a batch size below 1.
    """

    def __init__(
        self,
        dataset: Dataset,
        batch_size: int,
        shuffle: bool = True,
        drop_last: bool = False,
        rng: np.random.Generator | None = None,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}.")
        self.dataset, self.batch_size, self.shuffle, self.drop_last = dataset, batch_size, shuffle, drop_last
        self.rng = rng

    def __len__(self) -> int:
        """The number of batches."""
        whole, rest = divmod(len(self.dataset), self.batch_size)
        return whole + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        count = len(self.dataset)
        order = (self.rng or np.random).permutation(count) if self.shuffle else np.arange(count)
        for batch in range(len(self)):
            picked = order[batch * self.batch_size : (batch + 1) * self.batch_size]
            data, labels = zip(*(self.dataset[int(index)] for index in picked), strict=True)
            yield Tensor(np.stack(data)), Tensor(np.stack(labels))
