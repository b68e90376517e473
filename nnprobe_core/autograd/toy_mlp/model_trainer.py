"""ModelTrainer: the training loop."""

from __future__ import annotations

import numpy as np

from ..data import Dataloader
from ..math_fns import Array
from ..mdl import Loss, Module
from ..optim import Optimizer
from ..tensor import Tensor


class ModelTrainer:
    """Trains and validates a model whose predictions are the larger of its logits, or, for one logit each, its sign."""

    def __init__(self, model: Module, loss_function: Loss, optimizer: Optimizer) -> None:
        self.model, self.loss_function, self.optimizer = model, loss_function, optimizer

    def forward(self, x: Tensor) -> Tensor:
        """The model's logits for a batch."""
        return self.model(x)

    __call__ = forward

    def train(self, train_dataloader: Dataloader, n_epochs: int) -> list[float]:
        """Go ``n_epochs`` times through the data; the mean loss of every epoch."""
        self.model.train()
        return [
            float(np.mean([self.train_step(data, labels) for data, labels in train_dataloader]))
            for _ in range(n_epochs)
        ]

    def train_step(self, data: Tensor, labels: Tensor) -> float:
        """One step of the optimiser on one batch; the loss before it."""
        self.optimizer.zero_grad()
        loss = self.loss_function(self.model(data), labels)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def validate(self, dataloader: Dataloader) -> tuple[Array, float, float]:
        """Predicted classes (n,) in the dataloader's order, the share of right ones, and the mean loss."""
        self.model.eval()
        predictions, right, losses = [], [], []
        for data, labels in dataloader:
            logits = self.model(data)
            losses.append(len(logits.data) * self.loss_function(logits, labels).item())
            predictions.append(logits.data.argmax(axis=-1) if logits.ndim > 1 else (logits.data > 0).astype(int))
            classes = labels.data.argmax(axis=-1) if labels.ndim > 1 else labels.data
            right.append(predictions[-1] == classes)
        found, hits = np.concatenate(predictions), np.concatenate(right)
        return found, float(hits.mean()), float(np.sum(losses) / len(hits))
