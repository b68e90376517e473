"""The way a browser launches a run, through Dash's own routes; and the parts jobs are made of."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import time
from urllib.parse import quote

import pytest
from live_server import LONG, LiveServer

from app.jobs.job import choose_gpu, with_rates
from app.jobs.manager import RunStateError
from app.services import build_services
from app.settings import Settings
from app.store.disk import DiskFrameLog
from app.store.recorder import Recorder
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import CHECKPOINTS, Frame, decode, encode
from nnprobe_core.record import RUNNING, Status


class Tab:
    """What Dash's renderer says to the server, for one page load."""

    def __init__(self, lab: LiveServer) -> None:
        self.lab = lab
        page = lab.ask("GET", "/")[2].decode()
        config = json.loads(re.search(r'id="_dash-config"[^>]*>(.*?)</script>', page).group(1))
        self.end_id = config["end_id"]

    def update(self, output: str, component: str, value: object, query: str = "") -> tuple[int, dict]:
        outputs = [dict(zip(("id", "property"), part.rsplit(".", 1), strict=True)) for part in _parts(output)]
        body = {
            "output": output,
            "outputs": outputs if len(outputs) > 1 else outputs[0],
            "inputs": [{"id": component, "property": "data", "value": value}],
            "changedPropIds": [f"{component}.data"],
        }
        path = f"/_dash-update-component?endId={quote(self.end_id)}{query}"
        code, _, data = self.lab.ask("POST", path, body, {"Origin": f"http://{self.lab.host}"})
        return code, json.loads(data) if data else {}

    def request(self, config: dict, replaces: str | None = None) -> dict:
        """Press Train; the data of the LAUNCH store."""
        value = {"config": config, "replaces": replaces, "nonce": 1}
        code, body = self.update("..launch.data...refused.data..", "request", value)
        assert code == 200
        return body["response"]["launch"]["data"]

    def launch(self, launch: object) -> tuple[int, dict]:
        return self.update("finished.data", "launch", launch)

    def poll(self, handles: dict) -> int:
        query = f"&cacheKey={quote(handles['cacheKey'])}&job={quote(handles['job'])}"
        return self.update("finished.data", "launch", None, query)[0]


def _parts(output: str) -> list[str]:
    return output.strip(".").split("...") if output.startswith("..") else [output]


def test_the_page_launches_through_dash_and_dash_is_done_at_once(lab):
    tab = Tab(lab)
    launch = tab.request(LONG)
    assert lab.status(launch["run"])["state"] == "queued"
    code, handles = tab.launch(launch)
    assert code == 200
    assert tab.poll(handles) == 204  # the renderer's sign that a callback has ended: it asks no more
    lab.wait(launch["run"], lambda status: status["state"] == "running" and status["frames"] > 3)

    os.kill(lab.pid(launch["run"]), signal.SIGKILL)
    lab.wait(launch["run"], "lost")
    assert tab.poll(handles) == 204


def test_a_launch_starts_one_run_once_whatever_the_browser_says(lab):
    tab = Tab(lab)
    launch = tab.request(LONG)
    assert tab.launch(launch)[0] == 200
    assert tab.launch(launch)[0] == 204
    before = lab.json("GET", "/api/runs")[1]["runs"]
    for forged in (None, "x", 3, [], {}, {"run": None}, {"run": "nothing"}, {"run": "../x"}, {"run": "a" * 9999}):
        assert tab.launch(forged)[0] == 204
    assert [status["run"] for status in lab.json("GET", "/api/runs")[1]["runs"]] == [status["run"] for status in before]
    lab.command(launch["run"], "stop")


def test_a_new_train_in_a_tab_stops_the_old_run_of_that_tab_alone(lab):
    other = lab.start(LONG)
    tab = Tab(lab)
    first = tab.request(LONG)
    tab.launch(first)
    lab.wait(first["run"], "running")
    second = tab.request(LONG, replaces=first["run"])
    tab.launch(second)
    lab.wait(first["run"], "stopped")
    lab.wait(second["run"], "running")
    assert lab.status(other)["state"] == "running"
    for run in (other, second["run"]):
        lab.command(run, "stop")
        lab.wait(run, "stopped")


