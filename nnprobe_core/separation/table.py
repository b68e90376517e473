"""The tidy table of a study: a row per set, stage, layer and class pair; saved as JSON and read back."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from nnprobe_core.errors import ConfigError

Array = np.ndarray

SETS = ("train", "test")
VERSION = 1


@dataclass(frozen=True)
class Row:
    """Separation of classes ``a`` and ``b`` in one layer at one stage.

    ``value`` is in [0, 1]; ``raw`` is not clipped at 0, so means are of it. ``n`` and ``m`` are the points of each
    class, ``sites`` the distinct places among them (0 where the layer is not finite, and the value NaN).
    """

    set: str
    stage: str
    layer: str
    a: str
    b: str
    value: float
    raw: float
    n: int
    m: int
    sites: int


@dataclass(frozen=True)
class ProbeRow:
    """A linear probe fitted to the training points' outputs: its test accuracy and Wilson interval, and the baseline
    of shuffled labels with the interval that 95 % of shuffles fall into (NaN in tables written before it was kept)."""

    stage: str
    layer: str
    accuracy: float
    low: float
    high: float
    baseline: float
    baseline_low: float = math.nan
    baseline_high: float = math.nan


@dataclass(frozen=True)
class Table:
    """Separation of every class pair, by set, stage and layer.

    Attributes
    ----------
    classes, stages, layers : tuples of str
        In their order: layers in that of their calls, after ``input``.
    convention : str
        Of :func:`nnprobe_core.maths.henze_penrose.henze_penrose`.
    rows : tuple of Row
    probes : tuple of ProbeRow
    notes : tuple of str
        Sentences on what could not be measured.
    distance : str
        By which neighbours are near.
    """

    classes: tuple[str, ...]
    stages: tuple[str, ...]
    layers: tuple[str, ...]
    convention: str
    rows: tuple[Row, ...]
    probes: tuple[ProbeRow, ...] = ()
    notes: tuple[str, ...] = ()
    distance: str = "euclidean"
    _index: Mapping[tuple[str, str, str], list[Row]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index: dict[tuple[str, str, str], list[Row]] = {}
        for row in self.rows:
            index.setdefault((row.set, row.stage, row.layer), []).append(row)
        object.__setattr__(self, "_index", index)

    @property
    def sets(self) -> tuple[str, ...]:
        """The sets that were measured."""
        return tuple(name for name in SETS if any(key[0] == name for key in self._index))

    def select(self, set: str, stage: str, layer: str) -> list[Row]:  # noqa: A002
        """The rows of every class pair; ConfigError where there are none."""
        found = self._index.get((set, stage, layer))
        if found is None:
            known = f"of sets {', '.join(self.sets)}, stages {', '.join(self.stages)}, layers {', '.join(self.layers)}"
            raise ConfigError("set, stage and layer", known, f"{set}, {stage}, {layer}")
        return found

    def values(self, set: str, stage: str, layer: str) -> Array:  # noqa: A002
        """Unclipped separations (pairs,), in the order (0, 1), (0, 2), …"""
        return np.array([row.raw for row in self.select(set, stage, layer)])

    def means(self, set: str) -> Array:  # noqa: A002
        """Mean unclipped separation (stages, layers); NaN where the layer is not finite."""
        return np.array([[self.values(set, stage, layer).mean() for layer in self.layers] for stage in self.stages])

    def probe(self, stage: str, layer: str) -> ProbeRow | None:
        return next((row for row in self.probes if (row.stage, row.layer) == (stage, layer)), None)

    def columns(self) -> dict[str, list[Any]]:
        """The rows as columns: ``pandas.DataFrame(table.columns())``."""
        return {item.name: [getattr(row, item.name) for row in self.rows] for item in fields(Row)}

    def to_json(self) -> str:
        """JSON with a record per row; NaN is null."""
        return json.dumps(
            {
                "kind": "separation",
                "version": VERSION,
                "classes": self.classes,
                "stages": self.stages,
                "layers": self.layers,
                "convention": self.convention,
                "distance": self.distance,
                "rows": [_record(row) for row in self.rows],
                "probes": [_record(row) for row in self.probes],
                "notes": self.notes,
            },
            allow_nan=False,
        )

    def save(self, path: str | Path) -> None:
        Path(path).write_text(self.to_json() + "\n", encoding="utf-8")

    @classmethod
    def from_json(cls, text: str) -> Table:
        """What :meth:`to_json` wrote; ConfigError for anything else."""
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise ConfigError("table", "JSON", text) from None
        if not isinstance(found, dict) or found.get("kind") != "separation" or found.get("version") != VERSION:
            got = {key: found.get(key) for key in ("kind", "version")} if isinstance(found, dict) else found
            raise ConfigError("table", f"a separation table of version {VERSION}", got)
        try:
            names = {key: tuple(map(str, found[key])) for key in ("classes", "stages", "layers", "notes")}
            rows = tuple(Row(**_typed(Row, record)) for record in found["rows"])
            probes = tuple(ProbeRow(**_typed(ProbeRow, record)) for record in found["probes"])
            distance = str(found.get("distance", "euclidean"))  # of older tables, all
            return cls(**names, convention=str(found["convention"]), rows=rows, probes=probes, distance=distance)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigError("table", f"with all its fields ({type(error).__name__}: {error})", "another") from None

    @classmethod
    def load(cls, path: str | Path) -> Table:
        """The one table of a file; ConfigError where there are several, which :func:`load_tables` reads."""
        tables = load_tables(path)
        if len(tables) > 1:
            raise ConfigError("table", "one alone in its file", f"{len(tables)} tables")
        return tables[0]


def save_tables(tables: Sequence[Table], path: str | Path) -> None:
    """One table as itself; several, each of a network of its own, as ``{"kind": "separation", "tables": […]}``."""
    if len(tables) == 1:
        tables[0].save(path)
        return
    each = ",\n".join(table.to_json() for table in tables)
    text = f'{{"kind": "separation", "version": {VERSION}, "tables": [\n{each}\n]}}\n'
    Path(path).write_text(text, encoding="utf-8")


def load_tables(path: str | Path) -> list[Table]:
    """What :func:`save_tables` wrote; ConfigError for anything else."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        found = json.loads(text)
    except UnicodeDecodeError:
        raise ConfigError("table", "a JSON file", str(path)) from None
    except (ValueError, RecursionError):
        raise ConfigError("table", "JSON", text) from None
    tables = found.get("tables") if isinstance(found, dict) else None
    if isinstance(tables, list) and tables:
        return [Table.from_json(json.dumps(each)) for each in tables]
    return [Table.from_json(text)]


