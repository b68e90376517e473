"""What a config asks for: in proportion to what it says, and refused by the field that asks for it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from nnprobe_core import registry
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError
from nnprobe_core.kinds import config_class, config_from_mapping
from nnprobe_core.work import CALLS, check_limit, looks, parameters, training

LIMIT = 10**14


def test_parameters_are_those_of_torch():
    torch = pytest.importorskip("torch")
    widths = (2, 7, 5, 3)
    layers = [torch.nn.Linear(a, b) for a, b in pairwise(widths)]
    assert parameters(widths) == sum(p.numel() for layer in layers for p in layer.parameters())


def test_a_step_is_three_passes_over_its_batch():
    assert training(1000, 64, 10) == 10 * (3 * 64 * 1000 + CALLS)
    assert looks((2, 300, 300, 2), 5, 100) < looks((2, 300, 300, 2), 10, 100) == 2 * looks((2, 300, 300, 2), 5, 100)


@pytest.mark.parametrize("kind", registry.CONFIGS)
def test_every_kind_says_its_work_by_fields_it_has_and_its_defaults_are_seconds_of_it(kind):
    config = config_class(kind)()
    for field, amount in config.work.items():
        assert hasattr(config, field)
        assert amount > 0
        assert isinstance(amount, int)
    assert sum(config.work.values()) < 10**12
    check_limit(config, config.work, LIMIT, "multiply-adds")


@pytest.mark.parametrize("kind", registry.CONFIGS)
def test_each_share_of_the_work_grows_with_its_field(kind):
    config = config_class(kind)()
    for field in config.work:
        more = config_class(kind).from_mapping({**config.to_mapping(), field: 2 * getattr(config, field)})
        assert more.work[field] > 1.5 * config.work[field], field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hidden": "256-256-256-256-256-256", "steps": 1_000_000}, "steps"),
        ({"hidden": "256-256-256-256-256-256", "steps": 3000, "frames": 3000}, "frames"),
        ({"kind": "sweep", "hidden": "256-256-256", "over": "lr", "values": "0.01,0.1", "seeds": 100,
          "steps": 100_000}, "seeds"),
        ({"kind": "attack", "hidden": "256-256-256-256", "epochs": 1000, "batch_size": 1}, "epochs"),
        ({"kind": "attack", "hidden": "256-256-256-256", "method": "pgd", "iterations": 100, "restarts": 20,
          "per_class": 500, "sizes": 200}, "sizes"),
        ({"kind": "separation", "per_class": 500, "stages": 200, "seeds": 1}, "stages"),
    ],
)  # fmt: skip
def test_what_asks_for_too_much_is_told_how_far_its_field_may_go(changes, field):
    config = config_from_mapping(changes)
    limit = sum(config.work.values()) * 2 // 3
    with pytest.raises(ConfigError, match=rf"{field} must be at most [\d,]+ .* multiply-adds, got") as caught:
        check_limit(config, config.work, limit, "multiply-adds")
    most = int(caught.value.bound.split()[2].replace(",", ""))
    assert most < getattr(config, field)
    check_limit(replace(config, **{field: most}), replace(config, **{field: most}).work, limit, "multiply-adds")


def test_a_network_no_setting_can_save_is_told_to_be_smaller():
    config = RunConfig.from_mapping({"hidden": "256-256-256-256-256-256", "steps": 2, "frames": 3})
    with pytest.raises(ConfigError, match="hidden must be fewer or narrower layers"):
        check_limit(config, config.work, 10**9, "multiply-adds")


def test_the_weights_of_every_frame_take_room():
    wide = RunConfig.from_mapping({"hidden": "256-256-256-256-256-256", "frames": 3000, "steps": 5000})
    assert wide.room == {"frames": 4 * parameters(wide.widths) * 3000}
    with pytest.raises(ConfigError, match="frames must be at most 1,6"):
        check_limit(wide, wide.room, 2 * 2**30, "bytes")
