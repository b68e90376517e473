"""Activations by hand: what the training kernel needs of each, beside PyTorch's own function.

The kernel works in buffers it keeps. ``forward`` turns pre-activations z into outputs h; ``backward`` multiplies
∂ℓ/∂h by f′(z) in place. Most need no more than h, so z and h may be one buffer (``in_place``); the others keep z,
and all may keep one further buffer, ``aux``, from the way forward to the way back. ``ops`` is the array library
(:mod:`nnprobe_core.models.ops`), NumPy or torch. torch is imported only where PyTorch's own function is asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

_SLOPE = 0.01  # leaky ReLU's, as in torch.nn.LeakyReLU


@dataclass(frozen=True)
class Activation:
    """One activation function.

    Attributes
    ----------
    name : str
    forward : callable (ops, z, h, aux) -> None
        Fills ``h`` (and ``aux``) from ``z``; arrays of one shape.
    backward : callable (ops, delta, z, h, aux, scratch) -> None
        ``delta *= f′(z)``; ``scratch`` and ``aux`` may be overwritten.
    torch : str
        PyTorch's function, as "module:attribute".
    in_place : bool
        Whether ``z`` and ``h`` may be the same memory.
    keeps_aux : bool
        Whether ``backward`` reads what ``forward`` left in ``aux``; if not, neither touches it.
    """

    name: str
    forward: Callable[[Any, Any, Any, Any], None]
    backward: Callable[[Any, Any, Any, Any, Any, Any], None]
    torch: str
    in_place: bool = True
    keeps_aux: bool = False

    @property
    def reference(self) -> Callable[[Tensor], Tensor]:
        """PyTorch's function, Tensor -> Tensor, for autograd."""
        module, attribute = self.torch.split(":")
        function: Callable[[Tensor], Tensor] = getattr(import_module(module), attribute)
        return function


def _tanh(ops: Any, z: Any, h: Any, _aux: Any) -> None:
    ops.tanh(z, out=h)


def _tanh_back(ops: Any, delta: Any, _z: Any, h: Any, _aux: Any, scratch: Any) -> None:
    ops.multiply(h, h, out=scratch)
    ops.multiply(scratch, delta, out=scratch)
    ops.subtract(delta, scratch, out=delta)


def _relu(ops: Any, z: Any, h: Any, aux: Any) -> None:
    ops.greater(z, 0, out=aux)  # the slope, 0 or 1; 0 at z = 0 as in PyTorch
    ops.multiply(z, aux, out=h)


def _leaky_relu(ops: Any, z: Any, h: Any, aux: Any) -> None:
    ops.greater(z, 0, out=aux)
    ops.multiply(aux, 1 - _SLOPE, out=aux)
    ops.add(aux, _SLOPE, out=aux)
    ops.multiply(z, aux, out=h)


def _times_aux(ops: Any, delta: Any, _z: Any, _h: Any, aux: Any, _scratch: Any) -> None:
    ops.multiply(delta, aux, out=delta)


def _logistic(ops: Any, z: Any, out: Any) -> None:
    ops.negative(z, out=out)
    ops.exp(out, out=out)
    ops.add(out, 1, out=out)
    ops.reciprocal(out, out=out)


def _sigmoid(ops: Any, z: Any, h: Any, _aux: Any) -> None:
    _logistic(ops, z, h)


def _sigmoid_back(ops: Any, delta: Any, _z: Any, h: Any, _aux: Any, scratch: Any) -> None:
    ops.multiply(h, h, out=scratch)
    ops.subtract(h, scratch, out=scratch)
    ops.multiply(delta, scratch, out=delta)


def _gelu(ops: Any, z: Any, h: Any, aux: Any) -> None:
    ops.multiply(z, math.sqrt(0.5), out=aux)
    ops.erf(aux, out=aux)
    ops.add(aux, 1, out=aux)
    ops.multiply(aux, 0.5, out=aux)  # Φ(z)
    ops.multiply(z, aux, out=h)


def _gelu_back(ops: Any, delta: Any, z: Any, _h: Any, aux: Any, scratch: Any) -> None:
    ops.multiply(z, z, out=scratch)
    ops.multiply(scratch, -0.5, out=scratch)
    ops.exp(scratch, out=scratch)
    ops.multiply(scratch, 1 / math.sqrt(2 * math.pi), out=scratch)
    ops.multiply(scratch, z, out=scratch)
    ops.add(scratch, aux, out=scratch)  # Φ(z) + z φ(z)
    ops.multiply(delta, scratch, out=delta)


def _silu(ops: Any, z: Any, h: Any, aux: Any) -> None:
    _logistic(ops, z, aux)
    ops.multiply(z, aux, out=h)


def _silu_back(ops: Any, delta: Any, _z: Any, h: Any, aux: Any, scratch: Any) -> None:
    ops.multiply(h, aux, out=scratch)  # σ + zσ(1 − σ) = σ + h − hσ
    ops.subtract(h, scratch, out=scratch)
    ops.add(scratch, aux, out=scratch)
    ops.multiply(delta, scratch, out=delta)


def _sine(ops: Any, z: Any, h: Any, _aux: Any) -> None:
    ops.sin(z, out=h)


def _sine_back(ops: Any, delta: Any, z: Any, _h: Any, _aux: Any, scratch: Any) -> None:
    ops.cos(z, out=scratch)
    ops.multiply(delta, scratch, out=delta)


def _identity(_ops: Any, z: Any, h: Any, _aux: Any) -> None:
    if h is not z:
        h[...] = z


def _identity_back(_ops: Any, _delta: Any, _z: Any, _h: Any, _aux: Any, _scratch: Any) -> None:
    return


tanh = Activation("tanh", _tanh, _tanh_back, "torch:tanh")
relu = Activation("relu", _relu, _times_aux, "torch:relu", keeps_aux=True)
leaky_relu = Activation("leaky_relu", _leaky_relu, _times_aux, "torch.nn.functional:leaky_relu", keeps_aux=True)
sigmoid = Activation("sigmoid", _sigmoid, _sigmoid_back, "torch:sigmoid")
#: x·Φ(x), exact, as torch's default (Hendrycks & Gimpel 2016).
gelu = Activation("gelu", _gelu, _gelu_back, "torch.nn.functional:gelu", in_place=False, keeps_aux=True)
silu = Activation("silu", _silu, _silu_back, "torch.nn.functional:silu", keeps_aux=True)
#: sin(x), without a frequency of its own: the siren initialisation brings it (Sitzmann et al. 2020).
sine = Activation("sine", _sine, _sine_back, "torch:sin", in_place=False)
identity = Activation("identity", _identity, _identity_back, "torch:positive")
