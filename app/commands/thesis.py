"""``nnprobe thesis``: the thesis's sample experiments, each a command of its own with the thesis's settings."""

from __future__ import annotations

import argparse
import shlex
import sys
from importlib import import_module
from typing import Any

from nnprobe_core.config import RunConfig
from nnprobe_core.sweeps.config import THESIS

#: By name: what one sees, the command, and its options beside the thesis's settings.
SAMPLES: dict[str, tuple[str, str, str]] = {
    "reference": ("the network of the thesis on entanglement 8: boundary, layers, gradients, spectra", "train", ""),
    "mapping": ("a hidden layer of two units: how it moves each point", "train", "--hidden 2"),
    "fgsm": ("accuracy under FGSM at ε = 0.5, 1 and 2", "attack", "--attack fgsm --epsilons 0,0.5,1,2"),
    "bim": ("the same under BIM, in steps of ε / 2 from a random start", "attack", "--attack bim --epsilons 0,0.5,1,2"),
    "entanglement": ("accuracy, norms and eigenvalues against entanglement", "sweep", "--over entanglement=2:20:2"),
    "width": ("accuracy against the width of five hidden layers", "sweep", "--over width=2,5,10,20,50"),
    "depth": ("accuracy against the number of hidden layers", "sweep", "--over depth=1:5:1"),
    "noise": (
        "accuracy against noise of the test points, in tenths",
        "sweep",
        f"--over max_phi=9 --test-noise {','.join(str(tenth / 10) for tenth in range(1, 11))}",
    ),
}


def add(commands: Any) -> None:
    told = "\n".join(f"  {name:<13} {what}" for name, (what, _, _) in SAMPLES.items())
    parser = commands.add_parser(
        "thesis",
        help="the thesis's sample experiments",
        description="The thesis's sample experiments: each is a command with the thesis's settings, which is said "
        f"before it runs, and whose options may follow (nnprobe thesis fgsm --seed 3 --json).\n\n{told}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=SAMPLES, metavar="NAME", help=", ".join(SAMPLES))
    parser.add_argument("options", nargs=argparse.REMAINDER, metavar="…", help="options of that command")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    words = [*words_of(options.name), *options.options]
    print(f"nnprobe {shlex.join(words)}", file=sys.stderr)
    parser = argparse.ArgumentParser(prog="nnprobe")
    import_module(f"app.commands.{words[0]}").add(parser.add_subparsers())
    parsed = parser.parse_args(words)
    return int(parsed.run(parsed))


def words_of(name: str) -> list[str]:
    """The command line of a sample experiment."""
    _, command, own = SAMPLES[name]
    both = ["--over", "activation=tanh,relu", "--seeds", "10"] if command == "sweep" else []
    return [command, "--link", f"?{RunConfig.from_mapping(THESIS).to_query()}", *shlex.split(own), *both]
