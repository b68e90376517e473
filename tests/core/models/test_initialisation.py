"""Initialisations: bounds, spreads, seeds, gain."""

import math

import pytest
import torch

from nnprobe_core.models.initialisation import draw
from nnprobe_core.registry import INITIALISATIONS, load

WIDTHS = (200, 300, 100)
#: Standard deviation of a weight from 300 units to 100.
SIGMA = {
    "torch": 1 / math.sqrt(3 * 300),
    "xavier": math.sqrt(2 / 400),
    "he": math.sqrt(2 / 300),
    "small": 0.1 / math.sqrt(3 * 300),
    "large": 3 / math.sqrt(3 * 300),
    "siren": math.sqrt(2 / 300),
}


def scheme(name):
    return load(INITIALISATIONS, name, "init")


@pytest.mark.parametrize("name", INITIALISATIONS)
def test_spread_is_what_it_says_and_what_is_drawn(name):
    layers, sigmas = draw(scheme(name), WIDTHS, seed=1)
    assert sigmas[1] == pytest.approx(SIGMA[name])
    for (weight, bias), sigma, (fan_in, fan_out) in zip(layers, sigmas, ((200, 300), (300, 100)), strict=True):
        assert weight.shape == (fan_out, fan_in)
        assert bias.shape == (fan_out,)
        assert float(weight.std()) == pytest.approx(sigma, rel=0.02)
        assert abs(float(weight.mean())) < 5 * sigma / math.sqrt(weight.numel())


@pytest.mark.parametrize("name", INITIALISATIONS)
def test_seed_and_gain(name):
    first, sigmas = draw(scheme(name), WIDTHS, seed=7)
    again, _ = draw(scheme(name), WIDTHS, seed=7)
    other, _ = draw(scheme(name), WIDTHS, seed=8)
    doubled, double_sigmas = draw(scheme(name), WIDTHS, seed=7, gain=2)
    for (weight, bias), (weight2, bias2), (weight3, _), (weight4, bias4) in zip(
        first, again, other, doubled, strict=True
    ):
        assert torch.equal(weight, weight2)
        assert torch.equal(bias, bias2)
        assert not torch.equal(weight, weight3)
        assert torch.equal(2 * weight, weight4)
        assert torch.equal(2 * bias, bias4)
    assert double_sigmas == tuple(2 * sigma for sigma in sigmas)


def test_the_default_has_the_bounds_of_linear():
    layers, _ = draw(scheme("torch"), WIDTHS, seed=0)
    linear = torch.nn.Linear(200, 300)
    for ours, theirs in zip(layers[0], (linear.weight, linear.bias), strict=True):
        bound = 1 / math.sqrt(200)
        assert float(ours.abs().max()) <= bound
        assert float(ours.abs().max()) == pytest.approx(float(theirs.detach().abs().max()), rel=0.02)


def test_siren_has_a_first_layer_of_its_own():
    layers, sigmas = draw(scheme("siren"), (2, 64, 64, 2), seed=0)
    assert sigmas[0] == pytest.approx(10 / math.sqrt(3))
    assert 9 < float(layers[0][0].abs().max()) <= 10
    assert 13 < float(layers[0][1].abs().max()) <= 20 / math.sqrt(2)
    assert float(layers[1][0].abs().max()) <= math.sqrt(6 / 64)


def test_no_global_generator_is_touched():
    before = torch.get_rng_state()
    draw(scheme("he"), WIDTHS, seed=3)
    assert torch.equal(before, torch.get_rng_state())
