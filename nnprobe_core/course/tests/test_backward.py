"""The walk back, over two operations of the test's own, so that no other exercise is needed."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnprobe_core.autograd import Tensor
from nnprobe_core.autograd.math_fns import Array, Function


class Twice(Function):
    def forward(self) -> Array:
        return np.asarray(2 * self.args[0].data)

    def backward(self, grad: Array) -> tuple[Array]:
        return (2 * grad,)


class Sum(Function):
    def forward(self) -> Array:
        a, b = self.args
        return np.asarray(a.data + b.data)

    def backward(self, grad: Array) -> tuple[Array, Array]:
        return grad, grad


def twice(x: Tensor) -> Tensor:
    return Tensor.apply_fn(Twice, x)


def added(x: Tensor, y: Tensor) -> Tensor:
    return Tensor.apply_fn(Sum, x, y)


def gradient(x: Tensor) -> Any:
    assert x.grad is not None, "every tensor below that requires a gradient must get its grad; one is None."
    return x.grad.data


def test_a_chain() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    middle = twice(x)
    twice(middle).backward()
    assert np.array_equal(gradient(x), [4, 4]), gradient(x)
    assert np.array_equal(gradient(middle), [2, 2]), "results of operations keep their gradient, too"


def test_the_gradient_it_starts_from() -> None:
    x = Tensor([1.0, 2.0], requires_grad=True)
    twice(x).backward(Tensor([3.0, 5.0]))
    assert np.array_equal(gradient(x), [6, 10]), gradient(x)


def test_a_tensor_used_twice_gets_both_gradients() -> None:
    x = Tensor([1.0], requires_grad=True)
    y = twice(x)
    added(twice(y), added(y, x)).backward()
    assert np.array_equal(gradient(x), [7]), gradient(x)
    assert np.array_equal(gradient(y), [3]), gradient(y)


def test_a_second_backward_adds_to_the_first() -> None:
    x = Tensor([1.0], requires_grad=True)
    twice(x).backward()
    twice(x).backward()
    assert np.array_equal(gradient(x), [4]), gradient(x)


def test_a_constant_gets_none() -> None:
    x, constant = Tensor([1.0], requires_grad=True), Tensor([1.0])
    added(x, constant).backward()
    assert constant.grad is None
    assert np.array_equal(gradient(x), [1])


def test_leaves_share_no_memory() -> None:
    x, y = Tensor([1.0], requires_grad=True), Tensor([1.0], requires_grad=True)
    added(x, y).backward()
    gradient(x)[...] = 9
    assert np.array_equal(gradient(y), [1]), "x.grad and y.grad are one array"


def test_a_graph_deeper_than_recursion() -> None:
    x = end = Tensor([1.0], requires_grad=True)
    for _ in range(3000):
        end = added(end, x)
    end.backward()
    assert np.array_equal(gradient(x), [3001]), gradient(x)
