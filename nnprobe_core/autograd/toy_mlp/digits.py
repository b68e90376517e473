"""Handwritten digits, 8 × 8 pixels: ten classes, cross-entropy."""

from __future__ import annotations

import numpy as np

from ..data import Dataloader, Dataset
from ..math_fns import Array
from ..mdl import CELoss, Linear, Sequential
from ..optim import Adam
from ..testing import seeded_random
from .model_trainer import ModelTrainer

HIDDEN, BATCH_SIZE, N_EPOCHS = 64, 50, 30


class Digits(Dataset):
    """Images (n, 64) in [0, 1] and one-hot labels (n, 10)."""

    def __init__(self, data: Array, labels: Array) -> None:
        self.data, self.labels = data, labels

    def __getitem__(self, index: int) -> tuple[Array, Array]:
        return self.data[index], self.labels[index]

    def __len__(self) -> int:
        return len(self.data)


def digits(seed: int = 0) -> tuple[Digits, Digits]:
    """scikit-learn's 1 797 digits (Alpaydin & Kaynak 1998), three quarters to train on and the others to test on.

    ``seed`` says which are which. scikit-learn is imported here and nowhere else in the library.
    """
    from sklearn.datasets import load_digits

    images, classes = load_digits(return_X_y=True)
    images, labels = (images / 16).astype(np.float32), np.eye(10, dtype=np.float32)[classes]
    order = np.random.default_rng(seed).permutation(len(images))
    train, test = np.split(order, [3 * len(order) // 4])
    return Digits(images[train], labels[train]), Digits(images[test], labels[test])


def train(seed: int = 0, n_epochs: int = N_EPOCHS) -> float:
    """Test accuracy of a 64-64-10 network; ``seed`` is that of the split, the weights and the order."""
    seen, new = digits(seed)
    with seeded_random(seed):
        model = Sequential(Linear(64, HIDDEN, "relu"), Linear(HIDDEN, 10, "none"))
        trainer = ModelTrainer(model, CELoss(), Adam(model.parameters(), lr=1e-2))
        trainer.train(Dataloader(seen, BATCH_SIZE), n_epochs)
    return trainer.validate(Dataloader(new, BATCH_SIZE, shuffle=False))[1]
