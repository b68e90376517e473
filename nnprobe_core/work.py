"""Work: about how many multiply-adds a config asks for, so that nobody waits for what cannot be finished.

An estimate, good to a factor of three or so: a core does some 10¹⁰ in a second. It follows from the config alone, and
says by field what grows with it, so that a refusal can name the field and how far it may go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from nnprobe_core.errors import ConfigError

#: Field → the multiply-adds that grow in proportion to it.
Work = Mapping[str, int]

CALLS = 2**18  #: what a step costs in calls, however small the network: about 25 µs
FRAME = 2**27  #: what a frame of a film costs apart from the network: encoding, planes, spanning trees
BACKWARD = 3  #: a step's forward and backward passes, in forward passes
PIXELS, DIGITS_TO_LEARN = 64, 1348  #: of a picture of the digits, and of their training set
CONVOLUTIONS = 25_000  #: multiply-adds of the CNN's two layers, a picture
_SPECTRUM = 40  #: singular and complex eigenvalues of an n × n matrix, in n³


def parameters(widths: Sequence[int]) -> int:
    """Weights and biases of a fully connected network with these layers, input and output included."""
    return sum((fan_in + 1) * out for fan_in, out in pairwise(widths))


def training(size: int, batch: int, steps: int) -> int:
    """``steps`` steps on ``batch`` points with ``size`` parameters."""
    return steps * (BACKWARD * batch * size + CALLS)


def looks(widths: Sequence[int], frames: int, points: int) -> int:
    """``frames`` frames, each with the outputs at ``points`` points, and now and then the spectra."""
    spectra = sum(_SPECTRUM * max(pair) * min(pair) ** 2 for pair in pairwise(widths))
    return frames * (FRAME + points * parameters(widths) + spectra // (1 if max(widths) <= 64 else 5))


def check_limit(config: Any, needs: Work, limit: int, what: str) -> None:
    """ConfigError where ``needs``, summed, are above ``limit``.

    The field named is the one that grows the need most, with the most it may be beside the others; where even its
    least would be too much, the sentence says that the network is too large. ``what`` names what is limited, as
    "multiply-adds (NNPROBE_MAX_WORK)".
    """
    total = sum(needs.values())
    if total <= limit:
        return
    field = max(needs, key=lambda name: needs[name])
    value = config.get(field)
    rest = total - needs[field]
    most = value * (limit - rest) // needs[field]
    asked = f"this asks for about {_power(total)} of at most {_power(limit)} {what}"
    if most < 2:  # of no field is less than two worth naming: the rest is what is too much
        raise ConfigError("hidden", f"fewer or narrower layers, or fewer points: {asked}", config.get("hidden", ()))
    raise ConfigError(field, f"at most {most:,} with everything else as it is: {asked}", value)


def _power(number: float) -> str:
    """A large number in short: 3·10¹⁴."""
    if number < 10_000:
        return f"{number:g}"
    digits, power = f"{number:.0e}".split("e")
    return f"{digits}·10" + str(int(power)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
