"""SeparationConfig: a study of the lab's own: which data, which network, at how many stages, over how many seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nnprobe_core.base_config import BaseConfig
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import choice, integer, integers, number
from nnprobe_core.registry import DATASETS
from nnprobe_core.work import CONVOLUTIONS, DIGITS_TO_LEARN, FRAME, PIXELS, Work, parameters, training

DIGITS = "digits"
MAX_SEED = 2**31 - 1


@dataclass(frozen=True)
class SeparationConfig(BaseConfig):
    """One study. Same config, same machine and versions: same film.

    A network learns the 8 × 8 digits or points in the plane; at ``stages`` moments, the start not counted, every pair
    of classes is measured in every layer. With 8 seeds or more, further networks are trained that differ in split,
    first weights and order, for the test over seeds.
    """

    KIND: ClassVar[str] = "separation"

    dataset: str = choice(
        DIGITS, (DIGITS, *DATASETS), "Dataset", "points", "Pictures of digits, or points in the plane."
    )
    max_phi: float = number(9, 2, 100, "Max φ", "points", "Where the spiral's arms end: more is harder.", "rad")
    noise: float = number(0.05, 0, 5, "Noise", "points", "How far points of the plane stray from their place.")
    n_train: int = integer(500, 10, 5000, "Training points", "points", "Training points per class, in the plane.")
    per_class: int = integer(
        100, 10, 500, "Measured per class", "points", "At most so many points of each class and set are measured."
    )

    model: str = choice("mlp", ("mlp", "cnn"), "Network", "layers", "Fully connected, or convolutions for pictures.")
    hidden: tuple[int, ...] = integers(
        (64, 32), 1, 256, 6, "Hidden layers", "layers", "Width of each hidden layer; of the CNN, the last alone."
    )

    epochs: int = integer(20, 1, 1000, "Epochs", "learning", "How often the training set is gone through.")
    lr: float = number(0.003, 1e-6, 1, "Learning rate", "learning", "Of Adam.")
    batch_size: int = integer(64, 1, 5000, "Batch size", "learning", "Points per step.")
    stages: int = integer(24, 1, 200, "Stages", "study", "At how many moments of training the layers are measured.")
    seeds: int = integer(
        10, 1, 32, "Seeds", "study", "Networks for the test over seeds, which needs 8: the film shows the first."
    )
    permutations: int = integer(
        10_000, 100, 1_000_000, "Permutations", "study", "Of each of Fisher's tests, at the end."
    )
    seed: int = integer(0, 0, MAX_SEED, "Seed", "study", "Of split, first weights and order of the first network.")
    device: str = choice("cpu", ("cpu", "cuda"), "Device", "study", "Where the networks are trained.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model == "cnn" and self.dataset != DIGITS:
            raise ConfigError("model", "mlp for points in the plane", self.model)
        if self.seed + self.seeds - 1 > MAX_SEED:
            raise ConfigError("seed", f"at most {MAX_SEED - self.seeds + 1} with {self.seeds} seeds", self.seed)
        if self.dataset != DIGITS:
            _ = self.run(self.seed)  # refuses points that there are none of

    @property
    def planned(self) -> int:
        """Stages of the first network, and one for each further one."""
        return self.stages + self.seeds - 1

    @property
    def work(self) -> Work:
        digits = self.dataset == DIGITS
        run = None if digits else self.run(self.seed)
        inputs, classes, points = (PIXELS, 10, DIGITS_TO_LEARN) if run is None else (2, run.n_classes, run.points)
        size = parameters((inputs, *self.hidden, classes)) + (CONVOLUTIONS if self.model == "cnn" else 0)
        steps = self.epochs * -(-points // min(self.batch_size, points))
        layers, pairs = 2 * len(self.hidden) + 3, classes * (classes - 1) // 2
        widest = max(inputs, *self.hidden, 64) if self.hidden else inputs
        # Of every pair in every layer, all distances between its points, and the trees through them.
        stage = FRAME + 8 * layers * pairs * (2 * self.per_class) ** 2 * widest
        return {
            "epochs": self.seeds * training(size, min(self.batch_size, points), steps),
            "stages": self.stages * stage,
            "seeds": 2 * self.seeds * stage,
            "permutations": 20 * self.permutations * pairs * layers,
        }

    def run(self, seed: int) -> RunConfig:
        """The run whose points in the plane these are."""
        return RunConfig(
            dataset=self.dataset,
            max_phi=self.max_phi,
            noise=self.noise,
            n_train=self.n_train,
            n_test=max(200, self.per_class),
            seed_data=seed,
        )
