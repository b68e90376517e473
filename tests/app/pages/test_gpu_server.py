"""A server that trains on a GPU: what says nothing of a device goes there, and its pages have the choice."""

from __future__ import annotations

import json

import pytest

from app.jobs.admission import config_here
from app.pages import PAGES
from app.pages.frame import facts, layout
from app.settings import Settings
from nnprobe_core.errors import ConfigError

HERE, GPU = (
    Settings.from_environment({"NNPROBE_HOME": "/nowhere", "NNPROBE_DEVICE": device, "CUDA_VISIBLE_DEVICES": "0"})
    for device in ("cpu", "cuda")
)


@pytest.mark.parametrize("kind", ["run", "sweep", "attack", "separation"])
def test_what_says_nothing_of_a_device_trains_on_the_servers(kind):
    assert config_here({"kind": kind}, GPU).device == "cuda"
    assert config_here({"kind": kind, "device": "cpu"}, GPU).device == "cpu"
    assert config_here({"kind": kind}, HERE).device == "cpu"


def test_an_engine_that_has_no_gpu_keeps_the_cpu():
    assert config_here({"engine": "autograd", "device": "cuda"}, GPU).device == "cpu"
    with pytest.raises(ConfigError, match="device must be cpu with the engine autograd"):
        config_here({"engine": "autograd", "device": "cuda"}, HERE)


def test_nonsense_is_refused_as_everywhere():
    with pytest.raises(ConfigError, match="config must be a mapping"):
        config_here([], GPU)
    with pytest.raises(ConfigError, match="lr must be a number"):
        config_here({"lr": "fast"}, GPU)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_pages_have_the_choice_only_there(page):
    if page.form is None:
        return
    for device, shown in (("cpu", False), ("cuda", True)):
        here = page.here(frozenset({"course"}), device)
        parts = list(parts_of(layout(here, PAGES)))
        assert ("device" in [part.get("data-field") for part in parts]) == shown
        (defaults,) = [json.loads(part["data-defaults"]) for part in parts if "data-defaults" in part]
        assert defaults["device"] == device
        assert json.loads(facts(here, PAGES, device))["device"] == device


def parts_of(component):
    """The properties of a component and of all within it."""
    told = component.to_plotly_json()["props"]
    yield told
    children = told.get("children") or []
    for child in children if isinstance(children, list) else [children]:
        if hasattr(child, "to_plotly_json"):
            yield from parts_of(child)
