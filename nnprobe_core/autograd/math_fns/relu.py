"""max(x, 0)."""

from __future__ import annotations

import numpy as np

from .function import Array, Function


class ReLU(Function):
    """max(x, 0); its derivative is 0 below 0, 1 above, and ½ at 0 itself, as for every tie of Max (PyTorch says 0)."""

    def forward(self) -> Array:
        (x,) = self.args
        return np.asarray(np.maximum(x.data, 0))

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        out = np.asarray(grad * (x.data > 0))
        ties = x.data == 0
        if ties.any():
            out += 0.5 * grad * ties
        return (out,)