def test_files_are_private(lab):
    for name in ("films", "runs", "slots", "servers", "cache"):
        assert stat.S_IMODE((lab.home / name).stat().st_mode) == 0o700
    for path in (lab.home / "servers").glob("*.lock"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_frames_by_hand_and_rates_survive_a_killed_job(lab):
    config = {"steps": 120, "frames": 60, "n_train": 20, "n_test": 20, "hidden": "2"}
    run = lab.start(config)
    lab.command(run, "pace", 30)
    lab.wait(run, lambda status: status["frames"] > 24)
    lab.command(run, "lr", 0.002)
    lab.wait(run, lambda status: status["lr"] == 0.002 and status["frames"] > 28)
    os.kill(lab.pid(run), signal.SIGKILL)
    lab.wait(run, "lost")
    lab.command(run, "resume")
    lab.wait(run, "done")
    frames = [decode(data) for data in lab.film(run)]
    (changed,) = [frame for frame in frames if "lr" in frame.header]
    scheduled = {**config, "lr_schedule": [[changed.step, 0.002]]}
    same = lab.start(scheduled)
    lab.command(same, "pace", 0)
    lab.wait(same, "done")
    ours = [data for data in lab.film(run) if not decode(data).extra]
    assert ours[1:] == lab.film(same)[1:]  # frame 0 holds the config


def test_the_oldest_films_make_room_and_one_that_is_too_large_fails_with_a_sentence(tmp_path):
    config = {"steps": 20, "frames": 20, "n_train": 20, "n_test": 20, "hidden": "2"}
    with LiveServer(tmp_path, NNPROBE_MAX_BYTES=str(2**20)) as lab:
        runs = []
        for _ in range(4):
            runs.append(lab.start(config))
            lab.wait(runs[-1], "done")
        assert lab.ask("GET", f"/api/runs/{runs[0]}")[0] == 410
        health = lab.json("GET", "/api/health")[1]
        assert health["limit"] == 2**20
        kept = [status["run"] for status in lab.json("GET", "/api/runs")[1]["runs"]]
        assert kept == runs[: -len(kept) - 1 : -1]
        large = lab.start(LONG)
        lab.command(large, "pace", 0)
        status = lab.wait(large, "failed")
        assert "at most 524288 bytes (NNPROBE_MAX_RUN_BYTES), got" in status["message"]


def test_a_run_that_its_page_never_starts_is_stopped_and_blocks_nobody(tmp_path, monkeypatch):
    monkeypatch.setattr("app.jobs.dispatcher.LAUNCH_WITHIN", 0.1)
    services = build_services(Settings(tmp_path, max_jobs=1), warm=False)
    run = services.jobs.admit(RunConfig()).run
    end = time.monotonic() + 120
    while services.jobs.status(run).active and time.monotonic() < end:
        time.sleep(0.05)
    status = services.jobs.status(run)
    assert (status.state, status.message) == ("stopped", "The page that asked for this run never started it.")
    with pytest.raises(RunStateError, match="must be newly admitted"):
        services.jobs.launch(run)
    services.close()


# A film that is continued


def test_a_recorder_appends_each_scheduled_frame_once(tmp_path):
    log = DiskFrameLog(tmp_path / "films")
    log.create(Status("one", RUNNING))
    first = Recorder(log, "one")
    for step, extra, rate in ((0, False, None), (2, False, None), (3, True, 0.5), (4, False, None), (5, True, None)):
        assert first.append(Frame(step, {}, extra=extra, header={"lr": rate} if rate else {}))
    first.append(Frame(2, {}, track=CHECKPOINTS))

    second = Recorder(log, "one")
    assert (second.count, second.rates()) == (5, {3: 0.5})
    assert [frame.step for frame in second.checkpoints()] == [2]
    assert [second.append(Frame(step, {})) for step in (3, 4, 6)] == [0, 0, len(encode(Frame(6, {})))]
    assert not second.append(Frame(2, {}, track=CHECKPOINTS))
    assert log.last("one") == 5
    log.close()


def test_rates_set_by_hand_join_the_schedule():
    config = RunConfig(lr_schedule=((10, 0.1), (20, 0.2)))
    assert with_rates(config, {5: 0.5, 20: 0.3}).lr_schedule == ((5, 0.5), (10, 0.1), (20, 0.3))


# Settings


def test_settings_come_from_the_environment():
    values = {
        "NNPROBE_HOME": "/x",
        "NNPROBE_MAX_JOBS": "3",
        "NNPROBE_MAX_BYTES": "5000000",
        "NNPROBE_MAX_WAITING": "0",
        "NNPROBE_UNWATCHED": "7",
        "NNPROBE_HOSTS": "a.example, b.example",
    }
    settings = Settings.from_environment(values)
    assert (str(settings.home), settings.max_jobs, settings.max_bytes) == ("/x", 3, 5_000_000)
    assert (settings.max_waiting, settings.unwatched, settings.hosts) == (0, 7.0, ("a.example", "b.example"))
    assert Settings.from_json(json.loads(json.dumps(settings.to_json()))) == settings
    assert Settings.from_environment({}).max_jobs == len(os.sched_getaffinity(0))
    assert Settings.from_environment({"NNPROBE_DEVICE": "cuda", "CUDA_VISIBLE_DEVICES": "2,3"}).max_jobs == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [("NNPROBE_MAX_JOBS", "0"), ("NNPROBE_MAX_JOBS", "many"), ("NNPROBE_MAX_BYTES", "1"), ("NNPROBE_DEVICE", "tpu")],
)
def test_a_bad_setting_is_named(name, value):
    with pytest.raises(ConfigError, match=f"{name} must be .*, got '{value}'"):
        Settings.from_environment({name: value})


def test_slots_share_the_gpus(monkeypatch):
    for number, expected in ((0, "4"), (1, "7"), (2, "4")):
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,7")
        choose_gpu(number)
        assert os.environ["CUDA_VISIBLE_DEVICES"] == expected


def test_more_work_or_room_than_a_run_may_have_is_refused_at_the_door(tmp_path):
    services = build_services(Settings(tmp_path, max_jobs=1, max_bytes=2**30), warm=False)
    for config, sentence in (
        (
            {"hidden": "256-256-256-256-256", "steps": 10**6, "batch_size": 0},
            r"steps must be at most .*\(NNPROBE_MAX_WORK\)",
        ),
        ({"hidden": "256-256-256-256-256-256", "frames": 1400}, r"frames must be at most .*\(NNPROBE_MAX_RUN_BYTES\)"),
    ):
        with pytest.raises(ConfigError, match=sentence):
            services.jobs.start(RunConfig.from_mapping(config))
    assert services.jobs.statuses() == []
    services.close()
