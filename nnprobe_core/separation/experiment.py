"""SeparationStudy: a generator of frames, one for each stage at which every pair and layer of a network is measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from nnprobe_core.datasets.data import Data, load_data
from nnprobe_core.datasets.images import Images, load_images
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import CHECKPOINTS, Frame
from nnprobe_core.maths.henze_penrose import draw_subsets, resampled
from nnprobe_core.maths.permutation import LEAST_RUNS, WARNING
from nnprobe_core.models.networks import build
from nnprobe_core.separation.config import DIGITS, SeparationConfig
from nnprobe_core.separation.learner import Learner
from nnprobe_core.separation.planes import PairPlanes, decoded, encoded
from nnprobe_core.separation.significance import TESTS, pair_tests, seed_tests
from nnprobe_core.separation.study import Study
from nnprobe_core.training.conductor import Conductor, Progress
from nnprobe_core.training.inbox import Inbox
from nnprobe_core.training.schedule import frame_steps

Array = np.ndarray

FEW = 10  #: pairs below which resamples of their points stand in for a histogram of pairs
RESAMPLES = 30
PAIRS_TO_TEST = 4  #: with fewer, Fisher's test cannot come to 5 %

_TRAIN, _TEST = "train", "test"


class SeparationStudy:
    """The study of ``config``, from its start or from where its checkpoints left it.

    Parameters
    ----------
    config : SeparationConfig
    checkpoints : sequence of Frame
        The study's checkpoint track, oldest first; the last of them says all.

    Frames are stages: 0 before training, then as many as the config says, dense at the start of training; then one for
    each further seed, which has no pictures, only its differences. The last has the tests in its header.
    """

    def __init__(self, config: SeparationConfig, *, checkpoints: Sequence[Frame] = ()) -> None:
        if config.device == "cuda" and not torch.cuda.is_available():
            raise ConfigError("device", "cpu on a machine without a CUDA device", config.device)
        self.config = config
        self._stage = 0  # the next
        self._before: dict[str, Array] = {}  # the planes of the last stage, by array name
        self._ends: dict[str, Array] = {}  # separations at the first and the last stage
        self._scored: dict[str, Array] = {}  # the scores of the network that is shown, as they stand
        self._seeds: list[Array] = []  # per network, mean separations (2, L) at its first and last stage
        self._checkpoint = checkpoints[-1] if checkpoints else None
        if self._checkpoint is not None:
            if self._checkpoint.header.get("config") != config.to_mapping():
                raise ConfigError("checkpoints", "of the same config", self._checkpoint.header.get("config"))
            self._stage = self._checkpoint.step + 1
        self.progress = Progress(max(0, self._stage - 1), config.planned, 0.0, config.lr)

    def frames(self, inbox: Inbox | None = None, pace: float = 0) -> Iterator[Frame]:
        """All frames to come; may be called once. ``pace``: frames per second, 0 for as fast as possible."""
        config, conductor = self.config, Conductor(self.progress, inbox, pace)
        if self._stage > config.planned:
            return
        if self._stage <= config.stages:
            yield from self._first(conductor)
        elif self._checkpoint is not None:
            self._recall(self._checkpoint.arrays)
        while not self.progress.stopped and config.stages < self._stage <= config.planned:
            yield from self._further(conductor)

    def _first(self, conductor: Conductor) -> Iterator[Frame]:
        """The stages of the network that is shown."""
        config = self.config
        data = _data(config, config.seed)
        learner, study = self._learner(data, config.seed), self._study(data)
        schedule = _schedule(config, learner)
        planes = PairPlanes(study.points(_TRAIN)[1], study.labels)
        subsets = draw_subsets(study.points(_TRAIN)[1], seed=config.seed) if len(study.pairs) < FEW else None
        if self._checkpoint is not None:
            self._recall(self._checkpoint.arrays)
            learner.restore(schedule[self._stage - 1], self._checkpoint.arrays)
        while self._stage <= config.stages:
            stage = self._stage
            while conductor.go() and not learner.advance(schedule[stage], conductor.interrupted):
                pass
            if self.progress.stopped:
                return
            arrays = self._look(learner, study, planes, subsets, conductor)
            if arrays is None:
                return
            self._scored = self._scores(learner, data)
            arrays |= self._scored
            self.progress.epoch = learner.step / learner.per_epoch
            header: dict[str, Any] = {}
            if stage == 0:
                arrays["separation.pairs"] = np.array(study.pairs, np.uint8)
                arrays["pca.y"] = np.repeat(np.array([0, 1], np.uint8), planes.count)
                header = {
                    "config": config.to_mapping(),
                    "layers": self._layers,
                    "classes": [study.name(label) for label in study.labels],
                    "points": [len(study.points(name)[0]) for name in (_TRAIN, _TEST)],
                    "steps": list(schedule),
                    "epoch": learner.per_epoch,
                }
                self._ends["first"] = arrays["separation.train"]
            self._ends["last"] = arrays["separation.train"]
            if stage == config.stages:
                self._seeds = [np.stack([_means(self._ends[name]) for name in ("first", "last")])]
                arrays["series.seed"] = self._seeds[0].astype(np.float32)
            yield self._frame(stage, arrays, header, conductor)
            yield self._save(stage, learner.state())

    def _look(
        self, learner: Learner, study: Study, planes: PairPlanes, subsets: Array | None, conductor: Conductor
    ) -> dict[str, Array] | None:
        """Everything that is measured at one stage; None where it was stopped meanwhile."""
        outputs = study.outputs(learner.module)
        self._layers = list(outputs[_TRAIN])
        arrays: dict[str, Array] = {}
        of_layer = (_TRAIN, _TEST, "probe", "baseline", "radius", "share", "resamples")
        rows: dict[str, list[Array]] = {name: [] for name in of_layer}
        flat: Array | None = None
        for index, layer in enumerate(self._layers):
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

    def _scores(self, learner: Learner, data: Data | Images) -> dict[str, Array]:
        loss, accuracy = learner.score(data.x_train, data.y_train)
        loss_test, accuracy_test = learner.score(data.x_test, data.y_test)
        return {
            "series.loss": np.array([loss, loss_test, accuracy, accuracy_test], np.float32),
            "series.stage": np.array([learner.step, learner.step / learner.per_epoch], np.float32),
        }

    def _further(self, conductor: Conductor) -> Iterator[Frame]:
        """One more network, looked at before and after, on the training set alone."""
        config, stage = self.config, self._stage
        seed = config.seed + stage - config.stages
        data = _data(config, seed)
        learner, study = self._learner(data, seed), self._study(data, (_TRAIN,))
        ends = []
        for target in (0, _schedule(config, learner)[-1]):
            while conductor.go() and not learner.advance(target, conductor.interrupted):
                pass
            if self.progress.stopped:
                return
            outputs = study.outputs(learner.module)[_TRAIN]
            means = []
            for layer, output in outputs.items():
                if not conductor.go():
                    return
                found = study.measure(layer, {_TRAIN: output}).pairs.get(_TRAIN, {})
                means.append(np.mean([each.raw for each in found.values()]) if found else np.nan)
            ends.append(np.array(means))
        self._seeds.append(np.stack(ends))
        arrays = {"series.seed": self._seeds[-1].astype(np.float32), **self._scored}
        yield self._frame(stage, arrays, {}, conductor)
        yield self._save(stage, {})

    def _frame(self, stage: int, arrays: dict[str, Array], header: dict[str, Any], conductor: Conductor) -> Frame:
        if stage == self.config.planned:
            header = {**header, "tests": self._tests()}
        self._stage = stage + 1
        conductor.shown(stage)
        return Frame(stage, arrays, header=header)

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

    def _learner(self, data: Data | Images, seed: int) -> Learner:
        config = self.config
        classes = int(np.max(data.y_train)) + 1
        hidden = config.hidden if config.model == "mlp" else config.hidden[-1:]
        module = build(config.model, data.x_train.shape[1:], classes, seed=seed, hidden=hidden)
        x, y, device = data.x_train, data.y_train, config.device
        return Learner(module, x, y, lr=config.lr, batch_size=config.batch_size, seed=seed, device=device)

    def _study(self, data: Data | Images, sets: Sequence[str] = (_TRAIN, _TEST)) -> Study:
        probe = len(sets) > 1
        return Study(data, sets=sets, per_class=self.config.per_class, probe=probe, seed=self.config.seed)

    def _save(self, stage: int, learner: Mapping[str, Array]) -> Frame:
        arrays = dict(learner)
        arrays |= {f"before.{layer}": flat for layer, flat in self._before.items()} if learner else {}
        arrays |= {f"ends.{name}": values for name, values in self._ends.items()}
        arrays |= {f"scored.{name}": values for name, values in self._scored.items()}
        if self._seeds:
            arrays["seeds"] = np.stack(self._seeds)
        return Frame(stage, arrays, track=CHECKPOINTS, header={"config": self.config.to_mapping()})

    def _recall(self, arrays: Mapping[str, Array]) -> None:
        self._ends = {name: arrays[f"ends.{name}"] for name in ("first", "last")}
        self._before = {key.removeprefix("before."): arrays[key] for key in arrays if key.startswith("before.")}
        self._scored = {key.removeprefix("scored."): arrays[key] for key in arrays if key.startswith("scored.")}
        self._seeds = list(arrays["seeds"]) if "seeds" in arrays else []


def _data(config: SeparationConfig, seed: int) -> Data | Images:
    return load_images(DIGITS, seed=seed) if config.dataset == DIGITS else load_data(config.run(seed))


def _schedule(config: SeparationConfig, learner: Learner) -> tuple[int, ...]:
    """The optimiser steps of the stages, 0 first."""
    steps = config.epochs * learner.per_epoch
    if steps < config.stages:
        raise ConfigError("stages", f"at most {steps}, the steps of all epochs", config.stages)
    return frame_steps(steps, config.stages + 1)


def _means(values: Array) -> Array:
    return np.asarray(values.mean(axis=1, dtype=np.float64))


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
