"""Every preset's sentence, as said, on a few seeds (``python -m benchmarks.presets`` asks a hundred)."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from app.pages.presets import PRESETS, Claim, preset
from benchmarks.sentences import AT_A_FRAME, OF_A_NETWORK, TESTS, Seen, holds, measured, quantity, watch
from nnprobe_core.config import RunConfig
from nnprobe_core.training.trainer import train

SELDOM = 0.025  #: what comes less often than once in forty times is no accident


@pytest.mark.parametrize("one", PRESETS, ids=lambda one: one.name)
def test_the_sentence_is_true(one):
    known = dict[RunConfig, list[Seen]]()
    assert one.claims
    seeds = range(max(map(seeds_to_refute, one.claims)))
    assert one.watch.startswith("Watch ")
    for claim in one.claims:
        values = measured(one, claim, seeds, known)
        count, (lo, hi) = holds(claim, values), claim.seeds
        assert 0 <= lo <= hi <= 100
        # Fewer, or more, than would be seen but seldom of a share at the bound.
        assert binom.cdf(count, len(seeds), lo / 100) > SELDOM, (claim, values)
        assert binom.sf(count - 1, len(seeds), hi / 100) > SELDOM, (claim, values)


def seeds_to_refute(claim: Claim) -> int:
    """The fewest seeds that can tell a claim from its opposite: that it holds for none, or for all, is no accident."""
    lo, hi = claim.seeds
    share = min(1 - lo / 100 if lo else 1.0, hi / 100 if hi < 100 else 1.0)
    return max(2, math.ceil(math.log(SELDOM) / math.log(share))) if share else 2


def test_a_claim_names_what_is_measured():
    for one in PRESETS:
        for claim in one.claims:
            own, _, step = claim.quantity.partition("@")
            assert own in AT_A_FRAME or (own in OF_A_NETWORK and not step)
            assert claim.where in TESTS
            assert not step or int(step) <= one.config.steps
            RunConfig.from_mapping({**one.settings, **claim.change, **(claim.against or {})})


def test_what_is_watched_is_what_the_film_shows():
    """Side by side in one kernel, seeds are but for rounding the runs of the lab."""
    config = RunConfig.from_mapping({"hidden": "6-6", "steps": 40, "frames": 30, "n_train": 80, "n_test": 50})
    seen = watch(config, [3, 5])
    for seed, one in zip([3, 5], seen, strict=True):
        frames = list(train(replace(config, seed_data=seed, seed_init=seed, seed_batch=seed)))
        assert [frame.step for frame in frames] == [look.step for look in one.frames]
        for frame, look in zip(frames, one.frames, strict=True):
            np.testing.assert_allclose(look.losses, frame.arrays["series.loss"], rtol=1e-3)
            np.testing.assert_allclose(look.signals, frame.arrays["series.gradients"][:-1, 4], rtol=1e-3)
            assert look.verdict == frame.arrays["series.verdict"][0]
            assert look.classes is None or (look.classes != frame.arrays["boundary.class"]).mean() < 0.01
        assert sum(look.classes is not None for look in one.frames) == 8
        assert quantity("test@20")(one) == one.before(20).losses[3]
        assert one.before(20).step == 20


def test_regions_and_walls_are_counted():
    seen = watch(preset("third-neuron").config, [0])[0]
    assert quantity("closed")(seen) == 1
    assert quantity("regions")(seen) == 2
    assert quantity("flat")(seen) < 0.1


def test_a_lie_is_found_out():
    """As the sentence that the islands were gone, of which only the accuracy had been asked."""
    one = preset("third-neuron")
    known = dict[RunConfig, list[Seen]]()
    lie = Claim("closed", "==", 0, (95, 100))
    assert holds(lie, measured(one, lie, range(2), known)) == 0
    more = Claim("test", ">", 0, (95, 100), against={"hidden": "2"})
    assert holds(more, measured(one, more, range(2), known)) == 2
