"""One lab for all tests that need nothing but one: whoever runs the tests starts it once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from live_server import LiveServer


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> Iterator[LiveServer]:
    """Two jobs at a time; a module that needs other settings has a lab of its own under this name."""
    with LiveServer(tmp_path_factory.mktemp("lab"), NNPROBE_MAX_JOBS="2", NNPROBE_HOSTS="lab.example") as server:
        yield server


@pytest.fixture(autouse=True)
def no_run_is_left(request) -> Iterator[None]:
    """A test finds every slot of its lab free."""
    yield
    lab = request.node.funcargs.get("lab")
    if isinstance(lab, LiveServer) and lab.process.poll() is None:
        lab.stop_all()
