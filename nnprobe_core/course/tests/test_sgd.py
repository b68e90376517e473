from __future__ import annotations

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.optim import SGD
from nnprobe_core.autograd.testing import assert_almost_equal


def parameter(value: float = 1.0) -> Tensor:
    return Tensor([value], requires_grad=True)


def test_a_step() -> None:
    p = parameter()
    p.grad = Tensor([2.0])
    SGD([p], lr=0.1, weight_decay=0).step()
    assert_almost_equal(p, [0.8])


def test_weight_decay() -> None:
    p = parameter(3.0)
    p.grad = Tensor([2.0])
    SGD([p], lr=0.1, weight_decay=0.5).step()
    assert_almost_equal(p, [3 - 0.1 * (2 + 0.5 * 3)])


def test_momentum() -> None:
    p = parameter()
    optimiser = SGD([p], lr=0.1, weight_decay=0, momentum=0.5)
    for _ in range(3):
        p.grad = Tensor([1.0])
        optimiser.step()
    assert_almost_equal(p, [1 - 0.1 * (1 + 1.5 + 1.75)])


def test_a_parameter_without_a_gradient_stays() -> None:
    p = parameter()
    SGD([p], lr=0.1).step()
    assert_almost_equal(p, [1.0])
