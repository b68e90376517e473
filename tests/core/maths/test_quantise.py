"""16-bit coordinates against their bound: half a step."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nnprobe_core.maths.quantise import MISSING, dequantise, dequantise_axes, quantise, quantise_axes

floats = st.one_of(st.floats(-1e6, 1e6, width=32), st.sampled_from([np.nan, np.inf, -np.inf]))


@settings(max_examples=100, deadline=None)
@given(arrays(np.float32, st.tuples(st.integers(1, 20), st.integers(2, 3)), elements=floats))
def test_quantised_points_come_back_to_half_a_step(points):
    codes, span = quantise_axes(points)
    assert codes.dtype == np.uint16
    assert span.dtype == np.float32
    finite = np.isfinite(points)
    np.testing.assert_array_equal(codes == MISSING, ~finite)
    back = dequantise_axes(codes, span)
    half = (span[:, 1].astype(float) - span[:, 0]) / 65534 / 2
    error = np.abs(back.astype(float) - points)[finite]
    allowed = np.broadcast_to(half, points.shape)[finite] * 1.01 + np.abs(points[finite]) * 1e-7
    assert (error <= allowed).all()
    for axis in range(points.shape[1]):
        known = points[finite[:, axis], axis]
        assert span[axis].tolist() == ([known.min(), known.max()] if len(known) else [0, 0])


def test_quantise_takes_the_whole_range_of_float32():
    points = np.array([[-3e38, 0], [3e38, 0], [0, 0]], np.float32)
    np.testing.assert_allclose(dequantise_axes(*quantise_axes(points)), points, atol=3e38 / 60000)


def test_codes_of_a_known_range_are_those_of_the_format():
    values = np.array([[-2.0, 0, 2], [np.nan, 1, np.inf]])
    codes = quantise(values, np.float32(-2), np.float32(2))
    assert codes.tolist() == [[0, 32767, 65534], [65535, 49150, 65535]]  # 49150.5 is rounded to even
    back = dequantise(codes, -2, 2)
    np.testing.assert_allclose(back, [[-2, 0, 2], [np.nan, 1, np.nan]], atol=2 / 65534)
    assert back[0, 1] == 0  # the middle exactly
    assert quantise(np.ones((2, 2)), np.ones((2, 1)), np.ones((2, 1))).tolist() == [[0, 0], [0, 0]]
