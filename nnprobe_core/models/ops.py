"""The few array operations of the training kernel, under the same names in NumPy and in torch.

On the CPU NumPy's calls cost about half of torch's (and share its memory), and its batches of small products and its
tanh far less; torch does other devices.
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
NUMPY_BATCHED: Any = SimpleNamespace(**{**vars(NUMPY), "dot": np.matmul})

#: The same, on any device.
TORCH: Any = SimpleNamespace(
    **{name: getattr(torch, name) for name in (*_SHARED, "erf", "amax")},
    dot=torch.bmm,
    total=torch.sum,
)
