"""Module: something with parameters that turns tensors into tensors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..tensor import Tensor


class Module:
    """A layer, a network or a loss. A subclass writes ``forward``; calling the module calls it.

    Parameters are found, not registered: every tensor that asks for a gradient among the attributes, and those of
    modules among them, in lists, tuples and dictionaries, too, in the order in which they were set.
    """

    training = True  #: False after :meth:`eval`; Dropout looks at it

    def forward(self, *args: Any, **kwargs: Any) -> Tensor:
        """What the module computes."""
        raise NotImplementedError(f"{type(self).__name__} has no forward yet.")

    def __call__(self, *args: Any, **kwargs: Any) -> Tensor:
        return self.forward(*args, **kwargs)

    def named_parameters(self) -> Iterator[tuple[str, Tensor]]:
        """Pairs of a dotted name, as ``layers.0.weight``, and a parameter; one that has several names comes once."""
        for name, value in _walk(self, "", set()):
            if isinstance(value, Tensor) and value.requires_grad:
                yield name, value

    def parameters(self) -> list[Tensor]:
        """All parameters, for an optimiser."""
        return [parameter for _, parameter in self.named_parameters()]

    def zero_grad(self) -> None:
        """Zero every parameter's gradient."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def train(self, mode: bool = True) -> Module:
        """Behave as in training, this module and all within it."""
        for _, value in _walk(self, "", set()):
            if isinstance(value, Module):
                value.training = mode
        return self

    def eval(self) -> Module:
        """Behave as in use: nothing is left to chance."""
        return self.train(False)

    def __str__(self) -> str:
        return f"{type(self).__name__}()"


def _walk(value: Any, name: str, seen: set[int]) -> Iterator[tuple[str, Any]]:
    """All modules and tensors from ``value`` inwards, each once, with their dotted names."""
    inside: dict[Any, Any] = {}
    if isinstance(value, (Module, Tensor)):
        if id(value) in seen:
            return
        seen.add(id(value))
        yield name, value
    if isinstance(value, Module):
        inside = vars(value)
    elif isinstance(value, dict):
        inside = value
    elif isinstance(value, (list, tuple)):
        inside = dict(enumerate(value))
    for key, item in inside.items():
        yield from _walk(item, f"{name}.{key}" if name else str(key), seen)
