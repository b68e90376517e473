"""The command line: ``nnprobe serve | train | show | …``. Errors are one sentence on stderr, and exit status 2."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from app.version import own_version
from nnprobe_core.errors import NnprobeError

#: In the order of the help; each is a module of app/commands, imported once it is asked for.
COMMANDS = (
    "serve", "train", "sweep", "compare", "show", "attack", "separation", "weights", "figure", "thesis", "course",
)  # fmt: skip
_CLOSED_PIPE = 141  #: what a shell says of a program that a closed pipe has ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command in ``arguments`` (default: this process's); its exit status."""
    try:
        try:
            return _carried_out(arguments)
        finally:
            sys.stdout.flush()  # here, where a pipe that was closed can be told: at exit Python would complain of it
    except BrokenPipeError:  # `nnprobe show FILM | head`: whoever reads has enough
        for stream in (sys.stdout, sys.stderr):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return _CLOSED_PIPE
    except KeyboardInterrupt:
        return 130


def _carried_out(arguments: Sequence[str] | None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    asked = arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS
    options = build_parser(asked).parse_args(arguments)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        raise
    except NnprobeError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename or 'The system'}: {error.strerror or error}.")


def build_parser(names: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser of commands; each sets ``run``, a function of the parsed options."""
    parser = argparse.ArgumentParser(prog="nnprobe", description="Watch a neural network learn.")
    parser.add_argument("--version", action="version", version=f"nnprobe {own_version()}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in names:
        import_module(f"app.commands.{name}").add(commands)
    return parser


def _refuse(sentence: str) -> int:
    print(f"nnprobe: {sentence}", file=sys.stderr)
    return 2
