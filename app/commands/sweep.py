"""``nnprobe sweep``: many networks that differ in one or two settings and in their seeds, into a table and a film."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from app.commands.film import print_film
from app.commands.own_points import add_data, own_points
from app.commands.progress_bar import ProgressBar
from app.commands.train import add_fields, config_of
from app.store.logs import log_in
from app.store.recorder import Recorder
from app.summaries.summary import Summary
from nnprobe_core.datasets.own import OwnData
from nnprobe_core.errors import ConfigError, RunNotFoundError
from nnprobe_core.frame import pack
from nnprobe_core.record import RUNNING, FrameLog, Status, read
from nnprobe_core.sweeps.config import SweepConfig

_RUN = "sweep"  #: its id in the folder it can be resumed from
_AXES = ("over", "values", "over2", "values2")


def add(commands: Any) -> None:
    parser = commands.add_parser(
        "sweep",
        help="train many networks that differ in one or two settings",
        description="Train many networks at once that differ in one or two settings and in their seeds, and measure "
        "accuracy, norms, eigenvalues, and accuracy under noise and attack. Every option of train is here too.",
        argument_default=argparse.SUPPRESS,
    )
    parser.add_argument(
        "--over", action="append", metavar="FIELD=VALUES",
        help="vary a field: max_phi=4:12:2 (last included) or activation=tanh,relu; once or twice. Also width, depth, "
        "epochs, and entanglement (max_phi less min_phi)",
    )  # fmt: skip
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the table, a row a network, to this file")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the config and the table to this file")
    parser.add_argument("--out", type=Path, metavar="FILM", help="write the film to this file")
    parser.add_argument(
        "--resume", type=Path, metavar="FOLDER",
        help="keep what is done in this folder, and go on from there when called again",
    )  # fmt: skip
    parser.add_argument("--config", type=Path, metavar="JSON", help="read the fields in this file first")
    parser.add_argument("--link", metavar="URL", help="read the fields in a link of the page Compare first")
    add_data(parser)
    add_fields(parser, SweepConfig, without=_AXES)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    given, own = own_points(vars(options))
    config = config_of({**given, **_axes(given.get("over", ()))}, SweepConfig)
    with ExitStack() as stack:
        # All files are opened first: a folder that is not there is told before an hour of work.
        files = {name: stack.enter_context(given[name].open("wb")) for name in ("csv", "json", "out") if name in given}
        folder = given.get("resume") or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        log = log_in(folder)
        stack.callback(log.close)
        elapsed, results = _carry_out(config, log, folder, own)
        summary = Summary()
        for data in read(log, _RUN):
            summary.add(data)
            if "out" in files:
                files["out"].write(pack([data]))
        if "csv" in files:
            files["csv"].write(results.to_csv().encode())
        if "json" in files:
            files["json"].write(results.to_json().encode())
    print("\n".join(summary.lines()))
    print(f"trained in   {elapsed:.1f} s, {len(config.cells) / max(elapsed, 1e-9):,.1f} networks/s")
    print_film(given.get("out"))
    return 0


def _axes(given: Sequence[str]) -> dict[str, str]:
    """``--over FIELD=VALUES`` as fields of the config; nothing given leaves them to ``--config`` and ``--link``."""
    if len(given) > 2:
        raise ConfigError("--over", "given at most twice", list(given))
    pairs = [text.partition("=") for text in given]
    if missing := [text for text, (_, between, values) in zip(given, pairs, strict=True) if not (between and values)]:
        raise ConfigError("--over", "FIELD=VALUES, as max_phi=4:12:2 or activation=tanh,relu", missing[0])
    names = (("over", "values"), ("over2", "values2"))
    out: dict[str, str] = {}
    for (name, values), (field, _, text) in zip(names, pairs, strict=False):
        out |= {name: field, values: text}
    return {"over2": "", "values2": "", **out} if out else {}


def _carry_out(config: SweepConfig, log: FrameLog, folder: Path, own: OwnData | None) -> tuple[float, Any]:
    """Train what is not done yet; the seconds it took, and the results of all."""
    from nnprobe_core.sweeps.experiment import Sweep

    try:
        saved = log.status(_RUN).config
        if saved != config.to_mapping():
            raise ConfigError("--resume", f"the folder of this sweep ({config.to_query()})", str(folder))
    except RunNotFoundError:
        log.create(Status(_RUN, RUNNING, config=config.to_mapping(), steps=config.planned))
    recorder = Recorder(log, _RUN)
    sweep, started = Sweep(config, checkpoints=recorder.checkpoints(), data=own), time.monotonic()
    with ProgressBar(config.planned, "steps") as bar:
        for frame in sweep.frames():
            recorder.append(frame)
            bar.show(frame.step)
    return time.monotonic() - started, sweep.results
