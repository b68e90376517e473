"""How the first weights are drawn.

Each function returns, for one weight matrix, a :class:`Draw`: bounds or spread of its entries and of its biases.
:func:`draw` turns it into numbers with the run's own generator. The run's ``init_gain`` multiplies weights and
biases alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

# Names alone: ``torch`` is one of the schemes below.
from torch import Generator, Tensor, empty, float64


@dataclass(frozen=True)
class Draw:
    """Weights from U(±weight) (or N(0, weight²) where ``normal``), biases from U(±bias)."""

    weight: float
    bias: float
    normal: bool = False

    @property
    def sigma(self) -> float:
        """Standard deviation of a weight."""
        return self.weight if self.normal else self.weight / math.sqrt(3)


#: (fan_in, fan_out, first matrix?) -> Draw
Scheme = Callable[[int, int, bool], Draw]


def torch(fan_in: int, fan_out: int, first: bool) -> Draw:  # noqa: ARG001
    """torch.nn.Linear's own: weights and biases U(±1/√fan_in)."""
    bound = 1 / math.sqrt(fan_in)
    return Draw(bound, bound)


def xavier(fan_in: int, fan_out: int, first: bool) -> Draw:  # noqa: ARG001
    """Weights U(±√(6 / (fan_in + fan_out))) (Glorot & Bengio 2010, eq. 16); biases as torch's."""
    return Draw(math.sqrt(6 / (fan_in + fan_out)), 1 / math.sqrt(fan_in))


def he(fan_in: int, fan_out: int, first: bool) -> Draw:  # noqa: ARG001
    """Weights N(0, 2 / fan_in) (He et al. 2015, eq. 10); biases as torch's."""
    return Draw(math.sqrt(2 / fan_in), 1 / math.sqrt(fan_in), normal=True)


def small(fan_in: int, fan_out: int, first: bool) -> Draw:  # noqa: ARG001
    """A tenth of torch's: signals fade from layer to layer."""
    return Draw(0.1 / math.sqrt(fan_in), 0.1 / math.sqrt(fan_in))


def large(fan_in: int, fan_out: int, first: bool) -> Draw:  # noqa: ARG001
    """Three times torch's: σ√fan_in = √3, beyond the edge of chaos, units start saturated
    (Poole et al. 2016)."""
    return Draw(3 / math.sqrt(fan_in), 3 / math.sqrt(fan_in))


def siren(fan_in: int, fan_out: int, first: bool) -> Draw:  # noqa: ARG001
    """For the sine activation (Sitzmann et al. 2020, §3.2), at a frequency of 20 written into the first layer:
    its weights U(±20 / fan_in) and biases U(±20 / √fan_in); after it weights U(±√(6 / fan_in)), biases as torch's."""
    if first:
        return Draw(20 / fan_in, 20 / math.sqrt(fan_in))
    return Draw(math.sqrt(6 / fan_in), 1 / math.sqrt(fan_in))


def draw(
    scheme: Scheme, widths: Sequence[int], seed: int, gain: float = 1.0
) -> tuple[list[tuple[Tensor, Tensor]], tuple[float, ...]]:
    """First weights of a network of these ``widths`` (input and logits included).

    Returns per matrix the weights (out, in) and biases (out,), float64, and the standard deviation of the weights.
    Same arguments, same numbers; no global generator is touched.
    """
    generator = Generator().manual_seed(seed)
    layers, sigmas = [], []
    for index, (fan_in, fan_out) in enumerate(pairwise(widths)):
        how = scheme(fan_in, fan_out, index == 0)
        weight = empty(fan_out, fan_in, dtype=float64)
        if how.normal:
            weight.normal_(0, how.weight, generator=generator)
        else:
            weight.uniform_(-how.weight, how.weight, generator=generator)
        bias = empty(fan_out, dtype=float64).uniform_(-how.bias, how.bias, generator=generator)
        layers.append((weight * gain, bias * gain))
        sigmas.append(how.sigma * gain)
    return layers, tuple(sigmas)
