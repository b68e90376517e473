"""A sweep as a job of the server: its table as it comes, stopped and continued with nothing done twice."""

import json

from nnprobe_core.frame import decode
from nnprobe_core.sweeps.config import SweepConfig
from nnprobe_core.sweeps.results import SweepResults

#: 130 networks, in three waves.
CONFIG = {
    "kind": "sweep", "over": "lr", "values": "0.01,0.03", "seeds": 65, "steps": 60, "frames": 30, "n_train": 30,
    "n_test": 20, "hidden": "4", "test_noise": "0.1", "epsilons": "0.1",
}  # fmt: skip


def table(lab, run):
    status, headers, data = lab.ask("GET", f"/api/runs/{run}/table?format=json")
    assert (status, headers["Content-Type"]) == (200, "application/json")
    return SweepResults.from_json(data.decode())


def test_a_sweep_is_stopped_and_continued_without_doing_anything_twice(lab):
    run = lab.start(CONFIG)
    # At five frames a second the second wave lasts two seconds: it is stopped within.
    lab.wait(run, lambda status: status["step"] > 62 or not lab.command(run, "pace", 60 if status["step"] < 50 else 5))
    lab.command(run, "stop")
    lab.wait(run, "stopped")
    frames = lab.film(run)
    found = table(lab, run)
    assert 64 <= found.done.sum() < 130
    lab.command(run, "pace", 0)
    lab.command(run, "resume")
    status = lab.wait(run, "done")
    assert (status["step"], status["steps"]) == (180, 180)
    film = lab.film(run)
    assert film[: len(frames)] == frames
    steps = [decode(data).step for data in film]
    assert steps == sorted(set(steps))
    assert steps[-1] == 180
    again = lab.start(CONFIG)
    lab.command(again, "pace", 0)
    lab.wait(again, "done")
    assert lab.film(again) == film
    whole = table(lab, run)
    assert whole.done.all()
    assert whole.config == SweepConfig.from_mapping(CONFIG)
    status, headers, data = lab.ask("GET", f"/api/runs/{run}/table")
    assert status == 200
    assert headers["Content-Type"].startswith("text/csv")
    assert "attachment" in headers["Content-Disposition"]
    assert data.decode() == whole.to_csv()


def test_tables_are_of_sweeps_and_in_two_formats(lab):
    run = lab.start({"steps": 5, "n_train": 20, "n_test": 10, "hidden": "2"})
    lab.wait(run, "done")
    status, _, data = lab.ask("GET", f"/api/runs/{run}/table")
    assert status == 400
    assert "that of a sweep, to have a table" in json.loads(data)["error"]
    status, _, data = lab.ask("GET", f"/api/runs/{run}/table?format=xls")
    assert status == 400
    assert "one of csv, json" in json.loads(data)["error"]
    status, body = lab.json("POST", "/api/runs", {**CONFIG, "values": "0.01,x"})
    assert status == 400
    assert body["field"] == "values"
