"""AttackConfig: a study of adversarial examples: which data, which network, which attack, up to which size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from nnprobe_core.base_config import BaseConfig
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import choice, integer, integers, number
from nnprobe_core.registry import ATTACKS, DATASETS
from nnprobe_core.work import BACKWARD, CONVOLUTIONS, DIGITS_TO_LEARN, FRAME, PIXELS, Work, parameters, training

DIGITS = "digits"
ANY = "any"


@dataclass(frozen=True)
class AttackConfig(BaseConfig):
    """One study. Same config, same machine and versions: same film.

    A network learns the 8 × 8 digits or points in the plane for ``epochs`` epochs, a frame each; then its test points
    are attacked at ``sizes`` sizes from 0 to ``epsilon``, a frame each.
    """

    KIND: ClassVar[str] = "attack"

    dataset: str = choice(DIGITS, (DIGITS, *DATASETS), "Dataset", "points", "Pictures of digits, or points in a plane.")
    max_phi: float = number(9, 2, 100, "Max φ", "points", "Where the spiral's arms end: more is harder.", "rad")
    noise: float = number(0.05, 0, 5, "Noise", "points", "How far points of the plane stray from their place.")
    n_train: int = integer(500, 10, 5000, "Training points", "points", "Training points per class, in the plane.")
    per_class: int = integer(50, 5, 500, "Attacked per class", "points", "At most so many test points of each class.")

    model: str = choice("mlp", ("mlp", "cnn"), "Network", "network", "Fully connected, or convolutions for pictures.")
    hidden: tuple[int, ...] = integers(
        (64, 32), 1, 256, 6, "Hidden layers", "network", "Width of each hidden layer; of the CNN, the last alone."
    )

    epochs: int = integer(20, 1, 1000, "Epochs", "learning", "How often the training set is gone through.")
    lr: float = number(0.003, 1e-6, 1, "Learning rate", "learning", "Of Adam.")
    batch_size: int = integer(64, 1, 5000, "Batch size", "learning", "Points per step.")

    method: str = choice(
        "fgsm", tuple(ATTACKS), "Attack", "attack", "One step, or several, or these from random starts."
    )
    norm: str = choice("linf", ("linf", "l2"), "Norm", "attack", "What the size of a change is measured in.")
    epsilon: float = number(0.3, 0.001, 100, "Largest ε", "attack", "How far an input may be changed, at most.")
    sizes: int = integer(31, 2, 200, "Sizes", "attack", "At how many sizes from 0 on.")
    target: str = choice(
        ANY, (ANY, *map(str, range(10))), "Target", "attack", "The class to be reached; any other than the true one."
    )
    iterations: int = integer(10, 1, 100, "Iterations", "attack", "Steps of BIM and PGD.")
    restarts: int = integer(3, 1, 20, "Restarts", "attack", "Random starts of PGD, of which the best counts.")
    seed: int = integer(0, 0, 2**31 - 1, "Seed", "learning", "Of split, first weights, order, noise and starts.")
    device: str = choice("cpu", ("cpu", "cuda"), "Device", "learning", "Where the network is trained.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.model == "cnn" and self.dataset != DIGITS:
            raise ConfigError("model", "mlp for points in the plane", self.model)
        if self.target_class is not None and self.target_class >= self.n_classes:
            raise ConfigError("target", f"{ANY} or a class from 0 to {self.n_classes - 1}", self.target)

    @property
    def planned(self) -> int:
        """An epoch, and a size, is a frame."""
        return self.epochs + self.sizes

    @property
    def n_classes(self) -> int:
        return 10 if self.dataset == DIGITS else self.run().n_classes

    @property
    def target_class(self) -> int | None:
        return None if self.target == ANY else int(self.target)

    @property
    def work(self) -> Work:
        inputs, points = (PIXELS, DIGITS_TO_LEARN) if self.dataset == DIGITS else (2, self.run().points)
        size = parameters((inputs, *self.hidden, self.n_classes)) + (CONVOLUTIONS if self.model == "cnn" else 0)
        batch = min(self.batch_size, points)
        gradients = self.iterations * (self.restarts if self.method == "pgd" else 1) if self.method != "fgsm" else 1
        one_size = FRAME + gradients * BACKWARD * size * self.n_classes * self.per_class
        return {
            "epochs": training(size, batch, self.epochs * -(-points // batch)) + self.epochs * FRAME,
            "sizes": self.sizes * one_size,
        }

    def run(self) -> RunConfig:
        """The run whose points in the plane these are."""
        return RunConfig(
            dataset=self.dataset,
            max_phi=self.max_phi,
            noise=self.noise,
            n_train=self.n_train,
            n_test=max(200, self.per_class),
            seed_data=self.seed,
        )
