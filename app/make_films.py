"""Make the films that ship: ``python -m app.make_films [NAME …]`` trains each preset into app/films/<name>.film.xz,
and writes the weights of every tenth frame beside it.

A shipped film is a finished one: its maps are the settled ones, all in the final frame's plane, so that every motion
seen is the data's. Neighbouring points of one frame lie close together, which is why the compressor is told to look at
differences over four bytes (an x and a y of 16 bits): a fifth less than without.
"""

from __future__ import annotations

import lzma
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import app.threads  # isort: skip  # noqa: F401 (first: before NumPy is imported)

import numpy as np

from app.pages import PAGES
from app.store.shipped import SUFFIX, WEIGHTS_SUFFIX, films_folder
from nnprobe_core.config import RunConfig
from nnprobe_core.frame import CHECKPOINTS, FILM, SETTLED, TRACKS, Frame, encode, pack
from nnprobe_core.kinds import Config, experiment
from nnprobe_core.weights import Snapshots

_EVERY = 10  #: frames from one to the next whose weights ship
_PLAIN = [{"id": lzma.FILTER_LZMA2, "preset": 9}]
_FILTERS = [{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "preset": 9}]


def all_frames(config: RunConfig) -> list[Frame]:
    """The frames of a run, on their three tracks."""
    from nnprobe_core.training.trainer import train

    return list(train(config, tracks=TRACKS))


def film_of_study(config: Config) -> bytes:
    """The packed film of a study of another kind, which has nothing to settle."""
    return pack(encode(frame) for frame in experiment(config).frames() if frame.track == FILM)


def finished_film(frames: Sequence[Frame]) -> bytes:
    """The packed film of a run, with the settled maps in place of those seen live."""
    live = [frame for frame in frames if frame.track == FILM]
    settled = [frame for frame in frames if frame.track == SETTLED]
    if len(live) != len(settled):
        raise ValueError(
            f"a finished film must have a settled map for each of its {len(live)} frames, got {len(settled)}."
        )
    return pack(
        encode(replace(frame, arrays={**frame.arrays, **maps.arrays}))
        for frame, maps in zip(live, settled, strict=True)
    )


def thinned_weights(frames: Sequence[Frame]) -> bytes:
    """The weights of every tenth scheduled frame and of the last, as one packed checkpoint; it can be read, but no run
    can go on from it."""
    found = [Snapshots.of(frame) for frame in frames if frame.track == CHECKPOINTS]
    steps = np.concatenate([part.steps for part in found])
    kept = sorted({*range(0, len(steps), _EVERY), len(steps) - 1})
    arrays = {"history": np.concatenate([part.flat for part in found])[kept], "history.steps": steps[kept]}
    header = {"config": found[0].config.to_mapping(), "first": 0}
    return pack([encode(Frame(int(steps[-1]), arrays, track=CHECKPOINTS, header=header))])


def main(names: Iterable[str]) -> None:
    """Write the films of the named presets, or of all."""
    import torch

    torch.set_num_threads(1)
    chosen = set(names)
    for preset in (preset for page in PAGES for preset in page.presets):
        if chosen and preset.name not in chosen:
            continue
        if preset.config.KIND != "run":
            write(films_folder() / f"{preset.name}{SUFFIX}", film_of_study(preset.config), _PLAIN)
        else:
            frames = all_frames(preset.config)
            write(films_folder() / f"{preset.name}{SUFFIX}", finished_film(frames))
            write(films_folder() / f"{preset.name}{WEIGHTS_SUFFIX}", thinned_weights(frames))


def write(path: Path, data: bytes, filters: Sequence[Mapping[str, int]] = _FILTERS) -> None:
    """Write ``data`` compressed, and say how large it is."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(lzma.compress(data, format=lzma.FORMAT_XZ, filters=filters))
    print(f"{path.name}: {len(data) / 1e6:.2f} MB, packed {path.stat().st_size / 1e6:.2f} MB", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
