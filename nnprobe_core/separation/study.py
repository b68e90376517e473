"""A study: every class pair in every layer, on the training and the test set, at one stage or at many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Protocol

import numpy as np
from torch import nn

from nnprobe_core.errors import ConfigError
from nnprobe_core.maths.evenly import evenly
from nnprobe_core.maths.henze_penrose import CONVENTIONS, HenzePenrose, pairwise
from nnprobe_core.maths.linear_probe import UNREADABLE, LinearProbe, linear_probe
from nnprobe_core.maths.metrics import METRICS, as_seen, check_metric
from nnprobe_core.maths.pca import main_components
from nnprobe_core.maths.sites import find_sites
from nnprobe_core.separation.hooks import layer_outputs
from nnprobe_core.separation.table import SETS, ProbeRow, Row, Table, merge

Array = np.ndarray

INPUT = "input"  #: the layer before all others
PROBE_WIDTH = 256  #: units of a layer beyond which the linear probe reads its main components


class Sets(Protocol):
    """A training and a test set: inputs (n, …) and labels (n,) of whole numbers from 0."""

    @property
    def x_train(self) -> Array: ...
    @property
    def y_train(self) -> Array: ...
    @property
    def x_test(self) -> Array: ...
    @property
    def y_test(self) -> Array: ...


@dataclass(frozen=True)
class Measured:
    """What was found of one layer: per set and class pair (none for a set that is not finite), its probe, and notes."""

    pairs: Mapping[str, Mapping[tuple[int, int], HenzePenrose]]
    probe: LinearProbe
    notes: tuple[str, ...]


class Study:
    """What is looked at, at each stage.

    Parameters
    ----------
    data : Sets
        An :class:`~nnprobe_core.datasets.images.Images`, a :class:`~nnprobe_core.datasets.data.Data`, or alike.
    layers : sequence of str, optional
        As in :func:`~nnprobe_core.separation.hooks.layer_outputs`.
    sets : sequence of str
        ``train``, ``test`` or both.
    classes : sequence of int, optional
        Labels to compare; all unless given.
    per_class : int, optional
        At most so many points of each class and set, evenly chosen; all unless given. Time grows with its square.
    convention : str
        Of :func:`~nnprobe_core.maths.henze_penrose.henze_penrose`: ``balanced`` is there for comparison only.
    distance : str
        Which points are near: euclidean, cosine (directions alone) or l1.
    probe : bool
        Whether a linear probe is fitted to each layer.
    batch_size, device :
        As in :func:`~nnprobe_core.separation.hooks.layer_outputs`.
    seed : int
        Of the probe's shuffled labels.

    Raises ConfigError for fewer than two classes, or a class of fewer than two points.
    """

    def __init__(
        self,
        data: Sets,
        *,
        layers: Sequence[str] | None = None,
        sets: Sequence[str] = SETS,
        classes: Sequence[int] | None = None,
        per_class: int | None = None,
        convention: str = CONVENTIONS[0],
        distance: str = METRICS[0],
        probe: bool = True,
        batch_size: int = 256,
        device: str | None = None,
        seed: int = 0,
    ) -> None:
        if not sets or any(name not in SETS for name in sets):
            raise ConfigError("sets", f"one or both of {', '.join(SETS)}", sets)
        if convention not in CONVENTIONS:
            raise ConfigError("convention", f"one of {', '.join(CONVENTIONS)}", convention)
        if per_class is not None and per_class < 2:
            raise ConfigError("per_class", "a whole number from 2 on", per_class)
        check_metric(distance)
        self.data, self.sets, self.convention, self.probe = data, tuple(sets), convention, probe
        self.distance = distance
        self._layers, self._per_class, self._seed = layers, per_class, seed
        self._batch_size, self._device = batch_size, device
        present = sorted({int(label) for label in np.unique(data.y_train)})
        chosen = present if classes is None else sorted({int(label) for label in classes})
        missing = [label for label in chosen if label not in present]
        if missing:
            raise ConfigError("classes", f"among {present}", missing)
        if len(chosen) < 2:
            raise ConfigError("classes", "two or more", len(chosen))
        self.labels = chosen
        self.pairs = list(combinations(chosen, 2))
        self._parts = {name: self._part(name) for name in SETS if name in self.sets or probe}
        self._input: Measured | None = None

    def _part(self, name: str) -> tuple[Array, Array]:
        """Inputs and labels of one set: the chosen classes, so many of each."""
        x, y = (getattr(self.data, f"{side}_{name}") for side in "xy")
        members = [np.flatnonzero(np.asarray(y) == label) for label in self.labels]
        members = [of_class[evenly(len(of_class), self._per_class, ends=True)] for of_class in members]
        for label, of_class in zip(self.labels, members, strict=True):
            if len(of_class) < 2:
                raise ConfigError(
                    f"class {self.name(label)}", f"of two points or more in the {name} set", len(of_class)
                )
        chosen = np.sort(np.concatenate(members))
        return np.asarray(x)[chosen], np.asarray(y)[chosen].astype(np.intp)

    def name(self, label: int) -> str:
        """The name of a class."""
        names: Any = getattr(self.data, "classes", None)
        return str(names[label]) if names is not None else str(label)

    def points(self, name: str) -> tuple[Array, Array]:
        """Inputs (n, …) and labels (n,) of the set ``name`` as they are looked at."""
        return self._parts[name]

    def outputs(self, module: nn.Module) -> dict[str, dict[str, Array]]:
        """Set → layer → (n, units): the input and every layer of ``module``, once for all pairs."""
        out = {}
        for name, (x, _) in self._parts.items():
            seen = layer_outputs(module, x, self._layers, batch_size=self._batch_size, device=self._device)
            out[name] = {INPUT: np.asarray(x, np.float32).reshape(len(x), -1), **seen}
        return out

    def look(self, module: nn.Module, stage: str) -> Table:
        """The table of ``module`` as it is now, called ``stage``."""
        return self.tabulate(self.outputs(module), stage)

    def tabulate(self, outputs: Mapping[str, Mapping[str, Array]], stage: str) -> Table:
        """The table of :meth:`outputs`."""
        layers = list(next(iter(outputs.values())))
        rows: list[Row] = []
        probes: list[ProbeRow] = []
        notes: list[str] = []
        for layer in layers:
            seen = self.measure(layer, {name: of_set[layer] for name, of_set in outputs.items()})
            for name in self.sets:
                rows += self._rows(seen, name, stage, layer)
            if self.probe:
                read = seen.probe
                chance = (read.baseline, read.baseline_low, read.baseline_high)
                probes.append(ProbeRow(stage, layer, read.accuracy, read.low, read.high, *chance))
            notes += [f"Stage {stage}, layer {layer}, {note}" for note in seen.notes]
        names = tuple(map(self.name, self.labels))
        found = (tuple(rows), tuple(probes), tuple(notes))
        return Table(names, (stage,), tuple(layers), self.convention, *found, distance=self.distance)

    def measure(self, layer: str, outputs: Mapping[str, Array]) -> Measured:
        """One layer's separations and probe, given its outputs per set; the input's are found once."""
        if layer == INPUT and self._input is not None:
            return self._input
        pairs: dict[str, dict[tuple[int, int], HenzePenrose]] = {}
        notes: list[str] = []
        for name in self.sets:
            output = outputs[name]
            if bad := np.count_nonzero(~np.isfinite(output)):
                notes.append(f"{name} set: {bad} values are not finite, so its separation is not known.")
                continue
            sites = find_sites(as_seen(output, self.distance))
            if len(sites[1]) == 1:
                notes.append(f"{name} set: all points are on one place, so its separation is 0.")
            labels = self.points(name)[1]
            pairs[name] = pairwise(output, labels, convention=self.convention, sites=sites, metric=self.distance)
        probe = self._read(outputs["train"], outputs["test"]) if self.probe else UNREADABLE
        found = Measured(pairs, probe, tuple(notes))
        if layer == INPUT:
            self._input = found
        return found

    def _rows(self, seen: Measured, name: str, stage: str, layer: str) -> list[Row]:
        if name in seen.pairs:
            return [
                Row(name, stage, layer, self.name(a), self.name(b), each.value, each.raw, each.n, each.m, each.sites)
                for (a, b), each in seen.pairs[name].items()
            ]
        labels, nan = self.points(name)[1], float("nan")
        counts = {label: int(np.count_nonzero(labels == label)) for label in self.labels}
        return [
            Row(name, stage, layer, self.name(a), self.name(b), nan, nan, counts[a], counts[b], 0)
            for a, b in self.pairs
        ]

    def _read(self, train: Array, test: Array) -> LinearProbe:
        if not (np.isfinite(train).all() and np.isfinite(test).all()):
            return UNREADABLE
        if train.shape[1] > PROBE_WIDTH:
            plane = main_components(train, PROBE_WIDTH)
            train, test = plane.project(train), plane.project(test)
        return linear_probe(train, self.points("train")[1], test, self.points("test")[1], seed=self._seed)


def run_study(stages: Iterable[tuple[str, nn.Module]], study: Study) -> Table:
    """The table of all ``stages``, (name, module) one after another; the module may be one that changes in between.

    Raises ConfigError where there is no stage, two of one name, or the stages' layers differ.
    """
    tables: list[Table] = []
    for name, module in stages:
        if any(name in table.stages for table in tables):
            raise ConfigError("stages", "of different names", name)
        tables.append(study.look(module, name))
    if not tables:
        raise ConfigError("stages", "one or more", 0)
    return merge(tables)
