"""The one encoder: what goes in comes out, equal frames give equal bytes, and a torn film stays readable."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from safetensors.numpy import load, save

from nnprobe_core.errors import FilmError
from nnprobe_core.frame import CHECKPOINTS, FILM, Frame, decode, encode, header, pack, unpack

DTYPES = ("float32", "float64", "uint8", "uint16", "int32", "int64", "bool")
arrays = st.dictionaries(
    st.text("abc.1_", min_size=1, max_size=8),
    st.sampled_from(DTYPES).flatmap(
        lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
    ),
    max_size=4,
)
frames = st.builds(
    Frame,
    step=st.integers(0, 10**6),
    arrays=arrays,
    extra=st.booleans(),
    header=st.dictionaries(st.sampled_from(["lr", "config"]), st.floats(0, 1) | st.text(max_size=5)),
)


def assert_same(one: Frame, other: Frame) -> None:
    assert (one.step, one.extra, one.track, dict(one.header)) == (other.step, other.extra, other.track, other.header)
    assert set(one.arrays) == set(other.arrays)
    for name, value in one.arrays.items():
        assert value.dtype == other.arrays[name].dtype
        assert value.shape == other.arrays[name].shape
        np.testing.assert_array_equal(value, other.arrays[name])


@given(frames)
def test_round_trip(frame):
    data = encode(frame)
    assert_same(frame, decode(data))
    assert header(data) == {**frame.header, "step": frame.step, "extra": frame.extra}


@given(frames)
def test_equal_frames_give_equal_bytes_in_whatever_order_they_were_made(frame):
    other = Frame(
        step=np.int64(frame.step),
        arrays={name: np.copy(frame.arrays[name]) for name in sorted(frame.arrays, reverse=True)},
        extra=np.bool_(frame.extra),
        header=dict(reversed(frame.header.items())),
    )
    assert encode(other) == encode(frame) == encode(decode(encode(frame)))


def test_a_frame_is_plain_safetensors_with_one_metadata_key():
    data = encode(Frame(3, {"a": np.arange(4, dtype=np.uint16)}, header={"lr": 0.5}))
    np.testing.assert_array_equal(load(data)["a"], np.arange(4))
    (size,) = struct.unpack_from("<Q", data)
    metadata = json.loads(data[8 : 8 + size])["__metadata__"]
    assert list(metadata) == ["frame"]
    assert json.loads(metadata["frame"]) == {"extra": False, "lr": 0.5, "step": 3}


def test_the_track_is_not_in_the_bytes():
    values = {"a": np.zeros(1)}
    assert encode(Frame(0, values, track=CHECKPOINTS)) == encode(Frame(0, values, track=FILM))
    assert decode(encode(Frame(0, values)), track=CHECKPOINTS).track == CHECKPOINTS


@pytest.mark.parametrize(
    "view",
    [
        np.arange(12.0).reshape(3, 4).T,
        np.arange(24, dtype=np.int32).reshape(2, 3, 4).transpose(2, 0, 1),
        np.arange(12, dtype=np.float32)[::3],
        np.arange(6, dtype=np.uint8)[::-1],
        np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        np.broadcast_to(np.float32(2), (3, 2)),
        np.arange(6, dtype=">f4").reshape(2, 3),
    ],
    ids=["transposed", "transposed 3-d", "strided", "reversed", "Fortran order", "broadcast", "big-endian"],
)
def test_values_survive_whatever_the_memory_order(view):
    back = decode(encode(Frame(0, {"a": view}))).arrays["a"]
    np.testing.assert_array_equal(back, view)
    assert back.shape == view.shape


def test_nan_and_infinity_survive():
    values = np.array([np.nan, np.inf, -np.inf, -0.0], dtype=np.float32)
    back = decode(encode(Frame(0, {"a": values}))).arrays["a"]
    assert back.tobytes() == values.tobytes()


@pytest.mark.parametrize("value", [np.float32(1), np.int64(1), 1.0, [1.0], None])
def test_what_is_no_array_is_refused_by_name(value):
    with pytest.raises(FilmError, match=rf"array series\.loss must be a numpy\.ndarray, got {type(value).__name__}\."):
        encode(Frame(0, {"series.loss": value}))


@pytest.mark.parametrize("dtype", ["float16", "complex64", "uint32", "U3", "object"])
def test_other_dtypes_are_refused_by_name(dtype):
    with pytest.raises(FilmError, match=r"array a must have a dtype of \['bool', .*\], got "):
        encode(Frame(0, {"a": np.zeros(2, dtype=dtype)}))


GOOD = encode(Frame(1, {"a": np.arange(6.0), "b": np.ones((2, 2), dtype=np.uint8)}))
NOT_A_FRAME = [
    b"",
    b"short",
    b"\xff" * 64,
    GOOD[:-1],
    GOOD + b"x",
    save({"a": np.zeros(2)}),
    save({"a": np.zeros(2)}, metadata={"frame": "[]"}),
    save({"a": np.zeros(2)}, metadata={"frame": '{"step": 1}'}),
    save({"a": np.zeros(2)}, metadata={"frame": '{"step": "1", "extra": false}'}),
    save({"a": np.zeros(2)}, metadata={"frame": '{"step": 1, "extra": 0}'}),
    save({"a": np.zeros(2)}, metadata={"frame": "[" * 100_000}),
    save({"a": np.zeros(2)}, metadata={"frame": "no JSON"}),
]


@pytest.mark.parametrize("data", NOT_A_FRAME, ids=range(len(NOT_A_FRAME)))
def test_what_is_no_frame_is_refused_with_a_sentence(data):
    with pytest.raises(FilmError, match=r"^a frame.* must .*, got "):
        decode(data)


@given(st.binary(max_size=80) | st.tuples(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=3)))
def test_damaged_bytes_decode_or_raise_filmerror(damage):
    if isinstance(damage, tuple):
        at, patch = damage
        damage = GOOD[:at] + patch + GOOD[at + len(patch) :]
    try:
        frame = decode(damage)
    except FilmError:
        return
    assert encode(frame)


films = st.lists(st.binary(max_size=40), max_size=5)


@given(films)
def test_a_film_gives_back_its_frames(parts):
    film = pack(parts)
    assert list(unpack(film)) == parts
    assert len(film) % 8 == 0
    assert pack(parts[:2]) + pack(parts[2:]) == film  # appending is packing


@given(films.filter(bool), st.data())
def test_a_torn_film_is_readable_up_to_its_last_whole_frame(parts, data):
    film = pack(parts)
    cut = data.draw(st.integers(8 + len(parts[0]), len(film)))
    whole = list(unpack(film[:cut]))
    assert whole == parts[: len(whole)]
    lost = parts[len(whole) :]
    assert not lost or len(pack(whole)) + 8 + len(lost[0]) > cut


@pytest.mark.parametrize("film", [b"abc", pack([b"x" * 20])[:20], b"PK\x03\x04" * 10])
def test_what_does_not_begin_with_a_whole_frame_is_no_film(film):
    with pytest.raises(FilmError, match=r"^a film must begin with a whole frame, got \d+ bytes\.$"):
        list(unpack(film))


def test_an_empty_film_has_no_frames():
    assert list(unpack(b"")) == []
    assert pack([]) == b""
