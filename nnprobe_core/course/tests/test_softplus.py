from __future__ import annotations

import math

import numpy as np

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.math_fns import Softplus
from nnprobe_core.autograd.testing import assert_almost_equal


def forward(*x: float) -> list[float]:
    with np.errstate(over="raise"):
        return [float(value) for value in Softplus(Tensor(np.array(x))).forward()]


def test_numbers_of_middling_size() -> None:
    assert_almost_equal(Tensor(forward(0.0, 1.0, -2.0)), [math.log(1 + math.exp(x)) for x in (0, 1, -2)])


def test_large_ones_do_not_overflow() -> None:
    assert forward(800.0, -800.0) == [800.0, 0.0]


def test_small_results_are_not_lost() -> None:
    (value,) = forward(-40.0)
    assert abs(value / math.exp(-40) - 1) < 1e-6, f"log(1 + e⁻⁴⁰) is e⁻⁴⁰ = {math.exp(-40):.3g}, got {value:.3g}"
