"""The untrained network of a config: what Train will record first, at once, and in bounded work."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest
from live_server import LiveServer

from app.jobs import untrained as module
from app.jobs.forkserver import ForkServer
from app.jobs.untrained import NotShownError, Untrained
from nnprobe_core.config import MAX_DEPTH, MAX_WIDTH, RunConfig
from nnprobe_core.errors import RunNotFoundError
from nnprobe_core.frame import FILM, decode, encode, unpack
from nnprobe_core.training.trainer import Trainer

HEAVY = "hidden=" + "-".join([str(MAX_WIDTH)] * MAX_DEPTH)  # seconds of work, most of it eigenvalues
QUERIES = (
    "",
    "width=3&depth=2&activation=relu&init=he&seed_init=7",
    "dataset=blobs&classes=5&n_train=30&hidden=2-2&engine=autograd",
    "hidden=&noise=0.2&n_test=17",
    "width=64&depth=4&steps=40&frames=9&optimiser=sgd&lr=3",
    "dataset=holes&label_noise=0.5&hidden=70-5&init_gain=10",
)


def ask(lab: LiveServer, query: str) -> tuple[str, bytes]:
    status, headers, data = lab.ask("GET", f"/api/untrained?{query}")
    assert status == 200, headers.get("X-Nnprobe-Note", data[:200])
    (frame,) = unpack(data)
    return headers["X-Nnprobe-Run"], frame


def test_it_is_frame_0_of_the_film_that_train_records_byte_for_byte(lab):
    for query in (*QUERIES, QUERIES[0]):  # one process after another, and the first again: nothing is left behind
        _, frame = ask(lab, query)
        first = next(iter(Trainer(RunConfig.from_query(query)).frames()))
        assert frame == encode(first), query
    run = lab.start({**decode(ask(lab, QUERIES[4])[1]).header["config"]})
    lab.wait(run, "done")
    assert lab.film(run)[0] == ask(lab, QUERIES[4])[1]


def test_the_routes_of_runs_know_it_and_it_is_no_run(lab):
    run, _ = ask(lab, "width=5&depth=2")
    before = lab.json("GET", "/api/runs")[1]["runs"]
    status, graph = lab.json("GET", f"/api/runs/{run}/graph?seq=0")
    assert (status, graph["step"]) == (200, 0)
    status, _, data = lab.ask("GET", f"/api/runs/{run}/attack?seq=0&point=3&epsilon=0.1")
    assert (status, decode(next(unpack(data))).step) == (200, 0)
    assert lab.ask("GET", f"/api/runs/{run}/robustness?seq=0")[0] == 200
    for path, body in ((f"/api/runs/{run}/fork", {}), (f"/api/runs/{run}/commands", {"kind": "resume"})):
        assert lab.json("POST", path, body)[0] == 409, path
    assert lab.json("GET", "/api/runs")[1]["runs"] == before
    assert [name for name in os.listdir(lab.home / "runs") if "untrained" in name] == []
    assert lab.json("GET", "/api/runs/untrained-0123456789abcdef01234567")[0] == 404


def test_a_wrong_config_is_the_sentence_of_the_one_door(lab):
    status, answer = lab.json("GET", "/api/untrained?width=0")
    assert status == 400
    assert answer["field"]


def test_a_wide_and_deep_network_keeps_nobody_waiting(lab):
    ask(lab, "seed_init=1")
    heavy: list[tuple[int, str]] = []

    def insist() -> None:
        status, headers, _ = lab.ask("GET", f"/api/untrained?{HEAVY}")
        heavy.append((status, headers.get("X-Nnprobe-Note", "")))

    threads = [threading.Thread(target=insist) for _ in range(3)]
    for thread in threads:
        thread.start()
    small = 0
    while any(thread.is_alive() for thread in threads):
        ask(lab, f"seed_init={small + 2}")
        small += 1
    assert small >= 3, "others were answered meanwhile"
    assert {status for status, _ in heavy} <= {200, 204}
    assert all(
        note.endswith(("Train shows it.", "Train shows this one too.")) for status, note in heavy if status == 204
    )


def makers(lab: LiveServer) -> list[psutil.Process]:
    """The processes that hold torch and are no job: those that make untrained networks, and are no fork server."""
    family = psutil.Process(lab.process.pid).children(recursive=True)
    servers = [one for one in family if one.children() and "forkserver" in " ".join(one.cmdline())]
    return [child for one in servers for child in one.children()]


def test_a_killed_process_is_replaced(lab):
    _, first = ask(lab, "seed_init=100")
    found = makers(lab)
    assert found
    for process in found:
        os.kill(process.pid, signal.SIGKILL)
    assert ask(lab, "seed_init=100")[1] == first
    assert ask(lab, "seed_init=101")[1] != first
    assert not {process.pid for process in makers(lab)} & {process.pid for process in found}


class Notes(dict):
    """What flask_caching does, within this process."""

    def set(self, name, value):
        self[name] = value


@pytest.fixture
def networks():
    made = Untrained(Notes(), ForkServer())
    yield made
    made.close()


def test_many_who_ask_for_the_same_are_one_work(networks, monkeypatch):
    asked = []
    make = module._Maker.make
    monkeypatch.setattr(module._Maker, "make", lambda self, text: asked.append(text) or make(self, text))
    run = networks.run_of(RunConfig())
    logs = []
    threads = [threading.Thread(target=lambda: logs.append(networks.open(run))) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == 1
    assert len({id(log) for log in logs}) == 1
    assert logs[0].last(run, FILM) == 0


def test_one_that_takes_too_long_is_given_up_and_its_process_replaced(networks, monkeypatch):
    quick, slow = networks.run_of(RunConfig()), networks.run_of(RunConfig.from_query("width=200&depth=1"))
    assert networks.open(quick).status(quick).frames == 1
    process = networks._small._process
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    with pytest.raises(NotShownError, match="takes more than 0 s"):
        networks.open(slow)
    assert not process.is_alive()
    monkeypatch.undo()
    assert networks.open(slow).status(slow).frames == 1
    with pytest.raises(RunNotFoundError):
        networks.open("untrained-000000")


def test_it_ends_with_the_server(tmp_path: Path):
    with LiveServer(tmp_path, NNPROBE_MAX_JOBS="1") as lab:
        ask(lab, "")
        left = makers(lab)
        assert left
        os.kill(lab.process.pid, signal.SIGKILL)
        worker = psutil.Process(lab.process.pid)
        until = time.monotonic() + 120
        while any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in left):
            assert time.monotonic() < until, (worker, left)
            time.sleep(0.1)
