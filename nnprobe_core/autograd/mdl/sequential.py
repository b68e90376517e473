"""Sequential: modules one after another."""

from __future__ import annotations

from ..tensor import Tensor
from .module import Module


class Sequential(Module):
    """The output of each module is the input of the next."""

    def __init__(self, *modules: Module) -> None:
        self.modules = list(modules)

    def forward(self, x: Tensor) -> Tensor:
        for module in self.modules:
            x = module(x)
        return x

    def __str__(self) -> str:
        return "Sequential(\n" + "".join(f"  {module},\n" for module in self.modules) + ")"
