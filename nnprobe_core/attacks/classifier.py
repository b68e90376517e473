"""What an attack needs of a network: logits, and the gradient at the input."""

from __future__ import annotations

from typing import Protocol

import numpy as np

Array = np.ndarray


class Classifier(Protocol):
    """A network as an attack sees it; :class:`nnprobe_core.models.mlp.Mlp` is one, and
    :class:`nnprobe_core.attacks.torch_classifier.TorchClassifier` makes one of any module."""

    def logits(self, x: Array) -> Array:
        """Logits (n, classes) of ``x`` (n, …)."""

    def input_gradient(self, x: Array, y: Array) -> Array:
        """∂ℓ/∂x, of the shape of ``x`` (n, …): ℓ is each point's own cross-entropy against its label ``y`` (n,)."""