def _record(row: Row | ProbeRow) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value for name, value in asdict(row).items()
    }


def _typed(kind: type[Row] | type[ProbeRow], record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record, each of its type; a field that is not one is an error."""
    of_type: Mapping[str, Callable[[Any], Any]] = {"str": str, "float": _number, "int": int}
    types = {item.name: of_type[str(item.type)] for item in fields(kind)}
    unknown = set(record) - set(types)
    if unknown:
        raise ValueError(f"unknown {', '.join(sorted(unknown))}")
    late = {item.name for item in fields(kind) if item.default is not MISSING} - set(record)
    return {name: kind_(record[name]) for name, kind_ in types.items() if name not in late}


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


def merge(tables: Sequence[Table]) -> Table:
    """Tables of one data set and module, a stage or more each, as one; ConfigError where layers or classes differ."""
    first = tables[0]
    for other in tables[1:]:
        for name in ("classes", "layers", "convention", "distance"):
            if getattr(other, name) != getattr(first, name):
                raise ConfigError(name, f"those of the first stage, {getattr(first, name)}", getattr(other, name))
    return Table(
        first.classes,
        tuple(_chain(table.stages for table in tables)),
        first.layers,
        first.convention,
        tuple(_chain(table.rows for table in tables)),
        tuple(_chain(table.probes for table in tables)),
        tuple(_chain(table.notes for table in tables)),
        first.distance,
    )


def _chain(parts: Iterable[Sequence[Any]]) -> Iterator[Any]:
    return (item for part in parts for item in part)
