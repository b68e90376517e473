"""``nnprobe compare``: the thesis's whole comparison: entanglement, width and depth, under noise and under attack."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np

from app.commands.progress_bar import ProgressBar
from app.commands.train import add_fields
from app.summaries import sweep as summary
from nnprobe_core.config import RunConfig
from nnprobe_core.fields import reals, whole
from nnprobe_core.sweeps.results import SweepResults

_AXES = {
    "entanglements": ("2,4,6,8,10,12,14,16,18,20", "max φ − min φ of the spiral"),
    "widths": ("2,5,10,20,50", "units of each hidden layer"),
    "depths": ("1,2,3,4,5", "hidden layers"),
    "activations": ("tanh,relu", "each with every setting"),
}
_WHOLE = ("widths", "depths")


def add(commands: Any) -> None:
    parser = commands.add_parser(
        "compare",
        help="compare entanglement, width and depth, as the thesis does",
        description="Train every setting with every activation and several seeds, and measure accuracy, norms, "
        "eigenvalues, and accuracy under noise and attack: the thesis's comparison in one call. Every option of train "
        "is here too; what is not given is as in the thesis (five hidden layers of 50, Adam, 100 epochs).",
        argument_default=argparse.SUPPRESS,
    )
    for name, (values, told) in _AXES.items():
        parser.add_argument(f"--{name}", default=values, metavar="V,V,…", help=f"{told} (%(default)s)")
    parser.add_argument("--seeds", default="10", metavar="N", help="networks of each setting (1 to 100; %(default)s)")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write a .csv and a .json for each into this folder")
    add_fields(parser, without=("frames",))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from nnprobe_core.sweeps.compare import compare_all

    given = dict(vars(options))
    out, given["seeds"] = given.pop("out", None), whole("--seeds", given["seeds"], 1, 100)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)  # what cannot be written is told before an hour of work
    axes: dict[str, Any] = {name: _values(name, given[name]) for name in _AXES}
    known = {*RunConfig.__dataclass_fields__, *RunConfig.SHORTHANDS, "seeds"}
    base = {name: value for name, value in given.items() if name in known}
    bars: dict[str, ProgressBar] = {}

    def progress(name: str, step: int, planned: int) -> None:
        if name not in bars:
            for bar in bars.values():
                bar.__exit__()
            bars[name] = ProgressBar(planned, f"steps of {name}")
        bars[name].show(step)

    found = compare_all(**axes, **base, progress=progress)
    for bar in bars.values():
        bar.__exit__()
    print("\n\n".join("\n".join([name, *_table(results)]) for name, results in vars(found).items()))
    if out is not None:
        paths = found.save(out)
        print(f"\ntables       {', '.join(path.name for path in paths)} in {out}")
    return 0


def _values(name: str, text: str) -> tuple[Any, ...]:
    if name == "activations":
        return tuple(part.strip() for part in text.split(",") if part.strip())
    numbers = reals(f"--{name}", text, 0.01, 1024, 200)
    return tuple(whole(f"--{name}", number, 1, 1024) for number in numbers) if name in _WHOLE else numbers


def _table(results: SweepResults) -> list[str]:
    """A row for each combination of values, over its seeds."""
    latest = {
        f"sweep.{name}": [np.asarray(array)]
        for name, array in results.arrays().items()
        if name in ("state", "scores", "noise", "attack")
    }
    _, lines = summary.lines(results.config, {}, latest)
    return lines[2:]
