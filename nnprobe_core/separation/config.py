"""SeparationConfig: a study of the lab's own: which data, which network, at how many stages, over how many seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import MAX_SEED, integer
from nnprobe_core.studies.config import DIGITS, StudyConfig
from nnprobe_core.work import FRAME, PIXELS, Work


@dataclass(frozen=True)
class SeparationConfig(StudyConfig):
    """One study. Same config, same machine and versions: same film.

    A network learns the 8 × 8 digits or points in the plane; at ``stages`` moments, the start not counted, every pair
    of classes is measured in every layer. With 8 seeds or more, further networks are trained that differ in split,
    first weights and order, for the test over seeds.
    """

    KIND: ClassVar[str] = "separation"

    per_class: int = integer(
        100, 10, 500, "Measured per class", "points", "At most so many points of each class and set are measured."
    )

    stages: int = integer(24, 1, 200, "Stages", "study", "At how many moments of training the layers are measured.")
    seeds: int = integer(
        10, 1, 32, "Seeds", "study", "Networks for the test over seeds, which needs 8: the film shows the first."
    )
    permutations: int = integer(
        10_000, 100, 1_000_000, "Permutations", "study", "Of each of Fisher's tests, at the end."
    )
    seed: int = integer(0, 0, MAX_SEED, "Seed", "study", "Of split, first weights and order of the first network.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.seed + self.seeds - 1 > MAX_SEED:
            raise ConfigError("seed", f"at most {MAX_SEED - self.seeds + 1} with {self.seeds} seeds", self.seed)

    @property
    def planned(self) -> int:
        """Stages of the first network, and one for each further one."""
        return self.stages + self.seeds - 1

    @property
    def n_test(self) -> int:
        return max(super().n_test, self.per_class)

    @property
    def work(self) -> Work:
        layers, pairs = 2 * len(self.hidden) + 3, self.n_classes * (self.n_classes - 1) // 2
        inputs = PIXELS if self.dataset == DIGITS else 2
        widest = max(inputs, *self.hidden, 64) if self.hidden else inputs
        # Of every pair in every layer, all distances between its points, and the trees through them.
        stage = FRAME + 8 * layers * pairs * (2 * self.per_class) ** 2 * widest
        return {
            "epochs": self.seeds * self.learning,
            "stages": self.stages * stage,
            "seeds": 2 * self.seeds * stage,
            "permutations": 20 * self.permutations * pairs * layers,
        }
