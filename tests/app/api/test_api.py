"""The API over a real log on disk: what each route answers, and that no bad request changes anything."""

from __future__ import annotations

import json
import lzma
import struct
from dataclasses import replace

import numpy as np
import pytest
from flask import Flask

from app.api.films import MAX_FRAMES
from app.api.guard import MAX_BODY
from app.api.runs import register_api
from app.pages.presets import PRESETS
from app.services import build_services
from app.settings import Settings
from nnprobe_core.config import RunConfig
from nnprobe_core.frame import CHECKPOINTS, SETTLED, TRACKS, Frame, decode, encode, pack, unpack
from nnprobe_core.record import DONE, QUEUED, RUNNING, STOPPED, Status
from nnprobe_core.training.trainer import train

SMALL = RunConfig.from_mapping({"steps": 12, "frames": 12, "n_train": 20, "n_test": 10, "hidden": "3"})


@pytest.fixture(scope="module")
def recorded():
    """A whole run of SMALL: encoded frames by track."""
    tracks = {}
    for frame in train(SMALL, tracks=TRACKS):
        tracks.setdefault(frame.track, []).append(encode(frame))
    return tracks


@pytest.fixture(scope="module")
def services(tmp_path_factory, recorded):
    settings = Settings(tmp_path_factory.mktemp("home"), max_jobs=1, max_waiting=0)
    films = settings.folder("shipped")
    (films / "default.film.xz").write_bytes(lzma.compress(pack(recorded["film"])))
    made = build_services(settings, shipped=films, warm=False)
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(services):
    server = Flask("test")
    register_api(server, services)

    @server.get("/<path:anything>")
    def page(anything):
        return f"the page, for {anything}"

    return server.test_client()


@pytest.fixture(scope="module")
def run(services, recorded):
    """A finished run in the log."""
    log = services.log
    log.create(Status("finished", RUNNING, config=SMALL.to_mapping(), created=1.0, steps=12))
    for track, frames in recorded.items():
        for seq, data in enumerate(frames):
            log.append("finished", seq, data, track)
    log.set_status(replace(log.status("finished"), state=DONE, message="ünïcode\nand a line", frames=12))
    return "finished"


def error(response, code):
    assert response.status_code == code, response.data
    assert response.content_type == "application/json"
    sentence = response.get_json()["error"]
    assert sentence.endswith(".")
    return sentence


def state_of(services):
    return [
        (status, services.log.last(status.run), services.log.commands(status.run, 0)) for status in services.log.runs()
    ]


@pytest.mark.usefixtures("run")
def test_health(client):
    body = client.get("/api/health").get_json()
    assert body["ok"] is True
    assert (body["running"], body["queued"], body["slots"]) == (0, 0, 1)
    assert 0 < body["size"] < body["limit"] == 2 * 2**30


def test_a_run_and_all_runs(client, run):
    assert client.get(f"/api/runs/{run}").get_json()["config"] == json.loads(SMALL.to_json())
    assert run in [status["run"] for status in client.get("/api/runs").get_json()["runs"]]


def test_frames_are_the_film_in_order(client, run, recorded):
    response = client.get(f"/api/runs/{run}/frames")
    assert (response.status_code, response.content_type) == (200, "application/octet-stream")
    assert response.headers["X-Nnprobe-First"] == "0"
    assert response.headers["X-Nnprobe-Last"] == "11"
    status = json.loads(response.headers["X-Nnprobe-Status"])
    assert (status["state"], status["message"]) == ("done", "ünïcode\nand a line")
    assert "config" not in status
    assert response.data == pack(recorded["film"])


def test_frames_after_and_limit_and_track(client, run, recorded):
    response = client.get(f"/api/runs/{run}/frames?after=4&limit=3")
    assert response.headers["X-Nnprobe-First"] == "5"
    assert list(unpack(response.data)) == recorded["film"][5:8]
    response = client.get(f"/api/runs/{run}/frames?track=settled&limit={MAX_FRAMES}")
    assert list(unpack(response.data)) == recorded[SETTLED]


@pytest.mark.parametrize("after", [11, 12, 2**31])
def test_nothing_newer_is_an_immediate_204_with_status(client, run, after):
    response = client.get(f"/api/runs/{run}/frames?after={after}")
    assert (response.status_code, response.data) == (204, b"")
    assert response.headers["X-Nnprobe-Last"] == "11"
    assert json.loads(response.headers["X-Nnprobe-Status"])["state"] == "done"
    assert "X-Nnprobe-First" not in response.headers


def test_a_response_has_at_most_some_8_megabytes_and_at_least_a_frame(client, services):
    log = services.log
    log.create(Status("large", RUNNING, created=2.0))
    for seq in range(3):
        log.append("large", seq, encode(Frame(seq, {"x": np.zeros(5 << 20, np.uint8)})))
    log.set_status(replace(log.status("large"), state=STOPPED))
    response = client.get("/api/runs/large/frames?limit=512")
    assert len(list(unpack(response.data))) == 1
    assert response.headers["X-Nnprobe-Last"] == "2"


