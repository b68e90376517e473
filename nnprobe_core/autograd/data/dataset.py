"""Dataset: points by number."""

from __future__ import annotations

from typing import Any


class Dataset:
    """``dataset[i]`` is a pair (data, label), arrays or numbers; ``len(dataset)`` says how many there are."""

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        raise NotImplementedError(f"{type(self).__name__} has no __getitem__ yet.")

    def __len__(self) -> int:
        raise NotImplementedError(f"{type(self).__name__} has no __len__ yet.")
