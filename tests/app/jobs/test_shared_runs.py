"""The same config asked for again: one run for all who ask, as long as it is that config's film and nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest
from live_server import LONG, LiveServer
from second_process import asked, second_process

from app.launch import admit
from app.services import build_services
from app.settings import Settings
from nnprobe_core.config import RunConfig
from nnprobe_core.record import Command

SHORT = {"steps": 12, "frames": 12, "n_train": 20, "n_test": 10, "hidden": "2"}


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Two web processes, each with threads of its own."""
    home = tmp_path_factory.mktemp("home")
    with LiveServer(home, NNPROBE_MAX_JOBS="2") as first, LiveServer(home, NNPROBE_MAX_JOBS="2") as second:
        yield first, second


def ask(lab: LiveServer, config: dict, own: bool = False) -> tuple[int, dict]:
    status, answer = lab.json("POST", "/api/runs", {**config, "own": own})
    assert status in (200, 201), answer
    assert answer["shared"] == (status == 200)
    return status, answer


def test_thirty_who_ask_two_processes_at_once_make_one_run(lab):
    with ThreadPoolExecutor(30) as pool:
        answers = list(pool.map(lambda k: ask(lab[k % 2], {**LONG, "seed_init": 30}), range(30)))
    assert len({answer["run"] for _, answer in answers}) == 1
    assert sorted(status for status, _ in answers) == [200] * 29 + [201]
    lab[0].command(answers[0][1]["run"], "stop")


def test_a_finished_film_is_opened_and_an_own_run_is_had_for_the_asking(lab):
    first = ask(lab[0], SHORT)[1]["run"]
    lab[0].wait(first, "done")
    status, again = ask(lab[1], {name: str(value) for name, value in SHORT.items()})  # as a link says it
    assert (status, again["run"], again["state"]) == (200, first, "done")
    assert ask(lab[0], {**SHORT, "seed_init": 1})[1]["run"] != first, "another config"
    own = ask(lab[0], SHORT, own=True)[1]["run"]
    assert own != first
    lab[0].wait(own, "done")
    assert lab[0].film(own) == lab[0].film(first)
    assert lab[0].json("POST", "/api/runs", {**SHORT, "own": "perhaps"})[0] == 400
    assert lab[0].json("POST", "/api/runs", SHORT)[0] == 201, "who says nothing makes a run, as ever"


@pytest.mark.parametrize("hand", [("stop",), ("pause",), ("lr", 0.003), ("step",)])
def test_a_run_that_was_driven_by_hand_is_given_to_nobody(lab, hand):
    config = {**LONG, "seed_init": 40 + len(hand[0])}
    first = ask(lab[0], config)[1]["run"]
    lab[0].wait(first, "running")
    assert ask(lab[1], config)[1]["run"] == first
    assert lab[0].command(first, *hand)[0] == 202
    if hand[0] in ("stop", "pause"):
        lab[0].wait(first, {"stop": "stopped", "pause": "paused"}[hand[0]])
    second = ask(lab[1], config)[1]["run"]
    assert second != first
    for run in {first, second}:
        lab[0].command(run, "stop")


def test_a_fork_is_not_the_film_of_its_config(lab):
    first = ask(lab[0], {**SHORT, "seed_init": 50})[1]["run"]
    lab[0].wait(first, "done")
    status, fork = lab[0].json("POST", f"/api/runs/{first}/fork", {"config": {"steps": 20}})
    assert status == 201, fork
    lab[0].wait(fork["run"], "done")
    assert ask(lab[0], {**SHORT, "seed_init": 50, "steps": 20})[1]["run"] != fork["run"]


def test_a_new_train_of_its_starter_leaves_a_run_to_those_who_watch_it(tmp_path):
    services = build_services(Settings(tmp_path, max_jobs=1), warm=False)
    try:
        config = RunConfig.from_mapping(LONG).to_mapping()

        def train(replaces: str | None = None, **more: object) -> dict:
            return admit(services, {"config": {**config, **more}, "replaces": replaces, "own": False, "nonce": "1"})

        first = train()
        assert first["shared"] is None
        guest = train()
        assert (guest["run"], guest["shared"]["state"]) == (first["run"], "queued")
        other = train(first["run"], seed_init=9)
        assert services.jobs.status(first["run"]).state == "queued", "a guest is there"
        third = train(other["run"], seed_init=10)
        assert services.jobs.status(other["run"]).state == "stopped", "nobody else has opened it"
        assert third["run"] not in (first["run"], other["run"])
    finally:
        services.close()


@pytest.mark.parametrize("kind", ["lr", "step", "epoch", "pause"])
def test_each_command_by_hand_makes_a_run_somebodys_own(tmp_path, kind):
    services = build_services(Settings(tmp_path, max_jobs=1), warm=False)
    try:
        first, _ = services.jobs.open(RunConfig.from_mapping(SHORT))
        services.log.send(first.run, Command("resume"))
        services.log.send(first.run, Command("pace", 10.0))  # a film at another pace is the same film
        assert services.jobs.open(RunConfig.from_mapping(SHORT)) == (services.jobs.status(first.run), True)
        services.log.send(first.run, Command(kind, 0.1 if kind == "lr" else None))
        second, shared = services.jobs.open(RunConfig.from_mapping(SHORT))
        assert (second.run == first.run, shared) == (False, False)
    finally:
        services.close()


OPENS = """
import sys
from pathlib import Path
from app.jobs.locks import is_held
from app.services import build_services
from app.settings import Settings
from nnprobe_core.config import RunConfig
from nnprobe_core.record import Command
home = Path(sys.argv[1])
services = build_services(Settings(home, max_jobs=1), warm=False)
for line in sys.stdin:
    if is_held(home / "shared" / "opening.lock"):
        print("it is not its turn", flush=True)
    else:
        print(services.jobs.open(RunConfig.from_query(line.strip()))[0].run, flush=True)
services.close()
"""


def test_of_two_processes_that_find_no_run_one_makes_it(tmp_path):
    """The other one comes after this one's first look, and after its second: then it has to wait."""
    services = build_services(Settings(tmp_path, max_jobs=1), warm=False)
    shared = services.jobs._shared
    with second_process(OPENS, tmp_path) as rival:
        try:
            look, answers = shared.find, []

            def looked(config: RunConfig, *, at: int) -> object:
                found = look(config)
                answers.append(asked(rival, config.to_query()) if len(answers) == at else "")
                return found

            shared.find = partial(looked, at=0)
            config = RunConfig.from_mapping(SHORT)
            status, known = services.jobs.open(config)
            assert (status.run, known) == (answers[0], True)
            answers.clear()
            shared.find = partial(looked, at=1)
            status, known = services.jobs.open(replace(config, seed_init=3))
            assert (answers, known) == (["", "it is not its turn"], False)
        finally:
            rival.stdin.close()
            services.close()


def test_a_run_removed_to_make_room_is_not_given(tmp_path):
    services = build_services(Settings(tmp_path, max_jobs=1), warm=False)
    try:
        config = RunConfig.from_mapping(SHORT)
        first, _ = services.jobs.open(config)
        services.jobs.stop(first.run)
        services.log.prune(-1)
        again, shared = services.jobs.open(config)
        assert (again.run != first.run, shared) == (True, False)
    finally:
        services.close()
