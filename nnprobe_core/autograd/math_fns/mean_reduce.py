"""The mean over axes."""

from __future__ import annotations

import numpy as np

from .function import Array
from .sum_reduce import SumReduce


class MeanReduce(SumReduce):
    """The sum over ``axis``, as SumReduce has it, divided by the number of summands before it is rounded: the sum of
    many numbers may be beyond what a float16 can hold, where their mean is not.

    Every summand has derivative 1 / number.
    """

    def forward(self) -> Array:
        (x,) = self.args
        total = np.asarray(x.data.sum(axis=self.axis, keepdims=self.keepdims, dtype=np.float64))
        self.share = total.size / x.size if x.size else np.nan
        return np.asarray(total * self.share, x.dtype)

    def backward(self, grad: Array) -> tuple[Array]:
        return super().backward(np.asarray(grad * self.share, grad.dtype))
