"""Frames packed as differences: what comes out has the bytes that went in, whatever the arrays are."""

from __future__ import annotations

import gzip
import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from app.store.shipped import ShippedFilms, films_folder
from nnprobe_core.differences import pack_differences, unpack_differences
from nnprobe_core.errors import FilmError
from nnprobe_core.frame import Frame, encode, pack

DTYPES = ("float32", "float64", "uint8", "uint16", "int32", "int64", "bool")


def same_bytes(frames: list[bytes]) -> None:
    """Not an ``assert a == b``: pytest would spend minutes on the difference of two films."""
    back = unpack_differences(pack_differences(frames))
    assert len(back) == len(frames)
    assert [place for place, (old, new) in enumerate(zip(frames, back, strict=True)) if old != new] == []


@pytest.mark.parametrize("run", ["preset-default", "preset-non-finite", "preset-sweep-rate", "preset-attack-digits"])
def test_films_of_every_kind_come_out_as_they_were(run):
    log = ShippedFilms(films_folder()).open(run)
    same_bytes(log.range(run, 0, 40))
    same_bytes(log.range(run, log.last(run) - 40, log.last(run) + 1))


@given(st.data())
def test_any_arrays_of_any_shape_come_out_as_they_were(data):
    shapes = nps.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
    kinds = data.draw(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(DTYPES), shapes), max_size=4))
    frames = []
    for step in range(data.draw(st.integers(1, 4))):
        # A name may be absent from a frame, and may change its type and shape from one to the next.
        held = {name: data.draw(nps.arrays(d, shape)) for name, d, shape in kinds if data.draw(st.booleans())}
        frames.append(encode(Frame(step, held, extra=step == 2, header={"lr": 0.5} if step == 1 else {})))
    same_bytes(frames)


def test_an_extreme_change_wraps_around():
    values = [np.array([0, 65535, 1, 32768], np.uint16), np.array([65535, 0, 32769, 0], np.uint16)]
    same_bytes([encode(Frame(step, {"map.1": value})) for step, value in enumerate(values)])


def test_a_pack_is_what_is_written_down_of_it():
    """Byte for byte, by hand: pages decode it too, and packs are kept."""
    first, second = np.array([1, 0, 300, 7], np.uint16), np.array([0, 2, 299, 7], np.uint16)
    wide = np.array([2**32 + 5], np.int64)  # two words of four bytes
    pack = pack_differences([encode(Frame(0, {"a": first})), encode(Frame(5, {"a": second, "b": wide}, extra=True))])
    (size,) = struct.unpack("<Q", pack[:8])
    assert json.loads(pack[8 : 8 + size]) == {
        "frames": [{"step": 0, "extra": False}, {"step": 5, "extra": True}],
        "groups": [["a", "uint16", [4], [0, 1]], ["b", "int64", [1], [1]]],
    }
    # 1, 0, 300, 7 from 0, and then −1, +2, −1, 0; zigzagged, and their low bytes before their high ones
    words = [2, 0, 600, 14, 1, 4, 1, 0]
    of_a = bytes(word % 256 for word in words) + bytes(word // 256 for word in words)
    assert pack[8 + size :] == of_a + bytes([10, 2, 0, 0, 0, 0, 0, 0])


def test_bytes_that_are_no_pack_are_a_sentence():
    whole = pack_differences([encode(Frame(0, {"a": np.arange(9, dtype=np.int32)}))])
    for data in (b"", b"abc", whole[:-1], whole + b"x", b"\xff" * 40):
        with pytest.raises(FilmError, match="must be whole"):
            unpack_differences(data)


def test_a_film_takes_less_than_half_of_what_a_compressor_alone_makes_of_it():
    frames = ShippedFilms(films_folder()).open("preset-default").range("preset-default", 96, 192)
    assert len(gzip.compress(pack_differences(frames), 6)) < 0.5 * len(gzip.compress(pack(frames), 6))
