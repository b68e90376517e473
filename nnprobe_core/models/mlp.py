"""A multilayer perceptron in NumPy: every layer's output, and the gradient at the input. It imports no torch, so the
web process can ask a recorded network what it would say."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.softmax import cross_entropy_gradient
from nnprobe_core.models.activations import Activation
from nnprobe_core.registry import ACTIVATIONS, load

Array = np.ndarray


def _erf(x: Array, out: Array) -> None:
    from scipy.special import erf  # gelu alone needs it

    erf(x, out=out)


_NAMES = ("multiply", "add", "subtract", "negative", "reciprocal", "greater", "tanh", "exp", "sin", "cos")
_OPS: Any = SimpleNamespace(**{name: getattr(np, name) for name in _NAMES}, erf=_erf)


class Mlp:
    """Weights, biases and an activation after every hidden layer.

    Parameters
    ----------
    layers : sequence of (W (out, in), b (out,))
        One pair per weight matrix, from the input on.
    activation : str
        A name of ``registry.ACTIVATIONS``.

    All arithmetic is float64, so that the gradient of a network that is sure of itself does not vanish by rounding.
    """

    def __init__(self, layers: Sequence[tuple[Array, Array]], activation: str) -> None:
        self._layers = [(np.asarray(w, np.float64), np.asarray(b, np.float64)) for w, b in layers]
        self._activation: Activation = load(ACTIVATIONS, activation, "activation")
        self.widths = (self._layers[0][0].shape[1], *(len(b) for _, b in self._layers))
        shapes = [w.shape for w, _ in self._layers]
        if shapes != list(zip(self.widths[1:], self.widths[:-1], strict=True)):
            raise ConfigError("layers", "matrices (out, in) that follow one another, with biases (out,)", shapes)

    def layers(self, x: Array) -> list[Array]:
        """Outputs (n, width) float64 of every layer on ``x`` (n, d), input and logits included."""
        out = [np.asarray(x, np.float64)]
        with np.errstate(all="ignore"):
            for w, b in self._layers[:-1]:
                out.append(self._forward(out[-1] @ w.T + b)[0])
            w, b = self._layers[-1]
            out.append(out[-1] @ w.T + b)
        return out

    def logits(self, x: Array) -> Array:
        """Logits (n, classes) float64 of ``x`` (n, d)."""
        return self.layers(x)[-1]

    def input_gradient(self, x: Array, y: Array) -> Array:
        """∂ℓ/∂x, float64 (n, d): ℓ is each point's own cross-entropy against ``y`` (n,)."""
        h, kept = np.asarray(x, np.float64), []
        with np.errstate(all="ignore"):
            for w, b in self._layers[:-1]:
                z = h @ w.T + b
                h, aux = self._forward(z)
                kept.append((z, h, aux))
            w, b = self._layers[-1]
            delta = cross_entropy_gradient(h @ w.T + b, y) @ w
            for (z, h, aux), (w, _) in zip(reversed(kept), reversed(self._layers[:-1]), strict=True):
                self._activation.backward(_OPS, delta, z, h, aux, np.empty_like(z))
                delta = delta @ w
        return delta

    def _forward(self, z: Array) -> tuple[Array, Array]:
        h, aux = np.empty_like(z), np.empty_like(z)
        self._activation.forward(_OPS, z, h, aux)
        return h, aux
