"""SweepResults: what a sweep found, as arrays and as a tidy table (one row a network); CSV and JSON, and back."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from nnprobe_core.columns import LOSSES
from nnprobe_core.errors import ConfigError, FilmError
from nnprobe_core.frame import Frame
from nnprobe_core.sweeps.config import SweepConfig

Array = np.ndarray

WAITING, TRAINING, DONE = 0, 1, 2
_TEXT = ("query",)  #: columns that are never numbers


@dataclass(frozen=True)
class SweepResults:
    """The arrays of a sweep; C networks, L weight matrices of the deepest, N noise strengths, E sizes of attack.

    Attributes
    ----------
    state : uint8 (C,)
        0 waiting, 1 training, 2 done.
    step : int32 (C,)
    scores : float32 (C, 4)
        Train loss, test loss (nats), train accuracy, test accuracy; NaN before it starts or where not finite.
    frobenius : float32 (C, L)
        Norm of each weight matrix; NaN as scores are.
    eigen : float32 (C, L, 2)
        Complex eigenvalues, max|λ| − min|λ|; NaN where not square. These and the next are NaN until a network is done.
    noise : float32 (C, N)
        Test accuracy under noise, per strength of ``config.test_noise``.
    attack : float32 (C, E)
        Test accuracy under FGSM, per size of ``config.epsilons``.
    """

    config: SweepConfig
    state: Array
    step: Array
    scores: Array
    frobenius: Array
    eigen: Array
    noise: Array
    attack: Array

    @classmethod
    def empty(cls, config: SweepConfig) -> SweepResults:
        """Of a sweep that has not begun."""
        count, layers = len(config.cells), config.layers
        levels = (len(config.test_noise),), (len(config.epsilons),)
        shapes = [(count, *rest) for rest in ((4,), (layers,), (layers, 2), *levels)]
        return cls(
            config,
            np.zeros(count, np.uint8),
            np.zeros(count, np.int32),
            *(np.full(shape, np.nan, np.float32) for shape in shapes),
        )

    @classmethod
    def from_film(cls, frames: Iterable[Frame]) -> SweepResults:
        """What a sweep's film, or as much of it as there is, has found. ConfigError for a film of another kind."""
        out: SweepResults | None = None
        for frame in frames:
            if out is None:
                out = cls.empty(SweepConfig.from_mapping(frame.header.get("config", {})))
            for name, array in out.arrays().items():
                if (seen := frame.arrays.get(f"sweep.{name}")) is not None:
                    array[...] = seen
        if out is None:
            raise FilmError("a sweep's film must have a frame, got none.")
        return out

    @property
    def done(self) -> Array:
        """Which networks are done, bool (C,)."""
        done: Array = self.state == DONE
        return done

    def arrays(self) -> dict[str, Array]:
        """All arrays by name."""
        return {item.name: getattr(self, item.name) for item in fields(self) if item.name != "config"}

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row a network: its values, seed, scores, measures, and the link of its run. What is NaN is None."""
        config = self.config
        for index, cell in enumerate(config.cells):
            row: dict[str, Any] = {"network": index}
            row |= {axis.field: _plain(axis.values[at]) for axis, at in zip(config.axes, cell.places, strict=False)}
            row |= {"seed": cell.seed, "done": bool(self.done[index]), "step": int(self.step[index])}
            numbers = dict(zip(LOSSES, self.scores[index], strict=True))
            for layer in range(config.layers):
                numbers[f"frobenius_{layer + 1}"] = self.frobenius[index, layer]
                numbers[f"complex_{layer + 1}"] = self.eigen[index, layer, 0]
                numbers[f"spread_{layer + 1}"] = self.eigen[index, layer, 1]
            numbers |= {f"noise_{s:g}": value for s, value in zip(config.test_noise, self.noise[index], strict=True)}
            numbers |= {f"fgsm_{e:g}": value for e, value in zip(config.epsilons, self.attack[index], strict=True)}
            row |= {name: None if math.isnan(value) else _short(value) for name, value in numbers.items()}
            yield {**row, "query": cell.config.to_query()}

    def to_csv(self) -> str:
        """The tidy table; an empty field is a number that is not there."""
        rows, out = list(self.rows()), io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    def to_json(self) -> str:
        """The sweep's config and its tidy table."""
        return json.dumps({"config": self.config.to_mapping(), "rows": list(self.rows())}, indent=1)

    @classmethod
    def from_json(cls, text: str) -> SweepResults:
        """What :meth:`to_json` wrote; ConfigError for anything else."""
        try:
            whole = json.loads(text)
            config, rows = whole["config"], whole["rows"]
        except (ValueError, RecursionError, KeyError, TypeError):
            raise ConfigError("text", "the JSON of a sweep, with config and rows", text) from None
        return cls._from_rows(SweepConfig.from_mapping(config), rows)

    @classmethod
    def from_csv(cls, text: str, config: SweepConfig) -> SweepResults:
        """What :meth:`to_csv` wrote of a sweep of ``config``; ConfigError where it is of another."""
        rows = [
            {name: value if name in _TEXT else _number(value) for name, value in row.items() if name is not None}
            for row in csv.DictReader(io.StringIO(text))
        ]
        return cls._from_rows(config, rows)

    @classmethod
    def _from_rows(cls, config: SweepConfig, rows: Any) -> SweepResults:
        out = cls.empty(config)
        links = [cell.config.to_query() for cell in config.cells]
        if not isinstance(rows, list) or [isinstance(row, Mapping) and row.get("query") for row in rows] != links:
            raise ConfigError("rows", f"those of the sweep's {len(links)} networks, in order", rows)
        try:
            for index, row in enumerate(rows):
                out.state[index], out.step[index] = DONE if row["done"] is True else WAITING, row["step"]
                out.scores[index] = [_or_nan(row[name]) for name in LOSSES]
                for layer in range(config.layers):
                    out.frobenius[index, layer] = _or_nan(row[f"frobenius_{layer + 1}"])
                    out.eigen[index, layer] = [_or_nan(row[f"{name}_{layer + 1}"]) for name in ("complex", "spread")]
                out.noise[index] = [_or_nan(row[f"noise_{s:g}"]) for s in config.test_noise]
                out.attack[index] = [_or_nan(row[f"fgsm_{e:g}"]) for e in config.epsilons]
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigError("rows", "with every column of the sweep, numbers where due", str(error)) from None
        return out


def _plain(value: Any) -> Any:
    """A value of an axis as JSON and CSV have it: 16-16-16 for widths."""
    return "-".join(map(str, value)) if isinstance(value, tuple) else value


def _short(value: Any) -> float:
    """The float32 ``value`` with as few digits as give it back."""
    return float(str(value))


def _or_nan(value: Any) -> float:
    return math.nan if value is None else float(value)


def _number(text: Any) -> Any:
    """A CSV field: a number, True or False, None where it is empty, else text."""
    if text in ("", None):
        return None
    if text in ("True", "False"):
        return text == "True"
    try:
        return float(text)
    except ValueError:
        return text
