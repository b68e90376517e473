"""The few array operations of the training kernel, under the same names in NumPy and in torch.

For one network on the CPU NumPy's calls cost about half of torch's (and share its memory); torch does many
networks at once and other devices.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

_SHARED = ("multiply", "add", "subtract", "divide", "negative", "reciprocal", "greater", "tanh", "exp", "sin", "cos")


def _erf(x: np.ndarray, out: np.ndarray) -> None:
    # NumPy has no erf, and SciPy's is slower than a vectorised one on the same memory.
    torch.erf(torch.from_numpy(x), out=torch.from_numpy(out))


#: Matrices (rows, columns); ``np.dot`` has less overhead than ``np.matmul``, ``ufunc.reduce`` than ``np.amax``.
NUMPY: Any = SimpleNamespace(
    **{name: getattr(np, name) for name in (*_SHARED, "dot")},
    erf=_erf,
    amax=np.maximum.reduce,
    total=np.add.reduce,
)

#: Batches of matrices (networks, rows, columns).
TORCH: Any = SimpleNamespace(
    **{name: getattr(torch, name) for name in (*_SHARED, "erf", "amax")},
    dot=torch.bmm,
    total=torch.sum,
)
