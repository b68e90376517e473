"""When frames are recorded, in steps: dense at the start, where most happens, then even; and in which order points
come. Both follow from the config alone."""

from __future__ import annotations

import numpy as np

#: A checkpoint goes with every so many scheduled frames, and with the last: what a dead job must do again at most.
CHECKPOINT_EVERY = 20


def frame_steps(steps: int, frames: int) -> tuple[int, ...]:
    """The steps at which a run of ``steps`` steps records a frame.

    Strictly rising, at most ``frames`` of them, step 0 and the last step included. A run of fewer steps than frames
    records every step; a longer one every step for the first tenth of the frames, then evenly.
    """
    if frames > steps:
        return tuple(range(steps + 1))
    dense = max(1, frames // 10)
    # Even steps of at least one from the last dense one on: rounding cannot make two of them meet.
    even = np.linspace(dense - 1, steps, frames - dense + 1).round().astype(int)[1:]
    return (*range(dense), *even.tolist())


def checkpoint_due(index: int, last: int) -> bool:
    """Whether a checkpoint follows the scheduled frame ``index`` of 0…``last``."""
    return index == last or (index > 0 and index % CHECKPOINT_EVERY == 0)


def order_of_epoch(seed: int, epoch: int, n: int) -> np.ndarray:
    """The order of the points in one epoch. It follows from seed and epoch alone: there is no generator to keep."""
    order: np.ndarray = np.random.Generator(np.random.PCG64([seed, epoch])).permutation(n)
    return order
