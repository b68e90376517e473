"""Every operation against torch.autograd and finite differences, over random shapes, broadcasts, axes and indexes."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import (
    array_shapes,
    basic_indices,
    integer_array_indices,
    mutually_broadcastable_shapes,
)

from nnprobe_core.autograd import Tensor, gradcheck, math_fns
from nnprobe_core.autograd import tensor_fns as F

SEEDS = st.integers(0, 10_000)
UNARY = {
    "neg": (lambda x: -x, torch.neg),
    "exp": (F.exp, torch.exp),
    "log": (lambda x: F.log(x * x + 0.5), lambda x: torch.log(x * x + 0.5)),
    "inv": (lambda x: 1 / (x * x + 0.5), lambda x: 1 / (x * x + 0.5)),
    "relu": (F.relu, torch.relu),
    "leaky_relu": (F.leaky_relu, torch.nn.functional.leaky_relu),
    "sigmoid": (F.sigmoid, torch.sigmoid),
    "tanh": (F.tanh, torch.tanh),
    "gelu": (F.gelu, torch.nn.functional.gelu),
    "silu": (F.silu, torch.nn.functional.silu),
    "sine": (F.sine, torch.sin),
    "identity": (F.identity, lambda x: x + 0),
    "softplus": (F.softplus, torch.nn.functional.softplus),
}
BINARY = {
    "add": (lambda a, b: a + b, lambda a, b: a + b),
    "sub": (lambda a, b: a - b, lambda a, b: a - b),
    "mul": (lambda a, b: a * b, lambda a, b: a * b),
    "div": (lambda a, b: a / (b * b + 0.5), lambda a, b: a / (b * b + 0.5)),
    "maximum": (F.maximum, torch.maximum),
    "minimum": (F.minimum, torch.minimum),
}


def agrees(ours, theirs, *arrays, seed=0):
    """Value and gradients of both for a random gradient of the result, and ours by finite differences."""
    mine = [Tensor(x, requires_grad=True, dtype=np.float64) for x in arrays]
    other = [torch.tensor(x, requires_grad=True) for x in arrays]
    result, expected = ours(*mine), theirs(*other)
    assert result.shape == tuple(expected.shape)
    np.testing.assert_allclose(result.data, expected.detach().numpy(), rtol=1e-9, atol=1e-9)
    gradient = np.random.default_rng(seed).normal(size=result.shape)
    result.backward(Tensor(gradient, dtype=np.float64))
    for tensor, wanted in zip(mine, torch.autograd.grad(expected, other, torch.tensor(gradient)), strict=True):
        assert tensor.grad.shape == tensor.shape
        np.testing.assert_allclose(tensor.grad.data, wanted.numpy(), rtol=1e-9, atol=1e-9)
    assert gradcheck(ours, arrays, elements=6)


def numbers(shape, seed):
    """Normal numbers, none so near to 0 or to one another that a difference would reach across a kink."""
    rng = np.random.default_rng(seed)
    size = int(np.prod(shape))
    spread = np.linspace(-2.5, 2.5, size + 1)[:size] + 1.1 / (size + 1)
    return rng.permutation(spread).reshape(shape)


@pytest.mark.parametrize("name", UNARY)
@settings(max_examples=15)
@given(shape=array_shapes(min_dims=0, max_dims=4, max_side=4), seed=SEEDS)
def test_of_one_argument(name, shape, seed):
    agrees(*UNARY[name], numbers(shape, seed), seed=seed)


@pytest.mark.parametrize("name", BINARY)
@settings(max_examples=25)
@given(shapes=mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=4), seed=SEEDS)
def test_of_two_arguments_that_broadcast_in_either_direction(name, shapes, seed):
    a, b = shapes.input_shapes
    agrees(*BINARY[name], numbers(a, seed), numbers(b, seed + 1) + 0.013, seed=seed)


@settings(max_examples=40)
@given(shapes=mutually_broadcastable_shapes(signature="(n?,k),(k,m?)->(n?,m?)", max_dims=2, max_side=3), seed=SEEDS)
def test_matrix_products_of_vectors_matrices_and_stacks(shapes, seed):
    a, b = shapes.input_shapes
    agrees(F.mat_mul, torch.matmul, numbers(a, seed), numbers(b, seed + 1), seed=seed)


@st.composite
def axes(draw, shape):
    if not shape or draw(st.booleans()):
        return None
    picked = draw(st.lists(st.integers(0, len(shape) - 1), min_size=1, unique=True))
    signed = [axis - draw(st.sampled_from([0, len(shape)])) for axis in picked]
    return signed[0] if len(signed) == 1 and draw(st.booleans()) else tuple(signed)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@settings(max_examples=40)
@given(data=st.data(), shape=array_shapes(min_dims=0, max_dims=4, max_side=3), keepdims=st.booleans(), seed=SEEDS)
def test_reductions_over_any_axis(reduction, data, shape, keepdims, seed):
    axis = data.draw(axes(shape))
    dims = tuple(range(len(shape))) if axis is None else axis
    function = getattr(torch, reduction)
    agrees(
        lambda x: F.reduce(x, axis, reduction, keepdims),
        lambda x: function(x, dims, keepdim=keepdims) if shape else x + 0,
        numbers(shape, seed),
        seed=seed,
    )


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@settings(max_examples=20)
@given(data=st.data(), shape=array_shapes(min_dims=1, max_dims=3, max_side=4), seed=SEEDS)
def test_softmax_along_any_axis(name, data, shape, seed):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    agrees(lambda x: getattr(F, name)(x, axis), lambda x: getattr(torch, name)(x, axis), numbers(shape, seed))


def gathered(index, shape):
    """torch's x[index], through the numbers of the elements."""
    picked = torch.tensor(np.arange(np.prod(shape, dtype=int)).reshape(shape)[index].copy())
    return lambda x: x.reshape(-1)[picked]


