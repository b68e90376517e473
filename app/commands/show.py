"""``nnprobe show``: what a film holds."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.store.film_file import TornFilmError, read_film
from app.summaries.summary import Summary
from nnprobe_core.errors import FilmError, NnprobeError


def add(commands: Any) -> None:
    parser = commands.add_parser("show", help="summarise a film", description="Summarise a film.")
    parser.add_argument("film", type=Path, metavar="FILM", help="a .film file, plain, gzipped or xz")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    summary, torn = Summary(), None
    try:
        for data in read_film(options.film):
            summary.add(data)
    except TornFilmError as error:  # what is whole is shown first
        torn = error
    except NnprobeError:
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise _damaged(options.film, error) from None
    try:
        lines = summary.lines()
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise _damaged(options.film, error) from None
    print("\n".join(lines))
    if torn is not None:
        raise torn
    return 0


def _damaged(path: Path, error: Exception) -> FilmError:
    return FilmError(f"{path} must be a film, got one that is damaged ({type(error).__name__}: {error}).")
