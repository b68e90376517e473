"""Two small networks for pictures, as plain PyTorch modules with named layers."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence

import torch
from torch import nn

from nnprobe_core.errors import ConfigError

MODELS = ("mlp", "cnn")


class MLP(nn.Sequential):
    """Layers ``fc1, relu1, fc2, relu2, …, fc<last>``: inputs (n, *shape) → logits (n, classes)."""

    def __init__(self, shape: Sequence[int] = (1, 8, 8), classes: int = 10, hidden: Sequence[int] = (64, 32)) -> None:
        layers: OrderedDict[str, nn.Module] = OrderedDict(flatten=nn.Flatten())
        width = math.prod(shape)
        for number, units in enumerate(hidden, 1):
            layers[f"fc{number}"] = nn.Linear(width, units)
            layers[f"relu{number}"] = nn.ReLU()
            width = units
        layers[f"fc{len(hidden) + 1}"] = nn.Linear(width, classes)
        super().__init__(layers)


class CNN(nn.Sequential):
    """Layers ``conv1, relu1, maxpool1, conv2, relu2, maxpool2, fc1, relu3, fc2``: pictures → logits (n, classes).

    The thesis's network for MNIST in small. ``shape`` is channels, height, width; the last two 4 or more.
    """

    def __init__(
        self,
        shape: Sequence[int] = (1, 8, 8),
        classes: int = 10,
        channels: Sequence[int] = (8, 16),
        hidden: int = 32,
    ) -> None:
        if len(shape) != 3 or min(shape[1:]) < 4:
            raise ConfigError("model", "mlp for inputs that are not pictures of 4 × 4 and more", f"cnn for {shape}")
        (depth, height, width), (first, second) = shape, channels
        super().__init__(
            OrderedDict(
                conv1=nn.Conv2d(depth, first, 3, padding=1),
                relu1=nn.ReLU(),
                maxpool1=nn.MaxPool2d(2),
                conv2=nn.Conv2d(first, second, 3, padding=1),
                relu2=nn.ReLU(),
                maxpool2=nn.MaxPool2d(2),
                flatten=nn.Flatten(),
                fc1=nn.Linear(second * (height // 4) * (width // 4), hidden),
                relu3=nn.ReLU(),
                fc2=nn.Linear(hidden, classes),
            )
        )


def build(name: str, shape: Sequence[int], classes: int, *, seed: int = 0, hidden: Sequence[int] = ()) -> nn.Module:
    """The network ``name`` (one of :data:`MODELS`) with first weights drawn from ``seed``.

    ``hidden`` are the widths of the MLP's hidden layers, or the width of the CNN's one; its own where it is empty.
    The global generator is left as it was.
    """
    if name not in MODELS:
        raise ConfigError("model", f"one of {', '.join(MODELS)}", name)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if name == "mlp":
            return MLP(shape, classes, hidden or (64, 32))
        return CNN(shape, classes, hidden=hidden[0] if hidden else 32)
