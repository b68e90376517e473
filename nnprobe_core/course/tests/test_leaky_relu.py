from __future__ import annotations

from typing import Any

import numpy as np

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.math_fns import LeakyReLU
from nnprobe_core.autograd.testing import assert_almost_equal


def forward(x: list[Any] | np.ndarray, slope: float = 0.01) -> np.ndarray:
    return LeakyReLU(Tensor(x), slope=slope).forward()


def test_above_and_below() -> None:
    assert_almost_equal(Tensor(forward([3.0, -2.0, 0.0])), [3.0, -0.02, 0.0])


def test_another_slope() -> None:
    assert_almost_equal(Tensor(forward([[4.0, -4.0], [-0.5, 0.5]], slope=0.25)), [[4.0, -1.0], [-0.125, 0.5]])


def test_an_array_of_the_arguments_dtype() -> None:
    result = forward(np.array([1.0, -1.0], np.float32))
    assert isinstance(result, np.ndarray), f"a forward returns an array, got {type(result).__name__}"
    assert result.dtype == np.float32, f"float32 in, float32 out, got {result.dtype}"
