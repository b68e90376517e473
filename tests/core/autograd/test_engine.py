"""The tensor and the walk back: what is computed once, what is kept, what is let go of."""

import gc
import weakref

import numpy as np
import pytest

from nnprobe_core.autograd import Tensor, math_fns
from nnprobe_core.autograd import tensor_fns as F
from nnprobe_core.autograd.tensor import backward_order


def test_data_is_a_float32_copy():
    source = np.array([1.0, 2.0])
    tensor = Tensor(source)
    source[0] = 9
    assert tensor.data.dtype == np.float32
    assert tensor.data.tolist() == [1, 2]
    assert (tensor.grad, tensor.requires_grad, tensor.shape) == (None, False, (2,))
    assert Tensor(3).shape == ()
    assert Tensor(Tensor([1, 2])).data.tolist() == [1, 2]
    assert float(Tensor(2.5)) == 2.5
    assert repr(Tensor([1, 2], True) * 2) == "Tensor([2., 4.], grad_fn=Mul)"


def test_numpy_takes_a_tensor_for_an_array():
    tensor = Tensor([[1, 2, 3]])
    ones = np.ones_like(tensor)
    assert type(ones) is np.ndarray
    assert ones.shape == (1, 3)
    assert np.asarray(tensor, dtype=np.float64).dtype == np.float64
    assert np.array(tensor) is not tensor.data
    assert np.asarray(tensor) is tensor.data


def test_numbers_and_arrays_are_operands_on_either_side():
    x = Tensor([1, 2], requires_grad=True)
    for result, expected in [
        (2 * x, [2, 4]),
        (x + 1, [2, 3]),
        (1 - x, [0, -1]),
        (2 / x, [2, 1]),
        (np.array([1.0, 2.0]) * x, [1, 4]),
        (np.float64(2) * x, [2, 4]),
        (np.eye(2) @ x, [1, 2]),
        (x @ np.eye(2), [1, 2]),
    ]:
        assert type(result) is Tensor
        assert result.data.dtype == np.float32
        assert result.data.tolist() == expected
        assert result.requires_grad


def test_a_result_asks_for_a_gradient_where_any_argument_does():
    constant, variable = Tensor(1), Tensor(1, requires_grad=True)
    assert (constant + variable).requires_grad
    assert not (constant + constant).requires_grad
    assert (constant + constant).grad_fn is None
    assert not variable.detach().requires_grad


def test_backward_without_requires_grad_does_nothing():
    x = Tensor([1, 2])
    x.backward()
    assert x.grad is None


def test_a_gradient_is_ones_a_scalar_or_of_the_shape():
    x = Tensor([[1, 2, 3]], requires_grad=True)
    for gradient, expected in [(None, [1, 1, 1]), (Tensor(2), [2, 2, 2]), (Tensor([[1, 2, 3]]), [1, 2, 3])]:
        x.grad = None
        (x * 2).backward(gradient)
        assert x.grad.data.tolist() == [[2 * value for value in expected]]
    with pytest.raises(ValueError, match=r"gradient must be a scalar or of this tensor's shape \(1, 3\), got \(3,\)"):
        (x * 2).backward(Tensor([1, 2, 3]))


def test_gradients_accumulate_until_they_are_zeroed():
    x = Tensor([1.0, 2.0], requires_grad=True)
    y = x * x
    y.backward()
    y.backward()
    assert x.grad.data.tolist() == [4, 8]
    assert y.grad.data.tolist() == [2, 2]
    x.zero_grad()
    assert x.grad.data.tolist() == [0, 0]
    (3 * x).backward()
    assert x.grad.data.tolist() == [3, 3]
    x.grad = Tensor([1, 1])
    x.backward()
    assert x.grad.data.tolist() == [2, 2]
    untouched = Tensor(1, requires_grad=True)
    untouched.zero_grad()
    assert untouched.grad is None


def test_results_keep_their_gradients_too():
    x = Tensor([2.0], requires_grad=True)
    y = x * x
    z = 3 * y
    z.backward()
    assert (y.grad.item(), z.grad.item()) == (3, 1)


def test_a_leafs_gradient_is_its_own():
    a, b = (Tensor([1.0, 2.0], requires_grad=True) for _ in range(2))
    total = a + b
    F.reduce(total, reduction="sum").backward()
    a.grad.data *= 5
    assert b.grad.data.tolist() == total.grad.data.tolist() == [1, 1]


def test_a_shared_tensor_is_passed_once_after_all_of_its_uses():
    calls = []

    class Counted(math_fns.Neg):
        def backward(self, grad):
            calls.append(grad.item())
            return super().backward(grad)

    x = Tensor(1.0, requires_grad=True)
    shared = Tensor.apply_fn(Counted, x)
    for _ in range(60):  # a walk along every path would take 2⁶⁰ steps
        shared = shared + shared
    shared.backward()
    assert calls == [2.0**60]
    assert x.grad.item() == -(2.0**60)


def test_the_order_of_the_walk_is_topological():
    x = Tensor(1.0, requires_grad=True)
    a = x * 2
    b = a * x
    c = b + a + x
    order = list(backward_order(c))
    place = {id(tensor): index for index, tensor in enumerate(order)}
    assert len(place) == len(order)
    for tensor in order:
        for arg in tensor.grad_fn.args if tensor.grad_fn else ():
            if arg.requires_grad:
                assert place[id(arg)] > place[id(tensor)]


def test_ten_thousand_operations_in_a_chain():
    x = Tensor(1.0, requires_grad=True)
    y = x
    for _ in range(10_000):
        y = y + x
    y.backward()
    assert x.grad.item() == 10_001
    del y  # freeing it must not recurse either


def test_a_graph_is_freed_when_its_result_is():
    x = Tensor(np.ones((4, 4)), requires_grad=True)
    gc.collect()
    gc.disable()  # so that reference counts alone must do it: no cycles
    try:
        hidden = F.softmax(F.exp(F.mat_mul(x, x))[1:, [0, 0]])
        watched = [weakref.ref(hidden), weakref.ref(hidden.grad_fn), weakref.ref(hidden.grad_fn.args[0])]
        loss = F.reduce(hidden * hidden)
        loss.backward()
        gradient = weakref.ref(hidden.grad)
        del hidden, loss
        assert [reference() for reference in (*watched, gradient)] == [None] * 4
    finally:
        gc.enable()
    assert x.grad is not None


def test_gradients_are_of_their_tensors_dtype():
    x = Tensor([1.0, 2.0], requires_grad=True)
    (x * Tensor([1.0, 2.0], dtype=np.float64)).backward()
    assert x.grad.data.dtype == np.float32


def test_constants_cost_no_gradient():
    x, w = Tensor(np.ones((2, 3))), Tensor(np.ones((3, 4)), requires_grad=True)
    product = F.mat_mul(x, w)
    parts = product.grad_fn.backward(np.ones((2, 4)))
    assert parts[0] is None
    assert parts[1].shape == (3, 4)
    product.backward()
    assert x.grad is None
