"""max(x, 0)."""

from __future__ import annotations

import numpy as np

from ..buffers import empty, into_buffer
from .function import Array, Function


class ReLU(Function):
    """max(x, 0); its derivative is 0 below 0, 1 above, and ½ at 0 itself, as for every tie of Max (PyTorch says 0)."""

    def forward(self) -> Array:
        (x,) = self.args
        return np.asarray(np.maximum(x.data, 0, out=empty(x.shape, x.dtype)))

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        where = np.greater(x.data, 0, out=empty(x.shape, bool))
        out = into_buffer(np.multiply, grad, where)
        ties = np.equal(x.data, 0, out=where)
        if ties.any():
            out += 0.5 * grad * ties
        return (out,)
