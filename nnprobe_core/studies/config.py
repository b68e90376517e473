"""StudyConfig: what the configs of all studies say alike: which data, which network, how it learns, from which seed."""

from __future__ import annotations

from dataclasses import Field, dataclass
from typing import Any

from nnprobe_core.base_config import BaseConfig
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import MAX_SEED, choice, integer, integers, number
from nnprobe_core.registry import DATASETS
from nnprobe_core.work import CONVOLUTIONS, DIGITS_TO_LEARN, PIXELS, parameters, training

DIGITS = "digits"
_CLASSES_OF_DIGITS = 10
_FIRST = ("points", "network", "learning")  # groups, before those of a kind
_LAST = ("seed", "device")


@dataclass(frozen=True)
class StudyConfig(BaseConfig):
    """A network that learns the 8 × 8 digits, or points in the plane, by Adam for ``epochs`` epochs.

    A kind of study adds fields of its own, in these groups or others, and may say of ``seed`` what else it draws.
    """

    dataset: str = choice(
        DIGITS, (DIGITS, *DATASETS), "Dataset", "points", "Pictures of digits, or points in the plane."
    )
    max_phi: float = number(9, 2, 100, "Max φ", "points", "Where the spiral's arms end: more is harder.", "rad")
    noise: float = number(0.05, 0, 5, "Noise", "points", "How far points of the plane stray from their place.")
    n_train: int = integer(500, 10, 5000, "Training points", "points", "Training points per class, in the plane.")

    model: str = choice("mlp", ("mlp", "cnn"), "Network", "network", "Fully connected, or convolutions for pictures.")
    hidden: tuple[int, ...] = integers(
        (64, 32), 1, 256, 6, "Hidden layers", "network", "Width of each hidden layer; of the CNN, the last alone."
    )

    epochs: int = integer(20, 1, 1000, "Epochs", "learning", "How often the training set is gone through.")
    lr: float = number(0.003, 1e-6, 1, "Learning rate", "learning", "Of Adam.")
    batch_size: int = integer(64, 1, 5000, "Batch size", "learning", "Points per step.")
    seed: int = integer(0, 0, MAX_SEED, "Seed", "learning", "Of split, first weights and order.")
    device: str = choice("cpu", ("cpu", "cuda"), "Device", "learning", "Where the network is trained.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model == "cnn" and self.dataset != DIGITS:
            raise ConfigError("model", "mlp for points in the plane", self.model)
        if self.dataset != DIGITS:
            _ = self.run()  # refuses points that there are none of

    @classmethod
    def options(cls) -> tuple[Field[Any], ...]:
        """Group by group, whether a field is of all studies or of this kind's; the seed and the device last."""

        def place(item: Field[Any]) -> int:
            group = item.metadata["group"]
            if item.name in _LAST:
                return len(_FIRST) + 1
            return _FIRST.index(group) if group in _FIRST else len(_FIRST)

        return tuple(sorted(super().options(), key=place))

    @property
    def planned(self) -> int:
        """Stages after that before training: an epoch each, where a kind has no others."""
        return self.epochs

    @property
    def n_classes(self) -> int:
        return _CLASSES_OF_DIGITS if self.dataset == DIGITS else self.run().n_classes

    @property
    def n_test(self) -> int:
        """Test points per class, in the plane."""
        return 200

    @property
    def units(self) -> tuple[int, ...]:
        """Width of each hidden layer that the network has: a CNN has one behind its convolutions."""
        return self.hidden if self.model == "mlp" else self.hidden[-1:]

    @property
    def parameters(self) -> int:
        """About how many the network has."""
        inputs = PIXELS if self.dataset == DIGITS else 2
        return parameters((inputs, *self.hidden, self.n_classes)) + (CONVOLUTIONS if self.model == "cnn" else 0)

    @property
    def learning(self) -> int:
        """Multiply-adds of training one network."""
        points = DIGITS_TO_LEARN if self.dataset == DIGITS else self.run().points
        batch = min(self.batch_size, points)
        return training(self.parameters, batch, self.epochs * -(-points // batch))

    def run(self, seed: int | None = None) -> RunConfig:
        """The run whose points in the plane these are; those of another ``seed``, where it is given."""
        return RunConfig(
            dataset=self.dataset,
            max_phi=self.max_phi,
            noise=self.noise,
            n_train=self.n_train,
            n_test=self.n_test,
            seed_data=self.seed if seed is None else seed,
        )
