"""``nnprobe show``: what a film holds."""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path
from typing import Any

from app.summary import Summary
from nnprobe_core.errors import FilmError
from nnprobe_core.frame import unpack


def add(commands: Any) -> None:
    parser = commands.add_parser("show", help="summarise a film", description="Summarise a film.")
    parser.add_argument("film", type=Path, metavar="FILM", help="a .film file, gzipped or not")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    summary = Summary()
    for data in unpack(film_bytes(options.film)):
        summary.add(data)
    print("\n".join(summary.lines()))
    return 0


def film_bytes(path: Path) -> bytes:
    """The bytes of a film, gzipped or not; FilmError for a gzip that is not whole."""
    data = path.read_bytes()
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        return gzip.decompress(data)
    except (EOFError, OSError, ValueError) as error:
        raise FilmError(f"a gzipped film must be whole, got {len(data)} bytes that are not ({error}).") from None
