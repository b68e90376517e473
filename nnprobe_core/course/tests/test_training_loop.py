from __future__ import annotations

import numpy as np

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.data import Dataloader, Dataset
from nnprobe_core.autograd.mdl import Loss, Module
from nnprobe_core.autograd.optim import SGD
from nnprobe_core.autograd.toy_mlp import ModelTrainer


class Line(Module):
    """The logit w x, of one weight."""

    def __init__(self) -> None:
        self.weight = Tensor([0.0], requires_grad=True)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.weight


class Square(Loss):
    """(x − t)², mean over the batch."""

    def forward(self, prediction_logits: Tensor, target: Tensor) -> Tensor:
        miss = prediction_logits - target
        return self._reduced(miss * miss)


def trainer(model: Line) -> ModelTrainer:
    return ModelTrainer(model, Square(), SGD([model.weight], lr=0.1, weight_decay=0))


class Points(Dataset):
    """Four points of the line 3 x."""

    def __getitem__(self, index: int) -> tuple[np.ndarray, float]:
        return np.array(index + 1.0), 3.0 * (index + 1)

    def __len__(self) -> int:
        return 4


class Counted(ModelTrainer):
    """Its steps are numbered instead of taken."""

    seen = 0

    def train_step(self, data: Tensor, labels: Tensor) -> float:
        assert np.array_equal(labels.data, 3 * data.data), "a batch is a pair (data, labels), in that order"
        self.seen += 1
        return float(self.seen)


def test_every_batch_of_every_epoch() -> None:
    model = Line()
    counted = Counted(model, Square(), SGD([model.weight], lr=0.1, weight_decay=0))
    losses = counted.train(Dataloader(Points(), 2, shuffle=False), 3)
    assert losses == [1.5, 3.5, 5.5], f"the mean of the losses 1 and 2, 3 and 4, 5 and 6, got {losses}"


def test_it_learns() -> None:
    model = Line()
    steps = ModelTrainer(model, Square(), SGD([model.weight], lr=0.02, weight_decay=0))
    losses = steps.train(Dataloader(Points(), 2, shuffle=False), 20)
    assert losses[-1] < 1e-3 * losses[0], f"after 20 epochs the loss is {losses[-1]:.3g}, from {losses[0]:.3g}"


def test_the_model_is_brought_into_training() -> None:
    model = Line()
    model.eval()
    trainer(model).train(Dataloader(Points(), 4), 1)
    assert model.training, "self.model.train() was not called"
