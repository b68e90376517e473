from __future__ import annotations

import math

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.optim import Adam
from nnprobe_core.autograd.testing import assert_almost_equal


def test_a_steady_gradient_makes_steps_of_the_rate() -> None:
    p = Tensor([1.0, -1.0], requires_grad=True)
    optimiser = Adam([p], lr=0.1)
    for _ in range(3):
        p.grad = Tensor([5.0, -0.01])
        optimiser.step()
    assert_almost_equal(p, [0.7, -0.7])


def test_two_gradients() -> None:
    p = Tensor([0.0], requires_grad=True)
    optimiser = Adam([p], lr=0.1)
    for gradient in (1.0, 3.0):
        p.grad = Tensor([gradient])
        optimiser.step()
    mean = (0.9 * 0.1 * 1 + 0.1 * 3) / (1 - 0.9**2)
    square = (0.999 * 0.001 * 1 + 0.001 * 9) / (1 - 0.999**2)
    assert_almost_equal(p, [-0.1 - 0.1 * mean / math.sqrt(square)])
