"""Batches: the loss of every batch that the network learned from, as it was before the step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnprobe_core.probes.protocol import Array, ArraySpec, Setup, StepView

MOST = 32  #: losses in a frame; of more steps between two frames, so many evenly chosen


class BatchesProbe:
    """Looks at every frame; carries nothing."""

    def __init__(self, setup: Setup) -> None:
        del setup

    def declare(self) -> Mapping[str, ArraySpec]:
        return {"series.batches": ArraySpec("float32", (MOST,))}

    def due(self, index: int, last: int) -> bool:
        del index, last
        return True

    def look(self, view: StepView, *, first: bool) -> Mapping[str, Array]:
        del first
        return {"series.batches": thinned(view.batch_losses, MOST)}

    def state(self) -> Mapping[str, Array]:
        return {}

    def restore(self, state: Mapping[str, Array]) -> None:
        del state


def thinned(losses: Array, most: int) -> Array:
    """The last entries of float32 (most,) are ``losses`` (n,), those before them NaN; of more, the ⌈(j + 1)n/most⌉-th
    at place j, so that the last one is always there."""
    n = len(losses)
    if n > most:
        places = -(-np.arange(1, most + 1) * n // most) - 1
        return np.asarray(losses, np.float32)[places]
    out = np.full(most, np.nan, np.float32)
    out[most - n :] = losses
    return out
