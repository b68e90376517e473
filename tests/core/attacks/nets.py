"""Networks to attack, small and untrained, and what an independent library makes of them."""

from itertools import pairwise

import numpy as np
import torch
from torch import nn

from nnprobe_core.models.mlp import Mlp
from nnprobe_core.models.networks import CNN
from nnprobe_core.registry import ACTIVATIONS, load


class Plane(nn.Module):
    """A network in the plane with one of our activations."""

    def __init__(self, activation="tanh", widths=(2, 16, 16, 3), dtype=torch.float32, seed=0):
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.linear = nn.ModuleList(nn.Linear(a, b, dtype=dtype) for a, b in pairwise(widths))
        self.bend = load(ACTIVATIONS, activation, "activation").reference
        self.activation = activation

    def forward(self, x):
        for layer in self.linear[:-1]:
            x = self.bend(layer(x))
        return self.linear[-1](x)

    def numpy(self):
        return Mlp(
            [(layer.weight.detach().numpy(), layer.bias.detach().numpy()) for layer in self.linear], self.activation
        )


def plane(n=100, classes=3, seed=0, dtype=np.float32):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 2)).astype(dtype), rng.integers(classes, size=n)


def pictures(n=40, seed=0):
    """A CNN, and pictures in [0, 1] for it."""
    rng = np.random.default_rng(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        module = CNN()
    return module, rng.uniform(size=(n, 1, 8, 8)).astype(np.float32), rng.integers(10, size=n)


def autograd(module, x, y):
    """∂ℓ/∂x of each point's own cross-entropy, by torch."""
    start = torch.from_numpy(x).requires_grad_()
    loss = nn.functional.cross_entropy(module(start), torch.from_numpy(np.asarray(y, np.int64)), reduction="sum")
    return torch.autograd.grad(loss, start)[0].numpy()
