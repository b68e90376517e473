"""Names of runs: kept with them, bounded, escaped wherever they are shown."""

from __future__ import annotations

import pytest

from app.factory import create_app
from app.pages.about import about
from app.services import build_services
from app.settings import Settings
from app.store.disk import DiskFrameLog
from app.store.names import MOST, Names
from nnprobe_core.config import RunConfig
from nnprobe_core.record import DONE, Status


@pytest.fixture
def services(tmp_path):
    services = build_services(Settings(tmp_path, max_jobs=1), warm=False)
    config = RunConfig.from_mapping({"max_phi": 12, "width": 20}).to_mapping()
    for run in ("firstrun", "secondrun"):
        services.log.create(Status(run, DONE, config=config, created=1.0, updated=1.0))
    return services


def test_a_name_is_given_read_changed_and_taken_away(services):
    client = create_app(services).server.test_client()
    answer = client.put("/api/runs/firstrun/name", json={"name": "  Monday’s\n best <b>run</b> "})
    assert answer.json == {"name": "Monday’s best <b>run</b>"}
    assert client.get("/api/runs/firstrun").json["name"] == "Monday’s best <b>run</b>"
    assert {run["run"]: run["name"] for run in client.get("/api/runs").json["runs"]} == {
        "firstrun": "Monday’s best <b>run</b>",
        "secondrun": "",
    }
    page = client.get("/?run=firstrun").text
    assert "<title>Monday’s best &lt;b&gt;run&lt;/b&gt; · nnprobe</title>" in page
    assert '<meta property="og:title" content="Monday’s best &lt;b&gt;run&lt;/b&gt;">' in page
    assert '<meta property="og:description" content="Max φ 12 · Hidden layers 20-20-20 — Spiral' in page
    assert "<title>Max φ 12 · Hidden layers 20-20-20 · nnprobe</title>" in client.get("/?run=secondrun").text
    assert client.put("/api/runs/firstrun/name", json={"name": ""}).json == {"name": ""}
    assert client.get("/api/runs/firstrun").json["name"] == ""


@pytest.mark.parametrize(
    ("run", "name", "status"),
    [
        ("firstrun", "x" * (MOST + 1), 400),
        ("firstrun", 7, 400),
        ("firstrun", None, 400),
        ("nobody", "a", 404),
        ("../escape", "a", 404),
        ("preset-default", "a", 409),
    ],
)
def test_what_cannot_be_named_is_refused_in_a_sentence(services, run, name, status):
    answer = create_app(services).server.test_client().put(f"/api/runs/{run}/name", json={"name": name})
    assert answer.status_code == status
    assert answer.json["error"].endswith(".")


def test_a_name_goes_with_its_run(services):
    names = Names(services.settings, services.log)
    names.give("firstrun", "one")
    names.give("secondrun", "two")
    own = services.log.open("firstrun") if hasattr(services.log, "open") else services.log
    own = own if isinstance(own, DiskFrameLog) else DiskFrameLog(services.settings.folder("films"))
    own._remove("firstrun")
    names.give("secondrun", "second")
    assert [path.name for path in services.settings.folder("names").iterdir()] == ["secondrun"]


def test_a_run_in_the_list_says_first_what_is_special_about_it():
    assert about(RunConfig.from_mapping({"lr": 0.03}).to_mapping()).startswith("Learning rate 0.03 — Spiral · 16-16-16")
    assert about(RunConfig().to_mapping()).startswith("the default — Spiral")