def test_series_are_stacked_with_nan_where_a_frame_has_none(client, run, recorded):
    (data,) = unpack(client.get(f"/api/runs/{run}/series").data)
    arrays = decode(data).arrays
    frames = [decode(item) for item in recorded["film"]]
    assert arrays["step"].tolist() == [frame.step for frame in frames]
    assert arrays["extra"].tolist() == [0] * 12
    names = {name for frame in frames for name in frame.arrays if name.startswith("series.")}
    assert {name for name in arrays if name.startswith("series.")} == names
    for name in names:
        for index, frame in enumerate(frames):
            expected = frame.arrays.get(name)
            if expected is None:
                assert np.isnan(arrays[name][index]).all()
            else:
                np.testing.assert_array_equal(arrays[name][index], expected)
    assert any("series.separation" not in frame.arrays for frame in frames)
    (rest,) = unpack(client.get(f"/api/runs/{run}/series?after=9").data)
    assert decode(rest).arrays["step"].tolist() == [frame.step for frame in frames[10:]]
    (none,) = unpack(client.get(f"/api/runs/{run}/series?after=11").data)
    assert decode(none).arrays["step"].shape == (0,)


def test_the_whole_film_is_a_file(client, run, recorded):
    response = client.get(f"/api/runs/{run}/film")
    assert response.headers["Content-Disposition"] == 'attachment; filename="nnprobe-finished.film"'
    assert response.data == pack(recorded["film"])


def test_a_shipped_film_is_a_run_that_can_only_be_watched(client, recorded):
    status = client.get("/api/runs/preset-default").get_json()
    assert (status["state"], status["frames"], status["step"]) == ("done", 12, 12)
    assert client.get("/api/runs/preset-default/film").data == pack(recorded["film"])
    assert client.get("/api/runs/preset-default/frames?track=settled").status_code == 204
    error(client.post("/api/runs/preset-default/commands", json={"kind": "resume"}), 409)
    error(client.get("/api/runs/preset-nothing"), 404)
    assert "preset-default" not in [status["run"] for status in client.get("/api/runs").get_json()["runs"]]


def test_presets_name_their_films_where_they_ship(client):
    presets = client.get("/api/presets").get_json()["presets"]
    assert [preset["name"] for preset in presets] == [preset.name for preset in PRESETS]
    assert {preset["name"]: preset["run"] for preset in presets if preset["run"]} == {"default": "preset-default"}
    assert set(presets[0]) == {"name", "title", "watch", "group", "config", "query", "panels", "run"}


@pytest.mark.parametrize("query", ["", "dataset=blobs&classes=6&n_train=700", "dataset=holes&holes=5&disk_radius=3"])
def test_a_preview_is_what_frame_0_will_show(client, query):
    for _ in range(2):  # computed, then from the cache
        response = client.get(f"/api/preview?{query}")
        assert response.status_code == 200
        (data,) = unpack(response.data)
    got, config = decode(data), RunConfig.from_query(query)
    first = next(train(replace(config, steps=1, frames=2)))
    assert got.header["config"] == json.loads(config.to_json())
    assert set(got.arrays) == {name for name in first.arrays if name.startswith("data.")} - {"data.far"}
    for name, value in got.arrays.items():
        np.testing.assert_array_equal(value, first.arrays[name])


def test_a_bad_preview_names_its_field(client):
    response = client.get("/api/preview?noise=loud")
    assert "noise must be a number" in error(response, 400)
    assert response.get_json()["field"] == "noise"
    assert "Unknown field colour" in error(client.get("/api/preview?colour=red"), 400)
    error(client.get("/api/preview?radius=1&radius=2"), 400)
    error(client.get("/api/preview?" + "%ff" * 50 + "=1"), 400)


def test_a_pruned_run_is_gone(client, services, recorded):
    log = services.log
    log.create(Status("old", RUNNING, created=0.5))
    log.append("old", 0, recorded["film"][0])
    log.set_status(replace(log.status("old"), state=DONE))
    assert log.prune(log.size() - 1) == ["old"]
    for path in ("", "/frames", "/series", "/film"):
        assert "removed to make room" in error(client.get(f"/api/runs/old{path}"), 410)
    error(client.post("/api/runs/old/commands", json={"kind": "stop"}), 410)


