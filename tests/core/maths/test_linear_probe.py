"""The linear probe against scikit-learn's discriminant analysis and leave-one-out done the long way."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.linear_probe import RIDGES, _chance, _choose_ridge, _predict, linear_probe
from nnprobe_core.maths.wilson import wilson


def blobs(rng, counts, centres, scale=1.0):
    labels = np.repeat(np.arange(len(counts)), counts)
    return np.asarray(centres, float)[labels] + rng.normal(scale=scale, size=(len(labels), 2)), labels


def test_agrees_with_lda_of_equal_priors():
    rng = np.random.default_rng(0)
    centres = [[0, 0], [1.5, 0.5], [0, 2]]
    x, y = blobs(rng, [300, 100, 40], centres)
    x_test, y_test = blobs(rng, [500, 500, 500], centres)
    lda = LinearDiscriminantAnalysis(priors=[1 / 3] * 3).fit(x, y)
    probe = linear_probe(x, y, x_test, y_test)
    assert probe.accuracy == pytest.approx(lda.score(x_test, y_test), abs=0.03)
    assert probe.low < probe.accuracy < probe.high
    assert probe.baseline == pytest.approx(1 / 3, abs=1e-12)


def test_three_collinear_blobs_mask_none():
    rng = np.random.default_rng(1)
    x, y = blobs(rng, [100] * 3, [[0, 0], [5, 5], [10, 10]], 0.5)
    assert linear_probe(x, y, x, y).accuracy == 1


def test_a_small_class_is_not_forgotten():
    rng = np.random.default_rng(2)
    x, y = blobs(rng, [950, 50], [[0, 0], [2.5, 0]])
    x_test, y_test = blobs(rng, [10, 990], [[0, 0], [2.5, 0]])
    assert linear_probe(x, y, x_test, y_test).accuracy > 0.8


def test_random_labels_read_at_chance():
    rng = np.random.default_rng(3)
    x, x_test = rng.normal(size=(300, 256)), rng.normal(size=(1000, 256))
    probe = linear_probe(x, rng.integers(0, 2, 300), x_test, rng.integers(0, 2, 1000))
    assert probe.accuracy == pytest.approx(0.5, abs=0.06)
    assert probe.baseline == pytest.approx(0.5, abs=1e-12)
    assert 0.4 < probe.baseline_low < 0.5 < probe.baseline_high < 0.6


def clustered(rng, classes, n):
    """A layer that has drawn each class into one point, nearly."""
    y = np.arange(n) % classes
    return 3 * np.eye(classes)[y] + rng.normal(scale=1e-3, size=(n, classes)), y


@pytest.mark.parametrize("classes", [2, 5])
def test_the_baseline_is_chance_however_the_layer_clusters(classes):
    """Unpaired shuffles of such a layer get nearly none or nearly all of two classes right, by the toss of a coin."""
    rng = np.random.default_rng(6)
    for seed in range(5):
        (x, y), (x_test, y_test) = clustered(rng, classes, 200), clustered(rng, classes, 300)
        probe = linear_probe(x, y, x_test, y_test, seed=seed)
        assert probe.accuracy == 1
        assert probe.baseline == pytest.approx(1 / classes, abs=1e-12)
        assert probe.baseline_low < 0.02
        assert probe.baseline_high > (0.98 if classes == 2 else 0.35)


@pytest.mark.parametrize("clusters", [False, True])
def test_the_interval_holds_95_percent_of_single_shuffles(clusters):
    rng = np.random.default_rng(7)
    (x, y), (x_test, y_test) = clustered(rng, 2, 120), clustered(rng, 2, 200)
    if not clusters:
        x, x_test = rng.normal(size=(120, 4)), rng.normal(size=(200, 4))
    lda = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=1e-3, priors=[0.5, 0.5])
    single = np.array([lda.fit(x, rng.permutation(y)).score(x_test, y_test) for _ in range(300)])
    found = [linear_probe(x, y, x_test, y_test, seed=seed) for seed in range(8)]
    share = np.mean([np.mean((single >= each.baseline_low) & (single <= each.baseline_high)) for each in found])
    assert 0.88 < share < (1.01 if clusters else 0.995)
    assert single.std() > (0.3 if clusters else 0.02)


def test_a_relabelled_twin_is_a_fit_to_the_relabelled_shuffle():
    rng = np.random.default_rng(8)
    x, y = blobs(rng, [40, 50, 60], [[0, 0], [1, 0], [0, 2]])
    x_test, y_test = blobs(rng, [30, 30, 30], [[0, 0], [1, 0], [0, 2]])
    shuffle = rng.permutation(y)
    predicted = _predict(x, np.eye(3)[shuffle][None], x_test, 0.01)
    twins = _chance(predicted, np.arange(3), y_test)[:, 0]
    for shift in range(3):
        (refitted,) = _predict(x, np.eye(3)[(shuffle + shift) % 3][None], x_test, 0.01)
        assert twins[shift] == (refitted == y_test).mean()
    assert twins.sum() == pytest.approx(1)


def test_rings_are_not_linear_but_their_radius_is():
    rng = np.random.default_rng(4)
    angle, y = rng.uniform(0, 2 * np.pi, 400), np.arange(400) % 2
    x = (1 + y)[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    assert linear_probe(x[:200], y[:200], x[200:], y[200:]).accuracy < 0.7
    lifted = np.concatenate([x, np.square(x).sum(1, keepdims=True)], 1)
    assert linear_probe(lifted[:200], y[:200], lifted[200:], y[200:]).accuracy == 1


@pytest.mark.parametrize(("n", "d", "k"), [(24, 3, 2), (30, 8, 3), (21, 25, 2)])
def test_the_ridge_is_that_of_leave_one_out_done_the_long_way(n, d, k):
    rng = np.random.default_rng(n)
    y = np.arange(n) % k
    x = rng.normal(size=(n, d)) + 0.8 * np.eye(k, d)[y]
    scores = []
    for ridge in RIDGES:
        right = np.zeros(n, bool)
        for i in range(n):
            rest = np.arange(n) != i
            means = np.stack([x[rest & (y == c)].mean(axis=0) for c in range(k)])
            away = x[rest] - means[y[rest]]
            covariance = away.T @ away / (n - 1 - k) + ridge * np.eye(d)
            gaps = x[i] - means
            right[i] = np.einsum("kd,kd->k", gaps, np.linalg.solve(covariance, gaps.T).T).argmin() == y[i]
        scores.append(np.mean([right[y == c].mean() for c in range(k)]))
    best = max(scores)
    assert _choose_ridge(x, y, k) == max(r for r, s in zip(RIDGES, scores, strict=True) if s >= best - 1e-9)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e30])
def test_neither_scale_nor_place_matters(scale):
    rng = np.random.default_rng(5)
    x, y = blobs(rng, [100, 100], [[0, 0], [1, 0]])
    plain = linear_probe(x[::2], y[::2], x[1::2], y[1::2])
    moved = linear_probe(x[::2] * scale + scale, y[::2], x[1::2] * scale + scale, y[1::2])
    assert moved == plain


def test_constant_features_and_collapsed_layers():
    y = np.arange(20) % 2
    flat = np.ones((20, 3), np.float32)
    assert linear_probe(flat, y, flat, y).accuracy == 0.5
    lone = np.concatenate([flat, y[:, None]], 1)
    assert linear_probe(lone, y, lone, y).accuracy == 1


def test_classes_of_one_point_and_of_none():
    x = np.array([[0.0, 0], [1, 1], [5, 5]])
    probe = linear_probe(x, np.array([0, 1, 2]), x, np.array([0, 1, 3]))
    assert probe.accuracy == pytest.approx(2 / 3)


def test_not_finite_is_nan_and_one_class_is_refused():
    x, y = np.full((6, 2), np.nan), np.arange(6) % 2
    assert np.isnan(linear_probe(x, y, x, y).accuracy)
    with pytest.raises(ConfigError, match="y must be of two classes or more"):
        linear_probe(np.zeros((6, 2)), np.zeros(6, int), np.zeros((6, 2)), y)
    with pytest.raises(ConfigError, match="y must be one label per point"):
        linear_probe(np.zeros((6, 2)), y[:5], np.zeros((6, 2)), y)
    with pytest.raises(ConfigError, match="x_test must be points of 2 dimensions"):
        linear_probe(np.zeros((6, 2)), y, np.zeros((6, 3)), y)


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (20, 20), (7, 31), (990, 1000)])
def test_wilson_as_scipy(successes, trials):
    theirs = binomtest(successes, trials).proportion_ci(0.95, "wilson")
    assert wilson(successes, trials) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_wilson_at_its_bounds():
    assert wilson(0, 0) == (0, 1)
    with pytest.raises(ConfigError, match="successes must be from 0 to trials"):
        wilson(3, 2)
