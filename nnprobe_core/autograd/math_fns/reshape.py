"""The same elements in another shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .function import Array, Function

if TYPE_CHECKING:
    from ..tensor import Tensor


class Reshape(Function):
    """x in another ``shape`` of as many elements, one of which may be −1: whatever is left."""

    def __init__(self, x: Tensor, *, shape: tuple[int, ...]) -> None:
        super().__init__(x)
        self.new_shape = shape

    def forward(self) -> Array:
        (x,) = self.args
        return x.data.reshape(self.new_shape)

    def backward(self, grad: Array) -> tuple[Array]:
        (x,) = self.args
        return (grad.reshape(x.shape),)
