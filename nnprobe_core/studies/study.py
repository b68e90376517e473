"""ModuleStudy: a generator of frames, a stage each: a module learns up to a stage, and is looked at."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import numpy as np
import torch

from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import CHECKPOINTS, Frame
from nnprobe_core.studies.config import StudyConfig
from nnprobe_core.studies.learner import Learner
from nnprobe_core.training.conductor import Conductor, Progress
from nnprobe_core.training.inbox import Inbox

Array = np.ndarray
AnyConfig = TypeVar("AnyConfig", bound=StudyConfig)


@dataclass(frozen=True)
class Stage:
    """What a stage shows: the arrays and further header of its frame; and the state that it is continued from."""

    arrays: Mapping[str, Array]
    state: Mapping[str, Array]
    header: Mapping[str, Any] = field(default_factory=dict)


class ModuleStudy(ABC, Generic[AnyConfig]):
    """The study of ``config``, from its start or from where its checkpoints left it.

    Parameters
    ----------
    config : StudyConfig
    checkpoints : sequence of Frame
        The study's checkpoint track, oldest first; the last of them says all.

    Stages count from 0 to ``config.planned``: each is a frame, and a checkpoint after it. A kind says in
    :meth:`stage` what happens at each.
    """

    def __init__(self, config: AnyConfig, *, checkpoints: Sequence[Frame] = ()) -> None:
        if config.device == "cuda" and not torch.cuda.is_available():
            raise ConfigError("device", "cpu on a machine without a CUDA device", config.device)
        self.config = config
        self.saved = checkpoints[-1] if checkpoints else None
        if self.saved is not None and self.saved.header.get("config") != config.to_mapping():
            raise ConfigError("checkpoints", "of the same config", self.saved.header.get("config"))
        self.next = 0 if self.saved is None else self.saved.step + 1  #: the stage to come
        self.progress = Progress(max(0, self.next - 1), config.planned, 0.0, config.lr)

    def frames(self, inbox: Inbox | None = None, pace: float = 0) -> Iterator[Frame]:
        """All frames to come; may be called once. ``pace``: frames per second, 0 for as fast as possible."""
        conductor, config = Conductor(self.progress, inbox, pace), self.config.to_mapping()
        while self.next <= self.config.planned:
            stage, found = self.next, self.stage(self.next, conductor)
            if found is None:
                return
            self.next += 1
            conductor.shown(stage)
            first = {} if stage else {"config": config}
            yield Frame(stage, found.arrays, header={**first, **found.header})
            yield Frame(stage, found.state, track=CHECKPOINTS, header={"config": config})

    @abstractmethod
    def stage(self, stage: int, conductor: Conductor) -> Stage | None:
        """Come to this stage and look; None where the study was stopped meanwhile."""

    def teach(self, learner: Learner, step: int, conductor: Conductor) -> bool:
        """Train ``learner`` up to ``step``, obeying what arrives meanwhile; False where the study was stopped."""
        while conductor.go():
            if learner.advance(step, conductor.interrupted):
                return True
        return False
