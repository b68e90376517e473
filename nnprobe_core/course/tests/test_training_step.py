from __future__ import annotations

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.mdl import Loss, Module
from nnprobe_core.autograd.optim import SGD
from nnprobe_core.autograd.testing import assert_almost_equal
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


def test_a_step_goes_down() -> None:
    model = Line()
    loss = trainer(model).train_step(Tensor([1.0, 1.0]), Tensor([3.0, 3.0]))
    assert loss == 9.0, f"the loss before the step is (0 − 3)² = 9, got {loss}"
    assert_almost_equal(model.weight, [0.6])  # the gradient is 2 (0 − 3) = −6


def test_gradients_do_not_add_up() -> None:
    model = Line()
    steps = trainer(model)
    for _ in range(2):
        steps.train_step(Tensor([1.0]), Tensor([3.0]))
    assert_almost_equal(model.weight, [0.6 + 0.1 * 2 * (3 - 0.6)])
