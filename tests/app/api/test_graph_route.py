"""The graph of a step by the API, of real runs in a real server."""

from __future__ import annotations

from live_server import LONG


def test_the_graph_of_a_frame(lab):
    run = lab.start({"steps": 40, "frames": 41, "n_train": 20, "n_test": 10, "hidden": "4"})
    lab.wait(run, "done")
    status, graph = lab.json("GET", f"/api/runs/{run}/graph?seq=30")
    assert (status, graph["seq"], graph["step"], graph["batch"]) == (200, 30, 30, 40)
    assert [node["name"] for node in graph["nodes"] if node["kind"] == "parameter"] == ["W₁", "b₁", "W₂", "b₂"]
    loss = graph["nodes"][-1]
    assert (loss["kind"], loss["gradient"]["rows"]) == ("loss", [[1]])
    before = lab.json("GET", f"/api/runs/{run}/graph?seq=0")[1]["nodes"][-1]
    assert before["value"]["rows"] > loss["value"]["rows"], "it has learnt something"


def test_what_has_no_graph_says_so(lab):
    run = lab.start({**LONG, "hidden": "80"})
    assert lab.ask("GET", f"/api/runs/{run}/graph")[0] == 204
    lab.command(run, "pace", 0)
    lab.wait(run, lambda status: status["frames"] > 25)
    status, body = lab.json("GET", f"/api/runs/{run}/graph")
    assert (status, body["field"]) == (400, "hidden")
    lab.command(run, "stop")
    assert lab.json("GET", "/api/runs/nothing/graph")[0] == 404
