"""FGSM: one step of the whole ε along the sign of the gradient (Goodfellow, Shlens & Szegedy 2015, §4)."""

from __future__ import annotations

from dataclasses import dataclass, field

from nnprobe_core.attacks.gradient_attack import GradientAttack


@dataclass(frozen=True, kw_only=True)
class Fgsm(GradientAttack):
    """x + ε·sign(∇ₓℓ); in the norm ``l2`` x + ε·∇ₓℓ/‖∇ₓℓ‖, also called the fast gradient method."""

    steps: int = field(default=1, init=False)
    rel_step_size: float = field(default=1.0, init=False)
    random_start: bool = field(default=False, init=False)
    restarts: int = field(default=1, init=False)
