"""Activations by hand against autograd: values and derivatives, in NumPy and in torch, also at awkward points."""

import numpy as np
import pytest
import torch

from nnprobe_core.models.ops import NUMPY, TORCH
from nnprobe_core.registry import ACTIVATIONS, load

Z = np.concatenate([np.linspace(-30, 30, 121), [0.0, 1e-30, -1e-30, 88.0, -88.0]])[None]


def by_hand(function, ops, z):
    """f(z) and f′(z) as the kernel computes them."""
    kept = z if function.in_place else z + 0
    h = kept if function.in_place else z * 0
    aux, scratch, delta = z * 0, z * 0, z * 0 + 1
    function.forward(ops, kept, h, aux)
    value = h + 0
    function.backward(ops, delta, kept, h, aux, scratch)
    return value, delta


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_and_derivatives_are_torchs(name, dtype):
    function = load(ACTIVATIONS, name, "activation")
    x = torch.from_numpy(Z).to(dtype).requires_grad_()
    expected = function.reference(x)
    (slope,) = torch.autograd.grad(expected.sum(), x)
    numbers = x.detach().numpy().copy()
    tolerance = {"rtol": 2e-6, "atol": 2e-6} if dtype == torch.float32 else {"rtol": 1e-12, "atol": 1e-12}
    value, derivative = by_hand(function, NUMPY, numbers)
    torch.testing.assert_close(torch.from_numpy(value), expected.detach(), **tolerance)
    torch.testing.assert_close(torch.from_numpy(derivative), slope, **tolerance)
    value, derivative = by_hand(function, TORCH, x.detach().clone()[None])
    torch.testing.assert_close(value[0], expected.detach(), **tolerance)
    torch.testing.assert_close(derivative[0], slope, **tolerance)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_it_is_named_as_it_is_registered_and_passes_nan_on(name):
    function = load(ACTIVATIONS, name, "activation")
    assert function.name == name
    value, _ = by_hand(function, NUMPY, np.array([[np.nan, 1.0]]))
    assert np.isnan(value[0, 0])
    assert np.isfinite(value[0, 1])
