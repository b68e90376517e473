"""Matching: which of the numbers seen now is which of those seen before."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

Array = np.ndarray


def match(before: Array, now: Array) -> Array:
    """The order of ``now`` in which each point is the one ``before`` that has moved there.

    Both are (n, 2) and finite. Of all ways to pair them it is one of least Σ‖now − before‖² (the assignment problem,
    Kuhn 1955): ``now[match(before, now)][k]`` is where ``before[k]`` has gone. int (n,)
    """
    difference = before[:, None, :].astype(np.float64) - now[None, :, :]
    costs = np.square(difference).sum(axis=2)
    nearest: Array = costs.argmin(axis=1)
    # Points that have hardly moved are each other's nearest: no better pairing can exist, and none is looked for.
    if np.bincount(nearest, minlength=len(now)).max() == 1:
        return nearest
    order: Array = linear_sum_assignment(costs)[1]
    return order
