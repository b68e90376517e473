"""A film of each kind in a few lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from app.summaries import attack, run, separation, sweep
from app.summaries.summary import Summary
from nnprobe_core import registry
from nnprobe_core.base_config import BaseConfig
from nnprobe_core.config import RunConfig
from nnprobe_core.fields import integer
from nnprobe_core.frame import Frame, encode
from nnprobe_core.sweeps.config import SweepConfig


@dataclass(frozen=True)
class OtherConfig(BaseConfig):
    KIND: ClassVar[str] = "other"
    steps: int = integer(3, 1, 9, "Steps", "other", "How many.")


def test_a_kind_that_has_no_words_of_its_own_says_what_it_is(monkeypatch):
    monkeypatch.setattr(registry, "CONFIGS", {**registry.CONFIGS, "other": f"{__name__}:OtherConfig"})
    monkeypatch.setattr("nnprobe_core.registry.import_module", lambda _: type("module", (), globals()))
    summary = Summary()
    summary.add(encode(Frame(0, {}, header={"config": OtherConfig().to_mapping()})))
    assert summary.lines() == ["kind         other", "link         ?kind=other", "frames       1, to step 0 of 3"]


def test_a_separation_study_says_each_layer_before_and_after():
    history = {
        "separation.test": [np.array([[0.1, 0.3]]), np.array([[0.8, np.nan]])],
        "series.probe": [np.array([[0.5, 0.4, 0.6, 0.1]])],
    }
    asked, found = separation.lines(None, {"layers": ["fc1"], "classes": [0, 1, 2]}, history)
    assert asked == ["separation   1 layers, 3 classes"]
    assert found[-1].split() == ["fc1", "0.200", "0.800", "50.0%", "40.0%", "–", "60.0%"]
    history["series.baseline"] = [np.array([[0.02, 0.98]])]
    found = separation.lines(None, {"layers": ["fc1"], "classes": [0, 1, 2]}, history)[1]
    assert found[-2].endswith("shuffled labels")
    assert found[-1].split()[-3:] == ["2%", "–", "98%"]


@pytest.mark.parametrize("frames", [1, 2])
def test_an_attack_study_has_a_row_for_each_size_reached(frames):
    history = {
        "attack.epsilons": [np.array([0.0, 0.5], np.float32)],
        "series.loss": [np.array([0.1, 0.2, 0.9, 0.8])],
        "series.attack": [np.array([1.0, 1.0, 0.9, 0.9]), np.array([0.25, 0.9, 0.9, 0.7])][:frames],
    }
    asked, found = attack.lines(None, {"classes": ["a", "b"]}, history)
    assert asked == ["attack       2 sizes, 2 classes"]
    assert found[0] == "accuracy     90.00% train, 80.00% test"
    rows = [line.split() for line in found[3:]]
    assert rows == [["0", "100.0%", "100.0%", "90.0%", "90.0%"], ["0.5", "25.0%", "90.0%", "90.0%", "70.0%"]][:frames]


def test_a_sweep_says_of_each_value_the_mean_the_lowest_and_the_highest_of_those_done():
    config = SweepConfig.from_mapping({"over": "lr", "values": "0.1,0.2", "seeds": 3, "test_noise": "0.1,0.4"})
    scores = np.full((6, 4), np.nan)
    scores[:5, 2], scores[:5, 3] = 0.9, [0.5, 0.7, 0.6, 0.3, 0.4]
    noise = np.array([[0.9, 0.1], [0.9, 0.2], [0.9, 0.3], [0.9, 0.4], [0.9, 0.5], [0.9, 0.6]])
    history = {
        "sweep.state": [np.zeros(6), np.array([2, 2, 2, 2, 2, 1])],
        "sweep.scores": [scores],
        "sweep.noise": [noise],
        "sweep.attack": [1 - noise],
    }
    found = sweep.lines(config, {}, history)[1]
    assert found[0] == "done         5 of 6 networks"
    assert found[2].split("  ")[-2:] == ["noise 0.4", "FGSM 0.3"]
    assert [line.split() for line in found[3:]] == [
        ["0.1", "3", "60.0%", "50.0%", "70.0%", "20.0%", "80.0%"],
        ["0.2", "2", "35.0%", "30.0%", "40.0%", "45.0%", "55.0%"],
    ]


def test_a_run_says_loss_accuracy_and_a_row_for_each_layer():
    config = RunConfig(hidden=(5,), n_train=50)
    history = {
        "series.loss": [np.zeros(4), np.array([0.1, 0.2, 0.9, 0.8])],
        "series.separation": [np.array([[0.5, 0.91, 0.82, 0.93, 0.5]] * 3)],
        "series.mapping": [np.array([[1, 0, 0, 0], [0.75, 0, 0, 0], [1, 0, 0, 0]])],
        "series.baseline": [np.array([[0.02, 0.98]] * 3)],
    }
    asked, found = run.lines(config, {}, history)
    assert asked[0] == "dataset      spiral, 100 training points"
    assert found[:2] == ["loss         0.1000 train, 0.2000 test", "accuracy     90.00% train, 80.00% test"]
    assert found[-2].split() == ["hidden", "1", "5", "0.500", "91.0%", "82.0%", "–", "93.0%", "75%", "2%", "–", "98%"]
