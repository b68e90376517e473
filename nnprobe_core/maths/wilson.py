"""Wilson's interval for a share."""

from __future__ import annotations

from math import sqrt

from nnprobe_core.errors import ConfigError


def wilson(successes: int, trials: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """Interval (low, high) for the probability behind ``successes`` of ``trials``; ``z`` = 1.96: 95 %.

    Wilson 1927 (J. Amer. Statist. Assoc. 22). It stays in [0, 1], and has a width at 0 and at 1 too: 20 of 20 prove
    .84. Without trials: (0, 1).
    """
    if not 0 <= successes <= trials:
        raise ConfigError("successes", f"from 0 to trials ({trials})", successes)
    if trials == 0:
        return 0.0, 1.0
    share, weight = successes / trials, z * z / trials
    middle = (share + weight / 2) / (1 + weight)
    half = z * sqrt(share * (1 - share) / trials + weight / (4 * trials)) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)