BAD_GETS = [
    ("/api/runs/finished/frames?after=abc", 400),
    ("/api/runs/finished/frames?after=-2", 400),
    ("/api/runs/finished/frames?after=1e9", 400),
    ("/api/runs/finished/frames?after=" + "9" * 5000, 400),
    ("/api/runs/finished/frames?limit=0", 400),
    ("/api/runs/finished/frames?limit=513", 400),
    ("/api/runs/finished/frames?limit=", 400),
    ("/api/runs/finished/frames?track=checkpoints", 400),
    ("/api/runs/finished/frames?track=../films", 400),
    ("/api/runs/finished/series?after=x", 400),
    ("/api/runs/nothing", 404),
    ("/api/runs/nothing/frames", 404),
    ("/api/runs/UPPER", 404),
    ("/api/runs/" + "a" * 3000, 404),
    ("/api/runs/..%2f..%2fetc", 404),
    ("/api/runs/%00", 404),
    ("/api/runs/finished/nothing", 404),
    ("/api/nothing", 404),
    ("/api", 404),
    ("/api/", 404),
    ("/api/runs/finished/commands", 405),
]


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(("path", "code"), BAD_GETS, ids=[path[:50] for path, _ in BAD_GETS])
def test_bad_gets(client, services, path, code):
    before = state_of(services)
    error(client.get(path), code)
    assert state_of(services) == before


BAD_POSTS = [
    ("/api/runs", b"", 400),
    ("/api/runs", b"{", 400),
    ("/api/runs", b"[]", 400),
    ("/api/runs", b"null", 400),
    ("/api/runs", b"[" * 100_000, 400),
    ("/api/runs", b"\xff\xfe", 400),
    ("/api/runs", b'{"steps": NaN}', 400),
    ("/api/runs", b'{"steps": 1e400}', 400),
    ("/api/runs", b'{"steps": ' + b"9" * 5000 + b"}", 400),
    ("/api/runs", b'{"colour": "red"}', 400),
    ("/api/runs", b'{"hidden": {"a": 1}}', 400),
    ("/api/runs", b'{"device": "cuda"}', 400),
    ("/api/runs", b" " * (MAX_BODY + 1), 413),
    ("/api/runs/finished/commands", b'{"kind": "explode"}', 400),
    ("/api/runs/finished/commands", b'{"kind": "lr"}', 400),
    ("/api/runs/finished/commands", b'{"kind": "lr", "value": -1}', 400),
    ("/api/runs/finished/commands", b'{"kind": "lr", "value": Infinity}', 400),
    ("/api/runs/finished/commands", b'{"kind": ["stop"]}', 400),
    ("/api/runs/finished/commands", b'{"kind": "stop", "run": "other"}', 400),
    ("/api/runs/finished/commands", b'{"kind": "pause"}', 409),
    ("/api/runs/finished/commands", b'{"kind": "stop"}', 409),
    ("/api/runs/finished/commands", b'{"kind": "resume"}', 409),
    ("/api/runs/nothing/commands", b'{"kind": "stop"}', 404),
    ("/api/health", b"{}", 405),
    ("/api/runs/finished", b"{}", 405),
    ("/api/nothing", b"{}", 404),
]


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize(("path", "body", "code"), BAD_POSTS, ids=[f"{path}{body[:30]}" for path, body, _ in BAD_POSTS])
def test_bad_posts_change_nothing(client, services, path, body, code):
    before = state_of(services)
    error(client.post(path, data=body), code)
    assert state_of(services) == before


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods(client, method):
    response = getattr(client, method)("/api/runs")
    assert "GET or POST" in error(response, 405)
    assert response.headers["Allow"] == "GET, POST"


def test_outside_the_api_nothing_is_json(client):
    assert client.get("/somewhere").data == b"the page, for somewhere"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://evil-localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "evil-localhost"},
    ],
    ids=str,
)
def test_another_site_cannot_post(client, services, run, headers):
    before = state_of(services)
    for path in ("/api/runs", f"/api/runs/{run}/commands", "/_dash-update-component"):
        error(client.post(path, json={}, headers=headers), 403)
    error(client.put(f"/api/runs/{run}/name", json={"name": "theirs"}, headers=headers), 403)
    assert state_of(services) == before


def test_the_own_page_may_post(client, run):
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    error(client.post(f"/api/runs/{run}/commands", json={"kind": "pause"}, headers=headers), 409)


def test_another_name_for_this_machine_cannot_read(client):
    error(client.get("/api/runs", headers={"Host": "rebound.example:8050"}), 403)


def test_a_run_of_a_dead_server_is_told_as_stopped_and_one_without_a_process_as_lost(client, services):
    log = services.log
    log.create(Status("orphan", QUEUED, created=3.0))
    (services.settings.home / "slots" / "orphan.ticket").write_text(json.dumps(["dead", 0, 1]))
    assert client.get("/api/runs/orphan").get_json()["message"] == "The server ended."
    log.create(Status("widow", RUNNING, created=4.0))
    status = client.get("/api/runs/widow").get_json()
    assert (status["state"], log.status("widow").state) == ("lost", "lost")
    assert "without a last word" in status["message"]
    assert "must have a frame" in error(client.post("/api/runs/widow/commands", json={"kind": "resume"}), 409)
    assert log.last("widow", CHECKPOINTS) == -1


def test_lengths_are_little_endian_and_padded(client, run):
    data = client.get(f"/api/runs/{run}/frames?limit=1").data
    (size,) = struct.unpack_from("<Q", data)
    assert len(data) == 8 + size + (-size % 8)
