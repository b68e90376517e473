"""Permutation tests against SciPy's and against every rearrangement written out."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from scipy import stats

from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.permutation import fisher_test, holm, sign_flip_test


def exact(x: np.ndarray, y: np.ndarray) -> float:
    pooled, n = np.concatenate([x, y]), len(x)
    least = abs(x.mean() - y.mean()) - 1e-12
    found = [
        abs(pooled[list(chosen)].mean() - np.delete(pooled, list(chosen)).mean()) >= least
        for chosen in combinations(range(len(pooled)), n)
    ]
    return float(np.mean(found))


@pytest.mark.parametrize(("n", "m", "shift"), [(5, 6, 0.8), (3, 8, 0.0), (8, 3, 1.5), (6, 6, 1.0)])
@pytest.mark.parametrize("device", ["cpu", "torch"])
def test_comes_to_the_share_of_all_permutations(n, m, shift, device, monkeypatch):
    if device == "torch":  # the way of other devices, on the one that is here
        monkeypatch.setattr("nnprobe_core.maths.permutation._sums_on_cpu", on_torch)
    rng = np.random.default_rng(n)
    x, y = rng.normal(size=n), rng.normal(size=m) + shift
    expected = exact(x, y)
    found = fisher_test(x, y, permutations=20_000, seed=1)
    assert found.p_value == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / 20_000) + 1e-4)
    assert found.difference == pytest.approx(y.mean() - x.mean())


def on_torch(*arguments):
    from nnprobe_core.maths.permutation import _sums_on_device

    return _sums_on_device(*arguments)


def test_agrees_with_scipy_on_forty_five_values():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=45), rng.normal(size=45) + 0.4
    theirs = stats.permutation_test(
        (x, y), lambda x, y, axis: np.abs(x.mean(axis) - y.mean(axis)), vectorized=True, alternative="greater",
        n_resamples=9999, rng=0,
    )  # fmt: skip
    assert fisher_test(x, y).p_value == pytest.approx(theirs.pvalue, abs=0.012)


def test_a_p_value_is_never_zero_and_ties_count():
    x = np.zeros(20)
    assert fisher_test(x, x + 1, permutations=999).p_value == 1 / 1000
    assert fisher_test(x, x).p_value == 1
    # .1 + .2 is not .3: a sum in another order must count as the same.
    assert fisher_test(np.array([0.1, 0.2, 0.3]), np.array([0.3, 0.1, 0.2])).p_value == 1


def test_the_same_seed_gives_the_same_p_value_and_no_other_generator_moves():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 30))
    np.random.seed(1)
    before = np.random.get_state()[1].copy()
    assert fisher_test(x, y, seed=5) == fisher_test(x, y, seed=5)
    assert fisher_test(x, y, seed=5) != fisher_test(x, y, seed=6)
    np.testing.assert_array_equal(before, np.random.get_state()[1])


def test_what_is_not_finite_has_no_p_value():
    assert np.isnan(fisher_test(np.array([1.0, np.nan]), np.ones(3)).p_value)


@pytest.mark.parametrize(
    ("x", "permutations", "sentence"), [([], 10, "x must be at least one"), ([1.0], 0, "permutations must be a whole")]
)
def test_what_cannot_be_tested_is_a_sentence(x, permutations, sentence):
    with pytest.raises(ConfigError, match=sentence):
        fisher_test(np.array(x), np.ones(3), permutations=permutations)


def test_sign_flips_are_all_of_them():
    rng = np.random.default_rng(4)
    differences = rng.normal(size=(9, 3)) + np.array([0, 0.5, 3])
    found = sign_flip_test(differences)
    for layer in range(3):
        signs = np.array(list(product([-1, 1], repeat=9)))
        means = np.abs((signs * differences[:, layer]).mean(axis=1))
        assert found.p_value[layer] == np.mean(means >= means[-1] - 1e-12)  # the last flips nothing
    assert found.p_value[2] == 2 / 2**9
    assert found.runs == 9


def test_sign_flips_of_many_runs_are_drawn():
    rng = np.random.default_rng(5)
    values = rng.normal(size=24) + 0.3
    theirs = stats.permutation_test(
        (values,), lambda x, axis: np.abs(x.mean(axis)), permutation_type="samples", vectorized=True,
        alternative="greater", n_resamples=20_000, rng=1,
    )  # fmt: skip
    assert sign_flip_test(values).p_value[0] == pytest.approx(theirs.pvalue, abs=0.01)


def test_of_drawn_sign_flips_none_as_large_is_not_none_at_all():
    """All of forty runs on one side: no draw of a million finds as much, and p is that of the one there is."""
    assert sign_flip_test(np.linspace(1, 2, 40)).p_value[0] == 1 / (2**20 + 1)


def test_holm_as_written_down():
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])
    np.testing.assert_allclose(holm([0.6, 0.7]), [1, 1])


def test_fewer_than_eight_runs_are_refused_and_an_unknown_layer_is_not_counted():
    with pytest.raises(ConfigError, match="at least 8 runs"):
        sign_flip_test(np.ones((7, 2)))
    values = np.ones((8, 3))
    values[0, 1] = np.nan
    found = sign_flip_test(values)
    assert np.isnan(found.adjusted[1])
    assert found.adjusted[0] == 2 * 2 / 2**8


def test_under_no_difference_few_are_called_significant():
    """Independent values: the test keeps its level."""
    rng = np.random.default_rng(6)
    called = [fisher_test(*rng.normal(size=(2, 12)), permutations=199, seed=i).p_value <= 0.05 for i in range(300)]
    assert np.mean(called) < 0.09
