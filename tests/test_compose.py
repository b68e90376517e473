"""compose.yaml: one service at a time has the port, on the CPU unless the profile gpu is asked for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")


def services() -> dict[str, str]:
    """The text of each service, as far as its indentation goes."""
    (block,) = re.findall(r"^services:\n(.*?)^\S", TEXT, re.MULTILINE | re.DOTALL)
    parts = re.split(r"^  ([\w-]+):.*\n", block, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def started(profiles: set[str]) -> list[str]:
    """Which services start: those without a profile, and those of one that is asked for (the profiles' own rule)."""
    found = {name: re.search(r"^    profiles: \[(.*)\]", text, re.MULTILINE) for name, text in services().items()}
    return [name for name, own in found.items() if own is None or profiles & set(re.split(r",\s*", own[1]))]


def default() -> set[str]:
    """What Compose reads from .env where no --profile is given."""
    (value,) = re.findall(r"^COMPOSE_PROFILES=(.+)$", (ROOT / ".env").read_text(), re.MULTILINE)
    return set(value.split(","))


@pytest.mark.parametrize(("asked", "service"), [(default(), "lab"), ({"gpu"}, "lab-gpu")], ids=["default", "gpu"])
def test_one_service_starts(asked, service):
    assert started(asked) == [service]


def test_the_gpu_service_trains_there():
    assert "NNPROBE_DEVICE: cuda" in services()["lab-gpu"]
    assert "NNPROBE_DEVICE" not in services()["lab"]
    assert "driver: nvidia" in services()["lab-gpu"]
