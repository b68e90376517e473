"""Softmax and cross-entropy against SciPy's and scikit-learn's."""

import numpy as np
import pytest
from scipy import special
from sklearn.metrics import log_loss

from nnprobe_core.maths.softmax import (
    confidence,
    cross_entropy,
    cross_entropy_gradient,
    log_sum_exp,
    shifted,
    softmax,
)

SIZES = [1.0, 30.0, 800.0]  # beyond 709, exp would overflow


def logits(size, shape=(40, 3)):
    return np.random.default_rng(1).normal(size=shape) * size


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_probabilities_and_their_sum_are_scipys(size, axis):
    z = logits(size)
    np.testing.assert_allclose(softmax(z), special.softmax(z, axis=1), rtol=1e-12)
    np.testing.assert_allclose(log_sum_exp(z, axis), special.logsumexp(z, axis=axis), rtol=1e-12)
    np.testing.assert_allclose(special.softmax(shifted(z, axis), axis=axis), special.softmax(z, axis=axis), rtol=1e-12)


@pytest.mark.parametrize("axis", [0, 1])
def test_the_cross_entropy_is_scikit_learns(axis):
    z, y = logits(2.0), np.random.default_rng(2).integers(3, size=40)
    each = cross_entropy(z if axis == 1 else z.T, y, axis)
    assert each.shape == (40,)
    assert each.mean() == pytest.approx(log_loss(y, special.softmax(z, axis=1)))


def test_of_many_networks_each_has_its_own():
    z, y = logits(3.0, (4, 3, 40)), np.random.default_rng(2).integers(3, size=(4, 40))
    many = cross_entropy(z, y, axis=1)
    for one, labels, found in zip(z, y, many, strict=True):
        np.testing.assert_allclose(found, -special.log_softmax(one, axis=0)[labels, np.arange(40)], rtol=1e-12)


def test_shifted_logits_keep_a_sure_networks_loss_in_float32():
    z = np.array([[100.0, 91.0]], np.float32)
    expected = np.log1p(np.exp(-9.0))
    assert cross_entropy(shifted(z), [0])[0] == pytest.approx(expected, rel=1e-3)
    assert cross_entropy(z, [0])[0] != pytest.approx(expected, rel=1e-2)  # 100.0001 is 100 in float32


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_confidence_is_the_winners_probability_in_255ths(dtype):
    z = logits(3.0).astype(dtype)
    winner, sure = confidence(z)
    expected = special.softmax(z.astype(float), axis=1)
    assert winner.dtype == sure.dtype == np.uint8
    np.testing.assert_array_equal(winner, z.argmax(axis=1))
    assert np.abs(sure - 255 * expected.max(axis=1)).max() <= 0.5 + 1e-4
    for ours, theirs in zip(confidence(z.T, axis=0), (winner, sure), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_what_is_not_finite_has_class_and_confidence_0_and_the_others_theirs():
    z = logits(3.0, (5, 3))
    expected = confidence(z)
    z[1, 2], z[3, 0] = np.nan, np.inf
    winner, sure = confidence(z)
    assert winner[[1, 3]].tolist() == sure[[1, 3]].tolist() == [0, 0]
    for ours, theirs in zip((winner, sure), expected, strict=True):
        np.testing.assert_array_equal(ours[[0, 2, 4]], theirs[[0, 2, 4]])
    assert np.isnan(softmax(z)[[1, 3]]).any(axis=1).all()


def test_the_gradient_is_the_losss_slope_also_of_a_sure_network():
    z, y, h = logits(2.0, (6, 3)), np.array([0, 1, 2, 0, 1, 2]), 1e-6
    slopes = np.empty_like(z)
    for k in range(3):
        step = h * (np.arange(3) == k)
        slopes[:, k] = (cross_entropy(z + step, y) - cross_entropy(z - step, y)) / (2 * h)
    np.testing.assert_allclose(cross_entropy_gradient(z, y), slopes, atol=1e-8)
    sure = cross_entropy_gradient(np.array([[50.0, 0.0]]), [0])
    np.testing.assert_allclose(sure, [[-np.exp(-50.0), np.exp(-50.0)]], rtol=1e-12)