@settings(max_examples=60)
@given(data=st.data(), shape=array_shapes(max_dims=3, max_side=4), seed=SEEDS)
def test_slices_and_views(data, shape, seed):
    index = data.draw(basic_indices(shape, allow_newaxis=True))
    assume(np.zeros(shape)[index].size)
    agrees(lambda x: x[index], gathered(index, shape), numbers(shape, seed), seed=seed)


@settings(max_examples=40)
@given(data=st.data(), shape=array_shapes(max_dims=3, max_side=4), seed=SEEDS)
def test_indexes_that_repeat_add_up(data, shape, seed):
    index = data.draw(integer_array_indices(shape))
    agrees(lambda x: x[index], gathered(index, shape), numbers(shape, seed), seed=seed)


@settings(max_examples=20)
@given(shape=array_shapes(max_dims=3, max_side=4), seed=SEEDS)
def test_masks(shape, seed):
    x = numbers(shape, seed)
    agrees(lambda t: t[x > 0], lambda t: t[torch.tensor(x > 0)], x, seed=seed)


def test_a_view_of_a_view():
    x = numbers((4, 5), 0)
    agrees(lambda t: t[1:][:, [0, 0, 3]][..., 1:] * t[0, 0], lambda t: t[1:][:, [0, 0, 3]][..., 1:] * t[0, 0], x)


def test_reshape_and_clip():
    x = numbers((3, 4), 1)
    agrees(lambda t: t.reshape(2, -1), lambda t: t.reshape(2, -1), x)
    agrees(lambda t: F.reshape(t, (12,)), lambda t: t.reshape(12), x)
    agrees(lambda t: F.clip(t, -1, 1), lambda t: torch.clip(t, -1, 1), x)


def test_clip_passes_the_gradient_to_the_bound_that_holds():
    x, lower, upper = (Tensor(value, requires_grad=True) for value in ([-2, 0, 3], -1, 1))
    F.clip(x, lower, upper).backward()
    assert x.grad.data.tolist() == [0, 1, 0]
    assert (lower.grad.item(), upper.grad.item()) == (1, 1)


@pytest.mark.parametrize("function", [F.maximum, F.minimum])
def test_a_tie_shares_the_gradient(function):
    a, b = Tensor([1, 2, 3], requires_grad=True), Tensor([3, 2, 1], requires_grad=True)
    function(a, b).backward(Tensor([10, 10, 10]))
    larger = [0, 5, 10] if function is F.maximum else [10, 5, 0]
    assert a.grad.data.tolist() == larger
    assert b.grad.data.tolist() == larger[::-1]


def test_relu_at_zero_is_a_half_as_of_every_tie():
    x = Tensor([-1, 0, 2], requires_grad=True)
    F.relu(x).backward()
    assert x.grad.data.tolist() == [0, 0.5, 1]
    y = Tensor([0.0], requires_grad=True)
    F.leaky_relu(y).backward()
    assert y.grad.item() == pytest.approx(0.505)


def test_nothing_overflows_far_from_zero():
    x = np.array([-1e4, -200, 200, 1e4])
    for name in ("sigmoid", "softplus", "softmax", "log_softmax", "silu", "tanh", "gelu"):
        theirs = {**vars(torch.nn.functional), "tanh": torch.tanh}[name]
        settings_ = {"dim": -1} if "softmax" in name else {}
        mine, other = Tensor(x, requires_grad=True), torch.tensor(x, dtype=torch.float32, requires_grad=True)
        result, expected = getattr(F, name)(mine), theirs(other, **settings_)
        result.backward()
        expected.sum().backward()
        np.testing.assert_allclose(result.data, expected.detach().numpy(), atol=1e-6)
        np.testing.assert_allclose(mine.grad.data, other.grad.numpy(), atol=1e-6)


FUNCTIONS = [getattr(math_fns, name) for name in math_fns.__all__ if name not in ("Array", "Function", "unbroadcast")]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_a_function_used_by_itself_gives_a_gradient_for_every_argument_and_keeps_float32(function):
    rng = np.random.default_rng(0)
    count = 2 if function.__name__ in ("Add", "Mul", "MatMul", "Max", "Min") else 1
    settings_ = {"Slice": {"slice_obj": [0, 0]}, "Reshape": {"shape": (-1,)}}.get(function.__name__, {})
    args = [Tensor(rng.uniform(0.5, 2, (3, 3))) for _ in range(count)]
    fn = function(*args, **settings_)
    result = fn.forward()
    parts = fn.backward(np.ones(result.shape, np.float32))
    assert result.dtype == np.float32
    assert [(part.shape, part.dtype) for part in parts] == [((3, 3), np.float32)] * count


def test_a_function_without_a_body_names_itself():
    class Half(math_fns.Function):
        pass

    with pytest.raises(NotImplementedError, match="Half has no forward yet"):
        Half(Tensor(1)).forward()
    with pytest.raises(NotImplementedError, match="Half has no backward yet"):
        Half(Tensor(1)).backward(np.ones(()))


def test_an_unknown_reduction_is_named():
    with pytest.raises(ValueError, match="reduction must be mean or sum, got 'max'"):
        F.reduce(Tensor([1, 2]), reduction="max")
