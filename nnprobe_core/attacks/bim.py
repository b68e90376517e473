"""BIM: several smaller steps from the point itself (Kurakin, Goodfellow & Bengio 2017, §2.2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from nnprobe_core.attacks.gradient_attack import GradientAttack


@dataclass(frozen=True, kw_only=True)
class Bim(GradientAttack):
    """The basic iterative method: steps of α = ε/2 unless asked otherwise. With a random start it is called PGD."""

    steps: int = 10
    rel_step_size: float = 0.5
    random_start: bool = field(default=False, init=False)
    restarts: int = field(default=1, init=False)
