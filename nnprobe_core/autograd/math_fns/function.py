"""Function: one operation, forward beside backward. Every other file of this folder is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ..tensor import Tensor

Array = NDArray[Any]


class Function:
    """One operation on tensors, applied once.

    Parameters
    ----------
    *args : Tensor
        What it is applied to; settings that are no tensors are keywords of the subclass.

    Attributes
    ----------
    args : tuple of Tensor
        A step of the computation graph: from a result back to what it was computed from.
    wanted : tuple of bool
        Which arguments' gradients will be used. A costly one that is not may be answered with None.
    """

    def __init__(self, *args: Tensor) -> None:
        self.args = args
        self.wanted = (True,) * len(args)

    def forward(self) -> Array:
        """The result, computed from the data of :attr:`args`."""
        raise NotImplementedError(f"{type(self).__name__} has no forward yet.")

    def backward(self, grad: Array) -> tuple[Array | None, ...]:
        """One gradient per argument, each of its argument's shape (the vector-Jacobian product).

        ``grad`` is the gradient of some scalar, the loss, with respect to this function's result, and of the
        result's shape. It is not written to, but may be returned as it is.
        """
        raise NotImplementedError(f"{type(self).__name__} has no backward yet.")


def unbroadcast(grad: Array, shape: tuple[int, ...]) -> Array:
    """``grad`` summed down to ``shape``: the reverse of broadcasting an array of ``shape`` to that of ``grad``.

    Broadcasting copies one number to many places; by the chain rule its gradient is the sum over all of them.
    """
    if grad.shape == shape:
        return grad
    wide = np.result_type(grad, np.float32)  # a sum of float16s is added up in more digits
    total = grad.sum(axis=tuple(range(grad.ndim - len(shape))), dtype=wide)  # axes that broadcasting put in front
    stretched = tuple(axis for axis, length in enumerate(shape) if length == 1 != total.shape[axis])
    return np.asarray(total.sum(axis=stretched, keepdims=True), grad.dtype)
