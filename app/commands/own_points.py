"""``--data FILE``: points of one's own for the commands that train the lab's networks."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.own import OwnData
from nnprobe_core.errors import ConfigError

FIELD = "data"
_STAYS = ("label_noise",)  # of the fields of the lab's data sets


def add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, metavar="FILE",
        help="learn the points of this file: CSV or .npy, a row a point and its class last; or .npz with x and y, or "
        "with x_train, y_train, x_test and y_test. Two numbers a point, 2 to 6 classes",
    )  # fmt: skip


def own_points(options: Mapping[str, Any]) -> tuple[dict[str, Any], OwnData | None]:
    """``options`` with the name of the points of ``--data`` in place of the file; and those points."""
    out = dict(options)
    if FIELD not in out:
        return out, None
    from nnprobe_core.datasets.own_files import read_points

    shape = [item.name for item in fields(RunConfig) if item.metadata["group"] == "data" and item.name != FIELD]
    if given := [name for name in shape if name in out and name not in _STAYS]:
        raise ConfigError(f"--{given[0].replace('_', '-')}", "left out where --data gives the points", out[given[0]])
    own = read_points(out[FIELD])
    return {**out, FIELD: own.name}, own
