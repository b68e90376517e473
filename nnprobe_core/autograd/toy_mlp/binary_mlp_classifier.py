"""BinaryMLPClassifier: a multilayer perceptron with one logit."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..mdl import Linear, Module
from ..tensor import Tensor


class BinaryMLPClassifier(Module):
    """Points (B, in_features) → logits (B,), through ReLU layers of ``hidden_layer_sizes``; above 0 means class 1."""

    def __init__(self, in_features: int, hidden_layer_sizes: Sequence[int]) -> None:
        self.in_features, self.hidden_layer_sizes = in_features, tuple(hidden_layer_sizes)
        widths = (in_features, *self.hidden_layer_sizes)
        self.layers = [Linear(fan_in, fan_out, "relu") for fan_in, fan_out in pairwise(widths)]
        self.layers.append(Linear(widths[-1], 1, "none"))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x)
        return x[:, 0]

    def __str__(self) -> str:
        return "BinaryMLPClassifier(\n" + "".join(f"  {layer},\n" for layer in self.layers) + ")"
