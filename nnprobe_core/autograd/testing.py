"""What tests of the library share: one precision, and a seed that leaves no trace."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from .tensor import Tensor


def assert_almost_equal(actual: Any, desired: Any, decimal: int = 4) -> None:
    """Raise AssertionError unless both, tensors, arrays or numbers, agree in shape and to ``decimal`` places."""
    np.testing.assert_almost_equal(_array(actual), _array(desired), decimal)


@contextmanager
def seeded_random(seed: int) -> Iterator[None]:
    """Within it, ``random`` and NumPy's global generator start at ``seed``; after it they go on as if nothing was."""
    states = random.getstate(), np.random.get_state()
    random.seed(seed)
    np.random.seed(seed)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


def _array(value: Any) -> Any:
    return value.data if isinstance(value, Tensor) else value
