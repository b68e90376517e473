"""Spectra against closed forms, and what chance gives against samples."""

import numpy as np
import pytest

from nnprobe_core.maths.spectra import circle_radius, expected_complex, marchenko_pastur, spectrum


def test_a_rotation_and_stretch_in_closed_form():
    seen = spectrum(np.array([[0.0, -2, 0], [2, 0, 0], [0, 0, 5]]))
    np.testing.assert_allclose(seen.singular_values, [5, 2, 2])
    assert sorted(np.round(seen.eigenvalues, 9).tolist(), key=lambda z: (z.real, z.imag)) == [-2j, 2j, 5]
    assert seen.complex_count == 2
    assert seen.moduli_spread == pytest.approx(3)
    assert seen.frobenius == pytest.approx(np.sqrt(33))
    assert seen.spectral == pytest.approx(5)


def test_a_rectangle_has_no_eigenvalues():
    weights = np.random.default_rng(0).normal(size=(3, 7)).astype(np.float32)
    seen = spectrum(weights)
    assert seen.eigenvalues is None
    assert np.isnan([seen.complex_count, seen.moduli_spread]).all()
    assert seen.frobenius == pytest.approx(np.linalg.norm(weights), rel=1e-6)
    assert seen.spectral == pytest.approx(np.linalg.norm(weights, 2), rel=1e-6)
    assert len(seen.singular_values) == 3


@pytest.mark.parametrize("shape", [(4, 4), (2, 5)])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_nan(shape, bad):
    weights = np.ones(shape, np.float32)
    weights[1, 0] = bad
    seen = spectrum(weights)
    assert np.isnan(seen.singular_values).all()
    assert len(seen.singular_values) == min(shape)
    assert np.isnan([seen.frobenius, seen.spectral, seen.complex_count, seen.moduli_spread]).all()
    if shape[0] == shape[1]:
        assert np.isnan(seen.eigenvalues).all()


def test_expected_complex_count():
    assert expected_complex(50) == pytest.approx(43.86, abs=0.01)
    rng = np.random.default_rng(0)
    counts = [spectrum(rng.normal(size=(20, 20))).complex_count for _ in range(400)]
    assert np.mean(counts) == pytest.approx(expected_complex(20), abs=4 * np.std(counts) / 20)


def test_the_circle_and_the_band_hold_large_random_matrices():
    rng = np.random.default_rng(1)
    sigma, out, fan_in = 0.3, 150, 300
    square = spectrum(rng.normal(scale=sigma, size=(fan_in, fan_in)))
    assert np.abs(square.eigenvalues).max() == pytest.approx(circle_radius(sigma, fan_in), rel=0.1)
    low, high = marchenko_pastur(sigma, out, fan_in)
    values = spectrum(rng.normal(scale=sigma, size=(out, fan_in))).singular_values
    assert values.min() == pytest.approx(low, rel=0.1)
    assert values.max() == pytest.approx(high, rel=0.1)
    assert marchenko_pastur(1, 9, 4) == pytest.approx((1, 5))
