"""A film of each kind in a few lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from app.summaries import attack, separation
from app.summaries.summary import Summary
from nnprobe_core import registry
from nnprobe_core.base_config import BaseConfig
from nnprobe_core.fields import integer
from nnprobe_core.frame import Frame, encode


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
