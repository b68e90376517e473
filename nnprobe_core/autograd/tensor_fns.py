"""The operations as functions of tensors. Every argument called Tensor may also be a number or an array."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from numpy.typing import ArrayLike

from . import math_fns
from .tensor import Tensor

Operand = Tensor | ArrayLike
_apply = Tensor.apply_fn


def maximum(x: Operand, y: Operand) -> Tensor:
    """The larger of x and y, element by element, broadcasting; ties share the gradient .5/.5."""
    return _apply(math_fns.Max, *_tensors(x, y))


def minimum(x: Operand, y: Operand) -> Tensor:
    """The smaller of x and y, element by element, broadcasting; ties share the gradient .5/.5."""
    return _apply(math_fns.Min, *_tensors(x, y))


def clip(x: Operand, lower: Operand, upper: Operand) -> Tensor:
    """x moved into [lower, upper]: the gradient goes to the bound where x is beyond it, to both where x lies on it."""
    return minimum(maximum(x, lower), upper)


def log(x: Operand) -> Tensor:
    """The natural logarithm."""
    return _apply(math_fns.Log, _tensor(x))


def exp(x: Operand) -> Tensor:
    """eˣ."""
    return _apply(math_fns.Exp, _tensor(x))


def mat_mul(a: Operand, b: Operand) -> Tensor:
    """The matrix product a @ b, by the rules of numpy.matmul."""
    return _apply(math_fns.MatMul, *_tensors(a, b))


def reduce(
    x: Operand, axis: int | tuple[int, ...] | None = None, reduction: str = "mean", keepdims: bool = False
) -> Tensor:
    """The mean or the sum of x over ``axis`` (None: all; an integer or a tuple, negative from the end)."""
    if reduction not in ("mean", "sum"):
        raise ValueError(f"reduction must be mean or sum, got {reduction!r}.")
    function = math_fns.MeanReduce if reduction == "mean" else math_fns.SumReduce
    return _apply(function, _tensor(x), axis=axis, keepdims=keepdims)


def reshape(x: Operand, shape: tuple[int, ...]) -> Tensor:
    """The same elements in another shape."""
    return _apply(math_fns.Reshape, _tensor(x), shape=shape)


def softmax(x: Operand, axis: int = -1) -> Tensor:
    """eˣ / Σ eˣ along ``axis``, for x of any size."""
    return _apply(math_fns.Softmax, _tensor(x), axis=axis)


def log_softmax(x: Operand, axis: int = -1) -> Tensor:
    """log softmax(x) along ``axis``, exact where softmax rounds to 0."""
    return _apply(math_fns.LogSoftmax, _tensor(x), axis=axis)


def softplus(x: Operand) -> Tensor:
    """log(1 + eˣ), for x of any size."""
    return _apply(math_fns.Softplus, _tensor(x))


def relu(x: Operand) -> Tensor:
    """max(x, 0); the derivative at 0 is ½."""
    return _apply(math_fns.ReLU, _tensor(x))


def leaky_relu(x: Operand, slope: float = 0.01) -> Tensor:
    """x above 0, ``slope`` · x below."""
    return _apply(math_fns.LeakyReLU, _tensor(x), slope=slope)


def sigmoid(x: Operand) -> Tensor:
    """1 / (1 + e⁻ˣ)."""
    return _apply(math_fns.Sigmoid, _tensor(x))


def tanh(x: Operand) -> Tensor:
    """The hyperbolic tangent."""
    return _apply(math_fns.Tanh, _tensor(x))


def gelu(x: Operand) -> Tensor:
    """x · Φ(x) with the exact normal distribution function."""
    return _apply(math_fns.GELU, _tensor(x))


def silu(x: Operand) -> Tensor:
    """x · σ(x)."""
    return _apply(math_fns.SiLU, _tensor(x))


def sine(x: Operand) -> Tensor:
    """sin x."""
    return _apply(math_fns.Sine, _tensor(x))


def identity(x: Operand) -> Tensor:
    """x itself."""
    return _tensor(x)


#: What may follow a Linear layer, by name; "none" is the course's word for identity.
ACTIVATIONS: Mapping[str, Callable[[Operand], Tensor]] = {
    "tanh": tanh,
    "relu": relu,
    "leaky_relu": leaky_relu,
    "sigmoid": sigmoid,
    "gelu": gelu,
    "silu": silu,
    "sine": sine,
    "identity": identity,
    "none": identity,
}


def _tensor(x: Operand) -> Tensor:
    return x if isinstance(x, Tensor) else Tensor(x)


def _tensors(x: Operand, y: Operand) -> tuple[Tensor, Tensor]:
    """Both as tensors; a number or an array takes the other's dtype."""
    if isinstance(x, Tensor):
        return x, y if isinstance(y, Tensor) else Tensor(y, dtype=x.dtype)
    return Tensor(x, dtype=y.dtype) if isinstance(y, Tensor) else Tensor(x), _tensor(y)
