"""Finite differences: what a gradient must be, without knowing any calculus."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.math_fns import Function


def check_backward(operation: type[Function], *arrays: Any, **settings: Any) -> None:
    """AssertionError unless ``operation.backward`` gives for each argument what (f(x + h) − f(x − h)) / 2h does."""
    name = f"{operation.__name__}.backward"
    args = [Tensor(array, requires_grad=True, dtype=np.float64) for array in arrays]
    fn = operation(*args, **settings)
    grad = np.random.default_rng(0).normal(size=np.shape(fn.forward()))
    kept = grad.copy()
    parts = fn.backward(grad)
    assert isinstance(parts, tuple), f"{name} must return a tuple of {len(args)}, got {type(parts).__name__}."
    assert len(parts) == len(args), (
        f"{name} must return one gradient for each of {len(args)} arguments, got {len(parts)}."
    )
    assert np.array_equal(grad, kept), f"{name} must not write to the gradient it is given."
    for number, (arg, part) in enumerate(zip(args, parts, strict=True)):
        place = f"{name}, argument {number} of shape {arg.shape}:"
        assert part is not None, f"{place} got None."
        assert np.shape(part) == arg.shape, f"{place} the gradient must have that shape, got {np.shape(part)}."
        for at in np.ndindex(arg.shape):
            expected = _difference(fn, arg, at, grad)
            got = float(part[at])
            assert abs(got - expected) <= 1e-5 * max(1.0, abs(expected)), (
                f"{place} at {at} it gives {got:.5g}, differences of the forward {expected:.5g}."
            )


def _difference(fn: Function, arg: Tensor, at: tuple[int, ...], grad: Any, h: float = 1e-6) -> float:
    value, sums = arg.data[at], []
    for moved in (value + h, value - h):
        arg.data[at] = moved
        sums.append(float(np.sum(grad * fn.forward())))
    arg.data[at] = value
    fn.forward()
    return (sums[0] - sums[1]) / (2 * h)


def numbers(*shape: int, seed: int = 1) -> Any:
    """Numbers from a normal distribution, the same each time."""
    return np.random.default_rng(seed).normal(size=shape)
