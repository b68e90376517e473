"""The films that ship: finished ones, whose maps are the settled ones."""

from __future__ import annotations

import numpy as np

from app.make_films import all_frames, film_of_study, finished_film, thinned_weights, write
from app.pages import PAGES
from app.store.shipped import SUFFIX, ShippedFilms, films_folder
from app.store.weights import weights_at
from nnprobe_core.config import RunConfig
from nnprobe_core.frame import CHECKPOINTS, FILM, SETTLED, decode, header, unpack
from nnprobe_core.kinds import config_from_mapping
from nnprobe_core.sweeps.config import SweepConfig
from nnprobe_core.sweeps.results import SweepResults
from nnprobe_core.weights import weights_over_time

CONFIG = RunConfig.from_mapping({"steps": 20, "frames": 10, "n_train": 20, "n_test": 10, "hidden": "5-5"})


def test_a_finished_film_has_every_frame_with_its_settled_maps():
    by_track: dict[str, list] = {FILM: [], SETTLED: []}
    made = all_frames(CONFIG)
    for frame in made:
        by_track.setdefault(frame.track, []).append(frame)
    frames = [decode(data) for data in unpack(finished_film(made))]
    assert [frame.step for frame in frames] == [frame.step for frame in by_track[FILM]]
    for frame, live, settled in zip(frames, by_track[FILM], by_track[SETTLED], strict=True):
        assert set(frame.arrays) == set(live.arrays)
        for name, array in frame.arrays.items():
            expected = settled.arrays if name in settled.arrays else live.arrays
            np.testing.assert_array_equal(array, expected[name])
    assert frames[0].header["config"] == CONFIG.to_mapping()


def test_the_weights_of_every_tenth_frame_and_the_last_ship_with_it(tmp_path):
    config = RunConfig.from_mapping({"steps": 40, "frames": 36, "n_train": 20, "n_test": 10, "hidden": "5-5"})
    frames = all_frames(config)
    write(tmp_path / "tiny.film.xz", finished_film(frames))
    write(tmp_path / "tiny.weights.xz", thinned_weights(frames))
    log = ShippedFilms(tmp_path).open("preset-tiny")
    whole = weights_over_time(frame for frame in frames if frame.track == CHECKPOINTS)
    for seq, shipped in ((0, 0), (9, 0), (10, 10), (25, 20), (34, 30), (35, 35), (99, 35)):
        found = weights_at(log, "preset-tiny", seq)
        assert (found.seq, found.step, found.config) == (shipped, whole["step"][shipped], config)
        arrays = found.frame().arrays
        assert set(arrays) == set(whole) - {"step"}
        for name, array in arrays.items():
            np.testing.assert_array_equal(array, whole[name][shipped])


def test_a_studys_film_ships_as_it_was_recorded(tmp_path):
    config = SweepConfig.from_mapping({"seeds": 3, "steps": 9, "n_train": 20, "n_test": 10, "hidden": "3", "frames": 5})
    write(tmp_path / "tiny.film.xz", film_of_study(config))
    films = ShippedFilms(tmp_path)
    log = films.open("preset-tiny")
    frames = [decode(data) for data in log.since("preset-tiny", -1, 99)]
    assert [frame.step for frame in frames] == [0, 2, 4, 7, 9]
    assert SweepResults.from_film(frames).done.all()
    status = log.status("preset-tiny")
    assert (status.steps, status.config) == (config.planned, config.to_mapping())


def test_every_shipped_study_opens_as_a_finished_one_of_its_preset():
    films, opened = ShippedFilms(films_folder()), set()
    for preset in (preset for page in PAGES for preset in page.presets):
        if preset.config.KIND == "run" or not (films_folder() / f"{preset.name}{SUFFIX}").is_file():
            continue
        run = f"preset-{preset.name}"
        status, frames = films.open(run).status(run), films.open(run).range(run, 0, 10_000)
        assert (status.state, status.frames) == ("done", len(frames)), preset.name
        assert config_from_mapping(status.config) == preset.config, preset.name
        assert status.steps == header(frames[-1])["step"] == preset.config.planned, preset.name
        opened.add(preset.config.KIND)
    assert {"sweep", "separation"} <= opened
