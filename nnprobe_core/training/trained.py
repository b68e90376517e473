"""The network that a config leads to, ready to be asked: trained as its run would be, without a film."""

from __future__ import annotations

from dataclasses import replace

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.own import OwnData
from nnprobe_core.frame import CHECKPOINTS
from nnprobe_core.models.layout import matrices
from nnprobe_core.models.mlp import Mlp
from nnprobe_core.training.trainer import train


def trained(config: RunConfig, data: OwnData | None = None) -> Mlp:
    """The network at the end of the run of ``config``: its weights are those of the film, bit for bit.

    ``data``: the points of one's own that the config names. How many frames a film has does not change
    what is learnt, so only the first and the last are recorded.
    """
    frames = list(train(replace(config, frames=2), data=data, tracks=(CHECKPOINTS,)))
    return Mlp(matrices(config.widths, frames[-1].arrays["history"][-1]), config.activation)
