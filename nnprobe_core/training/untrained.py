"""The untrained network: frame 0 of a run's film, and its first weights, without a training step."""

from __future__ import annotations

from contextlib import closing

import numpy as np

from nnprobe_core.config import RunConfig
from nnprobe_core.frame import CHECKPOINTS, Frame
from nnprobe_core.models.layout import size
from nnprobe_core.training.trainer import Trainer

#: Parameters beyond which the weights are left out: what asks for them draws small networks.
_MOST = 200_000


def untrained(config: RunConfig) -> list[Frame]:
    """The first frame that a run of ``config`` records, the same bytes; and, on the track of checkpoints, its weights,
    from which no run can go on. Raises ConfigError for a device that is not there."""
    trainer = Trainer(config)
    frames = trainer.frames()
    with closing(frames):  # type: ignore[type-var]  # a generator, as it happens
        first = next(frames)
        if size(config.widths) > _MOST:
            return [first]
        arrays = {"history": trainer.weights()[None], "history.steps": np.array([0], np.int32)}
        return [first, Frame(0, arrays, track=CHECKPOINTS, header={"config": config.to_mapping(), "first": 0})]
