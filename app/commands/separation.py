"""``nnprobe separation``: how far each layer of a network parts every pair of classes, checkpoint by checkpoint."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.summaries.table import fisher, honest, lines
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import whole, wholes
from nnprobe_core.maths.metrics import METRICS
from nnprobe_core.separation.config import SeparationConfig

if TYPE_CHECKING:
    from torch import nn

    from nnprobe_core.separation.table import Table
    from nnprobe_core.studies.examples import Examples

_LEARNING = ("model", "hidden", "epochs", "lr", "seed", "device")  #: fields of the page's config that are options


def add(commands: Any) -> None:
    parser = commands.add_parser(
        "separation",
        help="measure how each layer separates the classes",
        description="Henze-Penrose separation of every pair of classes in every layer, on training and test pictures, "
        "with a linear probe beside it: of a module of your own at each of its checkpoints, or of a small network "
        "that is trained first.",
    )
    parser.add_argument("module", nargs="?", metavar="FILE.py:NAME", help="a torch.nn.Module, or what makes one")
    parser.add_argument("checkpoints", nargs="*", metavar="FILE", help="its weights, stage by stage (as it is made)")
    parser.add_argument("--model", metavar="mlp|cnn", help="train this network instead, and look before and after")
    parser.add_argument("--hidden", metavar="N-N", help="width of each of its hidden layers (64-32)")
    parser.add_argument("--epochs", default="10", metavar="N", help="how long to train it (%(default)s)")
    parser.add_argument("--lr", metavar="X", help="the learning rate that it is trained at (0.003)")
    parser.add_argument("--every", metavar="N", help="look every so many epochs, too")
    parser.add_argument("--seed", default="0", metavar="N", help="of the split and the first weights (%(default)s)")
    parser.add_argument("--seeds", metavar="N", help="train so many networks, and test over them: 8 or more")
    parser.add_argument("--data", default="digits", metavar="SET", help="digits, a file or a folder (%(default)s)")
    parser.add_argument("--layers", metavar="NAME,NAME,…", help="these layers (all that do something)")
    parser.add_argument("--classes", metavar="N,N,…", help="these classes, as numbers (all)")
    parser.add_argument("--sets", default="train,test", metavar="SET,SET", help="which pictures (%(default)s)")
    parser.add_argument("--per-class", metavar="N", help="at most so many pictures of each class and set (all)")
    parser.add_argument("--batch-size", default="256", metavar="N", help="pictures at a time (%(default)s)")
    parser.add_argument("--device", default=None, metavar="cpu|cuda", help="where to compute (where the module is)")
    parser.add_argument("--convention", default="friedman-rafsky", metavar="NAME", help="balanced: for comparison only")
    parser.add_argument(
        "--distance", default="euclidean", metavar="|".join(METRICS), help="which points are near (%(default)s)"
    )
    parser.add_argument("--tests", action="store_true", help="Fisher's permutation tests, as the thesis made them")
    parser.add_argument("--permutations", default="10000", metavar="N", help="of each such test (%(default)s)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the whole table to this file, of every seed")
    parser.add_argument(
        "--read", type=Path, nargs="+", metavar="FILE",
        help="print the tables in these files, and test over them where they are 8 or more; measure nothing",
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from nnprobe_core.maths.permutation import LEAST_RUNS
    from nnprobe_core.separation.table import load_tables, save_tables

    sources = [name for name in ("module", "model", "read") if getattr(options, name) is not None]
    if len(sources) != 1:
        raise ConfigError("separation", "told one of FILE.py:NAME, --model and --read", sources)
    permutations = whole("--permutations", options.permutations, 1, 10_000_000)
    seeds = 1 if options.seeds is None else whole("--seeds", options.seeds, 8, 1000)
    for name in ("seeds", "hidden", "lr", "every"):
        if options.model is None and getattr(options, name) is not None:
            raise ConfigError(f"--{name}", "left out unless --model trains the networks", getattr(options, name))
    if options.read is not None:
        tables = [table for path in options.read for table in load_tables(path)]
        _alike(tables)
    else:
        tables = [_measure(options, index) for index in range(seeds)]
    if options.json is not None:
        save_tables(tables, options.json)
    if len(tables) > 1:
        print(f"networks     {len(tables)}, of which the first is shown")
    print("\n".join(lines(tables[0])))
    if options.tests:
        print("\n".join(["", *fisher(tables[0], permutations, options.device or "cpu")]))
    if len(tables) >= LEAST_RUNS:
        print("\n".join(["", *honest(tables)]))
    if options.json is not None:
        rows = sum(len(table.rows) for table in tables)
        print(f"\ntable        {options.json} ({rows:,} rows, of {len(tables)} networks)")
    return 0


def _measure(options: argparse.Namespace, index: int) -> Table:
    """The table of one network: the user's, or the one trained from the ``index``-th seed."""
    import torch

    from nnprobe_core.datasets.images import load_images
    from nnprobe_core.separation.study import Study, run_study
    from nnprobe_core.studies.examples import Examples

    torch.set_num_threads(1)
    if options.device not in (None, "cpu", "cuda") or (options.device == "cuda" and not torch.cuda.is_available()):
        raise ConfigError("--device", "cpu, or cuda where there is one", options.device)
    seed = whole("--seed", options.seed, 0, 2**31 - 1) + index
    images = load_images(options.data, seed=seed)
    study = Study(
        images,
        layers=_names(options.layers),
        sets=_names(options.sets) or (),
        classes=None if options.classes is None else wholes("--classes", options.classes, 0, 255, 256),
        per_class=None if options.per_class is None else whole("--per-class", options.per_class, 2, 100_000),
        convention=options.convention,
        distance=options.distance,
        batch_size=whole("--batch-size", options.batch_size, 1, 100_000),
        device=options.device,
    )
    if options.model is None:
        return run_study(_own(options.module, options.checkpoints), study)
    return run_study(_trained(options, Examples.of(images), seed), study)


