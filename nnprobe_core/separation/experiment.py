"""SeparationStudy: a generator of frames, one for each stage at which every pair and layer of a network is measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import Frame
from nnprobe_core.maths.henze_penrose import draw_subsets, resampled
from nnprobe_core.maths.permutation import LEAST_RUNS, WARNING
from nnprobe_core.separation.config import SeparationConfig
from nnprobe_core.separation.planes import PairPlanes, decoded, encoded
from nnprobe_core.separation.significance import TESTS, pair_tests, seed_tests
from nnprobe_core.separation.study import Study
from nnprobe_core.studies.examples import Examples, examples
from nnprobe_core.studies.learner import Learner, learner
from nnprobe_core.studies.study import ModuleStudy, Stage
from nnprobe_core.training.conductor import Conductor
from nnprobe_core.training.schedule import frame_steps

Array = np.ndarray

FEW = 10  #: pairs below which resamples of their points stand in for a histogram of pairs
RESAMPLES = 30
PAIRS_TO_TEST = 4  #: with fewer, Fisher's test cannot come to 5 %

_TRAIN, _TEST = "train", "test"


@dataclass(frozen=True)
class _Measured:
    """A network, what it learns, and what is looked at."""

    data: Examples
    learner: Learner
    study: Study
    steps: tuple[int, ...]  # optimiser steps at the stages, 0 first


class SeparationStudy(ModuleStudy[SeparationConfig]):
    """Separation: stage 0 is before training, then follow as many as the config says, dense at the start of training;
    then one for each further seed, which has no pictures, only its differences. The last has the tests in its header.
    """

    def __init__(self, config: SeparationConfig, *, checkpoints: Sequence[Frame] = ()) -> None:
        super().__init__(config, checkpoints=checkpoints)
        self._before: dict[str, Array] = {}  # the planes of the last stage, by array name
        self._ends: dict[str, Array] = {}  # separations at the first and the last stage
        self._scored: dict[str, Array] = {}  # the scores of the network that is shown, as they stand
        self._seeds: list[Array] = []  # per network, mean separations (2, L) at its first and last stage
        if self.saved is not None:
            self._recall(self.saved.arrays)

    def stage(self, stage: int, conductor: Conductor) -> Stage | None:
        found = self._shown(stage, conductor) if stage <= self.config.stages else self._further(stage, conductor)
        if found is None or stage < self.config.planned:
            return found
        return Stage(found.arrays, found.state, {**found.header, "tests": self._tests()})

    def _measured(self, seed: int, sets: Sequence[str]) -> _Measured:
        """The network of a seed, untrained."""
        config, data = self.config, examples(self.config, seed)
        made = learner(config, data, seed)
        steps = config.epochs * made.per_epoch
        if steps < config.stages:
            raise ConfigError("stages", f"at most {steps}, the steps of all epochs", config.stages)
        study = Study(data, sets=sets, per_class=config.per_class, probe=len(sets) > 1, seed=config.seed)
        return _Measured(data, made, study, frame_steps(steps, config.stages + 1))

    @cached_property
    def _first(self) -> _Measured:
        """The network that is shown, where the checkpoints left it."""
        first = self._measured(self.config.seed, (_TRAIN, _TEST))
        if self.saved is not None:
            first.learner.restore(first.steps[self.saved.step], self.saved.arrays)
        return first

    @cached_property
    def _planes(self) -> PairPlanes:
        study = self._first.study
        return PairPlanes(study.points(_TRAIN)[1], study.labels)

    @cached_property
    def _subsets(self) -> Array | None:
        study = self._first.study
        few = len(study.pairs) < FEW
        return draw_subsets(study.points(_TRAIN)[1], seed=self.config.seed) if few else None

    def _shown(self, stage: int, conductor: Conductor) -> Stage | None:
        """A stage of the network that is shown."""
        first = self._first
        learner, study = first.learner, first.study
        if not self.teach(learner, first.steps[stage], conductor):
            return None
        arrays = self._look(learner, study, conductor)
        if arrays is None:
            return None
        epoch = self.progress.epoch = learner.step / learner.per_epoch
        self._scored = {**learner.scores(first.data), "series.stage": np.array([learner.step, epoch], np.float32)}
        arrays |= self._scored
        header: dict[str, Any] = {}
        if stage == 0:
            arrays["separation.pairs"] = np.array(study.pairs, np.uint8)
            arrays["pca.y"] = np.repeat(np.array([0, 1], np.uint8), self._planes.count)
            header = {
                "layers": list(self._before),
                "classes": [study.name(label) for label in study.labels],
                "points": [len(study.points(name)[0]) for name in (_TRAIN, _TEST)],
                "steps": list(first.steps),
                "epoch": learner.per_epoch,
            }
            self._ends["first"] = arrays["separation.train"]
        self._ends["last"] = arrays["separation.train"]
        if stage == self.config.stages:
            self._seeds = [np.stack([_means(self._ends[name]) for name in ("first", "last")])]
            arrays["series.seed"] = self._seeds[0].astype(np.float32)
        return Stage(arrays, self._state(learner.state()), header)

    def _look(self, learner: Learner, study: Study, conductor: Conductor) -> dict[str, Array] | None:
        """Everything that is measured at one stage; None where it was stopped meanwhile."""
        planes, subsets = self._planes, self._subsets
        outputs = study.outputs(learner.module)
        arrays: dict[str, Array] = {}
        of_layer = (_TRAIN, _TEST, "probe", "baseline", "radius", "share", "resamples")
        rows: dict[str, list[Array]] = {name: [] for name in of_layer}
        flat: Array | None = None
        for index, layer in enumerate(outputs[_TRAIN]):
            if not conductor.go():
                return None
            seen = study.measure(layer, {name: of_set[layer] for name, of_set in outputs.items()})
            for name in (_TRAIN, _TEST):
                found = seen.pairs.get(name, {})
                rows[name].append(np.array([found[pair].raw if pair in found else np.nan for pair in study.pairs]))
            probe = seen.probe
            rows["probe"].append(np.array([probe.accuracy, probe.low, probe.high, probe.baseline]))
            rows["baseline"].append(np.array([probe.baseline_low, probe.baseline_high]))
            train = outputs[_TRAIN][layer]
            # At the first stage a layer lies as the one before it does; later, as it lay itself.
            flat, share = planes.project(train, self._before.get(layer, flat))
            arrays[f"pca.{index}"], radius = encoded(flat)
            self._before[layer] = flat = decoded(arrays[f"pca.{index}"], radius)
            rows["radius"].append(radius)
            rows["share"].append(share)
            if subsets is not None:
                known = np.isfinite(train).all()
                values = resampled(train, study.points(_TRAIN)[1], subsets) if known else np.full(RESAMPLES, np.nan)
                rows["resamples"].append(values)
        names = {_TRAIN: "separation.train", _TEST: "separation.test", "resamples": "separation.resamples"}
        names |= {"probe": "series.probe", "baseline": "series.baseline", "radius": "pca.radius", "share": "pca.share"}
        return arrays | {names[key]: np.stack(value).astype(np.float32) for key, value in rows.items() if value}

    def _further(self, stage: int, conductor: Conductor) -> Stage | None:
        """One more network, looked at before and after, on the training set alone."""
        made = self._measured(self.config.seed + stage - self.config.stages, (_TRAIN,))
        ends = []
        for step in (0, made.steps[-1]):
            if not self.teach(made.learner, step, conductor):
                return None
            means = []
            for layer, output in made.study.outputs(made.learner.module)[_TRAIN].items():
                if not conductor.go():
                    return None
                found = made.study.measure(layer, {_TRAIN: output}).pairs.get(_TRAIN, {})
                means.append(np.mean([each.raw for each in found.values()]) if found else np.nan)
            ends.append(np.array(means))
        self._seeds.append(np.stack(ends))
        return Stage({"series.seed": self._seeds[-1].astype(np.float32), **self._scored}, self._state({}))

    def _tests(self) -> list[dict[str, Any]]:
        """Fisher's tests over the pairs of the first network, and the test over seeds where there are enough."""
        first, last = self._ends["first"], self._ends["last"]
        found = [
            ("fisher", test, each)
            for test in TESTS
            if len(first[0]) >= PAIRS_TO_TEST
            for each in pair_tests(test, first, last, permutations=self.config.permutations, seed=self.config.seed)
        ]
        if len(self._seeds) >= LEAST_RUNS:
            means = np.stack(self._seeds)  # (seeds, 2, L)
            found += [("seeds", test, each) for test in TESTS for each in seed_tests(test, means[:, 0], means[:, 1])]
        return [
            {
                "kind": kind,
                "test": test,
                "layer": each.layer,
                "against": each.against,
                "difference": _plain(each.difference),
                "p_value": _plain(each.p_value),
                **(
                    {"pairs": each.count, "warning": WARNING}
                    if kind == "fisher"
                    else {"adjusted": _plain(each.adjusted), "runs": each.count}
                ),
            }
            for kind, test, each in found
        ]

    def _state(self, learner: Mapping[str, Array]) -> dict[str, Array]:
        """What it is continued from: with the ``learner`` of the network that is shown, none once that is done."""
        arrays = dict(learner)
        arrays |= {f"before.{layer}": flat for layer, flat in self._before.items()} if learner else {}
        arrays |= {f"ends.{name}": values for name, values in self._ends.items()}
        arrays |= {f"scored.{name}": values for name, values in self._scored.items()}
        if self._seeds:
            arrays["seeds"] = np.stack(self._seeds)
        return arrays

    def _recall(self, arrays: Mapping[str, Array]) -> None:
        self._ends = {name: arrays[f"ends.{name}"] for name in ("first", "last")}
        self._before = {key.removeprefix("before."): arrays[key] for key in arrays if key.startswith("before.")}
        self._scored = {key.removeprefix("scored."): arrays[key] for key in arrays if key.startswith("scored.")}
        self._seeds = list(arrays["seeds"]) if "seeds" in arrays else []


def _means(values: Array) -> Array:
    return np.asarray(values.mean(axis=1, dtype=np.float64))


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
