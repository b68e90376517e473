"""The films that ship: finished ones, whose maps are the settled ones."""

from __future__ import annotations

import numpy as np

from app.make_films import finished_film
from nnprobe_core.config import RunConfig
from nnprobe_core.frame import FILM, SETTLED, decode, unpack
from nnprobe_core.training.trainer import train

CONFIG = RunConfig.from_mapping({"steps": 20, "frames": 10, "n_train": 20, "n_test": 10, "hidden": "5-5"})


def test_a_finished_film_has_every_frame_with_its_settled_maps():
    by_track: dict[str, list] = {FILM: [], SETTLED: []}
    for frame in train(CONFIG):
        by_track.setdefault(frame.track, []).append(frame)
    frames = [decode(data) for data in unpack(finished_film(CONFIG))]
    assert [frame.step for frame in frames] == [frame.step for frame in by_track[FILM]]
    for frame, live, settled in zip(frames, by_track[FILM], by_track[SETTLED], strict=True):
        assert set(frame.arrays) == set(live.arrays)
        for name, array in frame.arrays.items():
            expected = settled.arrays if name in settled.arrays else live.arrays
            np.testing.assert_array_equal(array, expected[name])
    assert frames[0].header["config"] == CONFIG.to_mapping()