def _own(target: str, checkpoints: Sequence[str]) -> Iterator[tuple[str, nn.Module]]:
    """The user's module at each of its checkpoints, or as it is made where there is none."""
    from nnprobe_core.models.from_file import load_module, load_weights
    from nnprobe_core.models.guest import guarded

    module = guarded(load_module(target), target)
    if not checkpoints:
        yield "as made", module
    paths = in_order(checkpoints)
    names = [Path(path).stem for path in paths]
    for path, name in zip(paths, names, strict=True):
        load_weights(module, path)
        yield name if names.count(name) == 1 else path, module


def in_order(paths: Sequence[str]) -> list[str]:
    """The checkpoints in the order of training: c2 before c10, where they came as text is sorted, from the shell's *.

    An order that somebody chose stays.
    """
    if list(paths) != sorted(paths):
        return list(paths)
    return sorted(paths, key=lambda path: [(int(part), "") if part.isdigit() else (-1, part) for part in
                                           re.split(r"(\d+)", path)])  # fmt: skip


def _alike(tables: Sequence[Table]) -> None:
    """ConfigError where tables that are to be seen side by side are of different things."""
    for other in tables[1:]:
        for name in ("classes", "stages", "layers", "convention", "distance"):
            if getattr(other, name) != getattr(tables[0], name):
                raise ConfigError(
                    "--read", f"tables with the same {name}, {getattr(tables[0], name)}", getattr(other, name)
                )


def _trained(options: argparse.Namespace, data: Examples, seed: int) -> Iterator[tuple[str, nn.Module]]:
    """The page's network before, while and after it learns."""
    from nnprobe_core.studies.learner import learner

    given = {name: value for name in _LEARNING if (value := getattr(options, name)) is not None}
    config = SeparationConfig.from_mapping({**given, "seeds": 1})
    every = config.epochs if options.every is None else whole("--every", options.every, 1, config.epochs)
    made = learner(config, data, seed)
    for epoch in (*range(0, config.epochs, every), config.epochs):
        made.advance(epoch * made.per_epoch)
        yield f"epoch {epoch}", made.module


def _names(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(part.strip() for part in text.split(",") if part.strip())
