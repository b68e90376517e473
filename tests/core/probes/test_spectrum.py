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


def test_each_eigenvalue_keeps_its_row():
    """Rotations whose angles cross: LAPACK's order follows no eigenvalue, the film's rows do."""
    setup = make_setup((2, 4, 4, 2))
    probe, found = SpectrumProbe(setup), []
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0]
    for step in range(40):
        a, b = 0.2 + 0.05 * step, 2.0 - 0.03 * step
        block = np.zeros((4, 4))
        for at, (angle, size) in ((0, (a, 1.0)), (2, (b, 0.6))):
            block[at : at + 2, at : at + 2] = size * np.array(
                [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
            )
        weights = [
            np.eye(4, 2, dtype=np.float32),
            (turn @ block @ turn.T).astype(np.float32),
            np.eye(2, 4, dtype=np.float32),
        ]
        arrays = probe.look(NumpyView(setup, weights, step=step), first=step == 0)
        found.append(arrays["spectrum.eig.2"])
        moved = arrays["series.eigenvalues"][:, 0]
        assert np.isnan(moved[[0, 2]]).all()
        if step:
            np.testing.assert_allclose(moved[1], (0.05 * 1 + 0.03 * 0.6) / 2, rtol=0.02)  # chords of those arcs
    modulus = np.hypot(*np.moveaxis(np.array(found), 2, 0))  # (steps, 4): a row's eigenvalue keeps its size
    np.testing.assert_allclose(modulus, np.broadcast_to(modulus[0], modulus.shape), atol=1e-5)
    assert np.abs(np.diff(found, axis=0)).max() < 0.06
    # What is carried is what a run that is continued needs.
    other = SpectrumProbe(setup)
    other.restore(probe.state())
    again = NumpyView(setup, weights, step=step)
    np.testing.assert_array_equal(
        other.look(again, first=False)["spectrum.eig.2"], probe.look(again, first=False)["spectrum.eig.2"]
    )
