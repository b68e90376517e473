"""Make the films that ship: ``python -m app.make_films [NAME …]`` trains each preset into app/films/<name>.film.xz.

A shipped film is a finished one: its maps are the settled ones, all in the final frame's plane, so that every motion
seen is the data's. Neighbouring points of one frame lie close together, which is why the compressor is told to look at
differences over four bytes (an x and a y of 16 bits): a fifth less than without.
"""

from __future__ import annotations

import lzma
import sys
from collections.abc import Iterable
from dataclasses import replace

import app.threads  # noqa: F401 (first: before NumPy is imported)
from app.frame_log_shipped import SUFFIX, films_folder
from app.presets import PRESETS
from nnprobe_core.config import RunConfig
from nnprobe_core.frame import FILM, SETTLED, encode, pack

_FILTERS = [{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "preset": 9}]


def finished_film(config: RunConfig) -> bytes:
    """The packed film of ``config``, with the settled maps in place of those seen live."""
    from nnprobe_core.training.trainer import train

    frames = list(train(config))
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


def main(names: Iterable[str]) -> None:
    """Write the films of the named presets, or of all."""
    import torch

    torch.set_num_threads(1)
    chosen = set(names)
    for preset in PRESETS:
        if not chosen or preset.name in chosen:
            film = finished_film(preset.config)
            path = films_folder() / f"{preset.name}{SUFFIX}"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(lzma.compress(film, format=lzma.FORMAT_XZ, filters=_FILTERS))
            print(f"{path.name}: {len(film) / 1e6:.1f} MB, packed {path.stat().st_size / 1e6:.1f} MB", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
