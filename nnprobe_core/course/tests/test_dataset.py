from __future__ import annotations

import numpy as np

from nnprobe_core.autograd.data import Dataloader
from nnprobe_core.autograd.toy_mlp import ToyDataset


def test_a_pair() -> None:
    dataset = ToyDataset(10, "moons", seed=1)
    point, label = dataset[3]
    assert np.array_equal(point, dataset.data[3]), f"the point of index 3 is {dataset.data[3]}, got {point}"
    assert label == dataset.labels[3], f"its label is {dataset.labels[3]}, got {label}"


def test_every_one_is_in_a_batch() -> None:
    dataset = ToyDataset(10, "blobs")
    batches = list(Dataloader(dataset, 4, shuffle=False))
    assert [data.shape for data, _ in batches] == [(4, 2), (4, 2), (2, 2)]
    assert np.array_equal(np.concatenate([data.data for data, _ in batches]), dataset.data)
    assert np.array_equal(np.concatenate([labels.data for _, labels in batches]), dataset.labels)
