"""PyTorch's counterpart of each operation, for gradcheck; torch is imported when it is asked for, and only here."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from .math_fns import Array, Function


def torch_gradients(fn: Function, seed: Array) -> list[Array] | None:
    """The gradients of Σ seed · fn(args) by torch.autograd, one for each argument; None for an operation PyTorch lacks.

    The derivative of ReLU at 0 is that of torch.maximum: ½, as here.
    """
    import torch

    counterpart = _counterpart(torch, fn)
    if counterpart is None:
        return None
    args = [torch.tensor(arg.data, requires_grad=True) for arg in fn.args]
    found = torch.autograd.grad(counterpart(*args), args, torch.tensor(seed))
    return [gradient.numpy() for gradient in found]


def _counterpart(torch: Any, fn: Any) -> Callable[..., Any] | None:
    def total(x: Any) -> Any:
        axes = tuple(range(x.ndim)) if fn.axis is None else fn.axis
        return x + 0 if axes == () else torch.sum(x, axes, keepdim=fn.keepdims)  # torch takes () for all axes

    def picked(x: Any) -> Any:
        # Through the elements' numbers, for torch knows fewer kinds of index than NumPy.
        numbers = np.arange(x.numel()).reshape(x.shape)[fn.slice_obj]
        return x.reshape(-1)[torch.tensor(numbers.copy())]

    def leaky_relu(x: Any) -> Any:
        zero = torch.zeros_like(x)
        return torch.maximum(x, zero) + fn.slope * torch.minimum(x, zero)

    functional = torch.nn.functional
    table: dict[str, Callable[..., Any]] = {
        "Add": operator.add,
        "Mul": operator.mul,
        "Neg": operator.neg,
        "Inv": torch.reciprocal,
        "Exp": torch.exp,
        "Log": torch.log,
        "MatMul": torch.matmul,
        "SumReduce": total,
        "MeanReduce": lambda x: total(x) * fn.share,
        "Max": torch.maximum,
        "Min": torch.minimum,
        "Slice": picked,
        "Reshape": lambda x: x.reshape(fn.new_shape),
        "ReLU": lambda x: torch.maximum(x, torch.zeros_like(x)),
        "LeakyReLU": leaky_relu,
        "Sigmoid": torch.sigmoid,
        "Tanh": torch.tanh,
        "GELU": functional.gelu,
        "SiLU": functional.silu,
        "Sine": torch.sin,
        "Softplus": functional.softplus,
        "Softmax": lambda x: torch.softmax(x, fn.axis),
        "LogSoftmax": lambda x: torch.log_softmax(x, fn.axis),
    }
    return table.get(type(fn).__name__)
