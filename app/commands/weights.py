"""``nnprobe weights``: the weights of a run over time, as safetensors."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from app.commands.film import print_film
from app.store.film_file import read_film
from nnprobe_core.errors import FilmError
from nnprobe_core.frame import CHECKPOINTS, Frame, decode
from nnprobe_core.weights import safetensors_stream


def add(commands: Any) -> None:
    parser = commands.add_parser(
        "weights",
        help="write a run's weights over time as safetensors",
        description="Write the weights of every recorded frame of a run as one safetensors file: step (frames,), and "
        "for each layer weight.i (frames, out, in) and bias.i (frames, out).",
    )
    parser.add_argument(
        "source",
        metavar="RUN",
        help="a run of this machine's lab, or a file that nnprobe train --checkpoints has written",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="write them to this file")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    return write(options.source, options.out)


def write(source: str, out: Path) -> int:
    """Write the weights of a file of checkpoints, or of the run of that id in this machine's lab."""
    read = _of_file(Path(source)) if Path(source).is_file() else _of_run(source)
    pieces = safetensors_stream(read)
    first = next(pieces)  # whatever is wrong with the source is said before the file is there
    with out.open("wb") as file:
        file.write(first)
        for piece in pieces:
            file.write(piece)
    print_film(out, "weights")
    return 0


def _of_file(path: Path) -> Callable[[], Iterable[Frame]]:
    def read() -> Iterable[Frame]:
        return (decode(frame, track=CHECKPOINTS) for frame in read_film(path, CHECKPOINTS))

    if "history" not in next(iter(read()), Frame(0, {})).arrays:
        raise FilmError(f"{path} must hold checkpoints (nnprobe train --checkpoints FILE); it holds something else.")
    return read


def _of_run(run: str) -> Callable[[], Iterable[Frame]]:
    from app.settings import Settings
    from app.store.logs import open_log
    from app.store.weights import check_weights, read_checkpoints

    log = open_log(Settings.from_environment())
    check_weights(log, run)
    return lambda: read_checkpoints(log, run)
