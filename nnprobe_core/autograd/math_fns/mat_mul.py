"""a @ b."""

from __future__ import annotations

import numpy as np

from ..buffers import empty, into_buffer
from .function import Array, Function, unbroadcast


class MatMul(Function):
    """The matrix product by the rules of numpy.matmul: (…, n, k) @ (…, k, m), stacks broadcasting, vectors allowed.

    With C = AB and the gradient G of C: ∂/∂A = G Bᵀ and ∂/∂B = Aᵀ G.
    """

    def forward(self) -> Array:
        a, b = self.args
        return _product(a.data, b.data)

    def backward(self, grad: Array) -> tuple[Array | None, Array | None]:
        left, right = (argument.data for argument in self.args)
        # A vector stands for a matrix of one row on the left, of one column on the right.
        a = left[np.newaxis, :] if left.ndim == 1 else left
        b = right[:, np.newaxis] if right.ndim == 1 else right
        if left.ndim == 1:
            grad = np.expand_dims(grad, -1 if right.ndim == 1 else -2)
        if right.ndim == 1:
            grad = np.expand_dims(grad, -1)
        return (
            unbroadcast(_product(grad, b.swapaxes(-1, -2)), a.shape).reshape(left.shape) if self.wanted[0] else None,
            unbroadcast(_product(a.swapaxes(-1, -2), grad), b.shape).reshape(right.shape) if self.wanted[1] else None,
        )


def _product(a: Array, b: Array) -> Array:
    if a.ndim != 2 or b.ndim != 2:
        return np.asarray(np.matmul(a, b))
    if a.shape[1] == b.shape[0] == 1:  # column times row is a table of products: matmul takes ten times as long
        return into_buffer(np.multiply, a, b)
    return np.asarray(np.matmul(a, b, out=empty((a.shape[0], b.shape[1]), np.result_type(a, b))))
