"""x[index]."""

from __future__ import annotations

from types import EllipsisType
from typing import TYPE_CHECKING, Any

import numpy as np

from .function import Array, Function

if TYPE_CHECKING:
    from ..tensor import Tensor


class Slice(Function):
    """x[index], for every index that NumPy knows: integers, slices, None, …, lists, arrays, masks.

    The gradient goes back to where the elements came from and is 0 elsewhere. An array of indexes may take one element
    several times; then its gradients add up.
    """

    def __init__(self, x: Tensor, *, slice_obj: Any) -> None:
        super().__init__(x)
        self.slice_obj = slice_obj

    def forward(self) -> Array:
        (x,) = self.args
        return np.asarray(x.data[self.slice_obj])

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        out = np.zeros(x.shape, grad.dtype)
        if _is_basic(self.slice_obj):
            out[self.slice_obj] = grad
        else:
            np.add.at(out, self.slice_obj, grad)  # ``out[index] += grad`` would count a repeated index once
        return (out,)


def _is_basic(index: Any) -> bool:
    """Whether NumPy answers ``index`` with a view, so that no element comes twice."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(
        part is None
        or isinstance(part, (slice, EllipsisType, np.integer))
        or (isinstance(part, int) and not isinstance(part, bool))
        for part in parts
    )
