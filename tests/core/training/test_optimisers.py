"""Every optimiser against the public class of torch, on one flat vector; and its state."""

import pytest
import torch

from nnprobe_core.registry import OPTIMISERS, load

PUBLIC = {
    "sgd": lambda p: torch.optim.SGD([p], weight_decay=0.01),
    "momentum": lambda p: torch.optim.SGD([p], momentum=0.7, weight_decay=0.01),
    "adam": lambda p: torch.optim.Adam([p], weight_decay=0.01),
    "adamw": lambda p: torch.optim.AdamW([p], weight_decay=0.01),
    "rmsprop": lambda p: torch.optim.RMSprop([p], weight_decay=0.01),
}


def make(name, parameters, gradient):
    return load(OPTIMISERS, name, "optimiser")(parameters, gradient, momentum=0.7, weight_decay=0.01)


def gradients(count, dtype):
    return torch.randn(count, 1, 37, generator=torch.Generator().manual_seed(0), dtype=dtype)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", OPTIMISERS)
def test_it_is_the_public_class_also_when_the_rate_changes(name, dtype):
    start = torch.linspace(-1, 1, 37, dtype=dtype)[None]
    ours, gradient, theirs = start.clone(), torch.zeros_like(start), start.clone().requires_grad_()
    optimiser, public = make(name, ours, gradient), PUBLIC[name](theirs)
    for index, value in enumerate(gradients(50, dtype)):
        rate = 0.01 if index < 25 else 0.002
        gradient.copy_(value)
        theirs.grad = value.clone()
        public.param_groups[0]["lr"] = rate
        optimiser.step(rate)
        public.step()
    tolerance = 1e-6 if dtype == torch.float32 else 1e-12
    torch.testing.assert_close(ours, theirs.detach(), rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("done", [0, 7])
def test_a_restored_state_goes_on_with_the_same_bits(name, done):
    values = gradients(20, torch.float32)
    one, gradient = torch.ones(1, 37), torch.zeros(1, 37)
    optimiser = make(name, one, gradient)
    for value in values[:done]:
        gradient.copy_(value)
        optimiser.step(0.01)
    two, other_gradient = one.clone(), torch.zeros(1, 37)
    other = make(name, two, other_gradient)
    other.restore(optimiser.state())
    for value in values[done:]:
        gradient.copy_(value)
        other_gradient.copy_(value)
        optimiser.step(0.01)
        other.step(0.01)
    assert torch.equal(one, two)


def test_momentum_of_zero_is_plain_descent():
    results = []
    for name, rate in (("momentum", 0.0), ("sgd", 0.9)):
        parameters, gradient = torch.ones(1, 37), torch.full((1, 37), 0.5)
        optimiser = load(OPTIMISERS, name, "optimiser")(parameters, gradient, momentum=rate, weight_decay=0)
        for _ in range(3):
            optimiser.step(0.1)
        results.append(parameters)
    assert torch.equal(*results)
