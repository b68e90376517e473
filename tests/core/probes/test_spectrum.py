"""The spectrum's columns against NumPy."""

import numpy as np
from numpy_view import NumpyView, diverged, make_setup

from nnprobe_core.probes.spectrum import SpectrumProbe


def test_columns_against_numpy():
    setup = make_setup((2, 6, 6, 3))
    view = NumpyView(setup)
    arrays = SpectrumProbe(setup).look(view, first=True)
    for index, weights in enumerate(view.weights, 1):
        np.testing.assert_allclose(
            arrays[f"spectrum.sv.{index}"], np.linalg.svd(weights.astype(float), compute_uv=False), rtol=1e-5
        )
        row = arrays["series.spectrum"][index - 1]
        np.testing.assert_allclose(row[:2], [np.linalg.norm(weights), np.linalg.norm(weights, 2)], rtol=1e-5)
        fan_in = weights.shape[1]
        np.testing.assert_allclose(row[4], weights.std() * np.sqrt(fan_in), rtol=1e-5)
        np.testing.assert_allclose(row[5], 1 / np.sqrt(3), rtol=1e-5)  # sigma is 1/sqrt(3 fan_in)
    assert "spectrum.eig.1" not in arrays
    values = np.linalg.eigvals(view.weights[1].astype(float))
    pairs = arrays["spectrum.eig.2"]
    np.testing.assert_allclose(np.sort(np.hypot(*pairs.T)), np.sort(np.abs(values)), rtol=1e-4)
    assert arrays["series.spectrum"][1, 2] == np.count_nonzero(np.abs(values.imag) > 1e-12)
    assert np.isnan(arrays["series.spectrum"][[0, 2], 2:4]).all()


def test_a_diverged_network_has_none_but_where_it_began():
    setup = make_setup((2, 4, 4, 2))
    arrays = SpectrumProbe(setup).look(diverged(setup), first=False)
    assert np.isnan(arrays["series.spectrum"][:, :5]).all()
    assert np.isfinite(arrays["series.spectrum"][:, 5]).all()
    assert np.isnan(arrays["spectrum.eig.2"]).all()
