"""PGD: the basic iterative method from random starts, the best of several tries (Madry et al. 2018, §2.1 and §4)."""

from __future__ import annotations

from dataclasses import dataclass, field

from nnprobe_core.attacks.gradient_attack import GradientAttack


@dataclass(frozen=True, kw_only=True)
class Pgd(GradientAttack):
    """Projected gradient descent: steps of ε/4 unless asked otherwise (2.5 ε / steps, as Madry et al. choose)."""

    steps: int = 10
    rel_step_size: float = 0.25
    random_start: bool = field(default=True, init=False)
    restarts: int = 5
