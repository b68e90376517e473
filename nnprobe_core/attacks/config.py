"""AttackConfig: a study of adversarial examples: which data, which network, which attack, up to which size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from nnprobe_core.attacks.gradient_attack import GradientAttack
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import MAX_SEED, choice, integer, number
from nnprobe_core.registry import ATTACKS, load
from nnprobe_core.studies.config import StudyConfig
from nnprobe_core.work import BACKWARD, FRAME, Work

ANY = "any"
ITERATED, RESTARTED = ("bim", "pgd"), ("pgd",)  #: methods that take several steps, or several random starts


@dataclass(frozen=True)
class AttackConfig(StudyConfig):
    """One study. Same config, same machine and versions: same film.

    A network learns the 8 × 8 digits or points in the plane for ``epochs`` epochs, a frame each; then its test points
    are attacked at ``sizes`` sizes from 0 to ``epsilon``, a frame each.
    """

    KIND: ClassVar[str] = "attack"

    per_class: int = integer(50, 5, 500, "Attacked per class", "points", "At most so many test points of each class.")

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
    seed: int = integer(0, 0, MAX_SEED, "Seed", "learning", "Of split, first weights, order, noise and starts.")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.target_class is not None and self.target_class >= self.n_classes:
            raise ConfigError("target", f"{ANY} or a class from 0 to {self.n_classes - 1}", self.target)

    @property
    def planned(self) -> int:
        """An epoch, and a size, is a frame."""
        return self.epochs + self.sizes

    @property
    def n_test(self) -> int:
        return max(super().n_test, self.per_class)

    @property
    def target_class(self) -> int | None:
        return None if self.target == ANY else int(self.target)

    def attack(self, clip_values: tuple[float, float] | None) -> GradientAttack:
        """The attack that ``method`` names; ``clip_values`` are what an input must stay between, None for anything."""
        settings: dict[str, Any] = {"norm": self.norm, "clip_values": clip_values}
        if self.method in ITERATED:
            settings["steps"] = self.iterations
        if self.method in RESTARTED:
            settings["restarts"] = self.restarts
        made: GradientAttack = load(ATTACKS, self.method, "method")(**settings)
        return made

    @property
    def work(self) -> Work:
        gradients = self.iterations * (self.restarts if self.method == "pgd" else 1) if self.method != "fgsm" else 1
        one_size = FRAME + gradients * BACKWARD * self.parameters * self.n_classes * self.per_class
        return {"epochs": self.learning + self.epochs * FRAME, "sizes": self.sizes * one_size}
