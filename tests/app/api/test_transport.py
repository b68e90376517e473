"""What a real server sends: compressed for those who take it, the same once unpacked, never twice to one browser."""

from __future__ import annotations

import gzip
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
from werkzeug.datastructures import Accept, Headers
from werkzeug.http import parse_accept_header

from app.api.encoder import BROTLI, GZIP, Encoder, choose
from nnprobe_core.differences import unpack_differences
from nnprobe_core.frame import unpack

PLAIN = "/api/runs/preset-default/frames?after=0&limit=95"
PACKED = f"{PLAIN}&packing=differences"


def decoded(headers: Headers, data: bytes) -> bytes:
    opened = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
    return bytes(opened[headers.get("Content-Encoding", "")](data))


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip, deflate, br, zstd", BROTLI),
        ("gzip, deflate", GZIP),
        ("br;q=0.5, gzip;q=0.8", GZIP),
        ("br;q=0, *", GZIP),
        ("gzip;q=0, br;q=0", ""),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0.5, gzip", GZIP),
        ("identity", ""),
        ("*", BROTLI),
        ("*;q=0", ""),
        ("", ""),
        ("zstd", ""),
    ],
)
def test_the_coding_is_the_one_the_client_likes_best(header, coding):
    assert choose(parse_accept_header(header, Accept)) == coding


def test_every_script_page_and_frame_is_the_same_in_each_coding(lab):
    page = lab.ask("GET", "/")[2].decode()
    scripts = [path for path in re.findall(r'(?:src|href)="(/[^"]+)"', page) if ".js" in path or ".css" in path]
    assert len(scripts) > 30
    whole = small = 0
    for path in ["/_dash-layout", "/api/presets", "/api/runs/preset-default/series", PLAIN, PACKED, *scripts]:
        _, headers, plain = lab.ask("GET", path)
        assert "Content-Encoding" not in headers, "who names no coding gets none"
        for accepted, coding in (("gzip, deflate, br", BROTLI), ("gzip", GZIP)):
            status, headers, data = lab.ask("GET", path, headers={"Accept-Encoding": accepted})
            assert (status, headers.get("Content-Encoding", "")) == (200, coding if len(plain) >= 500 else ""), path
            assert headers["Content-Length"] == str(len(data)), path
            assert "Accept-Encoding" in headers["Vary"], path
            assert decoded(headers, data) == plain, path
            if path in scripts and coding == BROTLI:
                whole, small = whole + len(plain), small + len(data)
    assert small < 0.3 * whole, (small, whole)


def test_packed_frames_are_the_films_own(lab):
    plain, packed = (lab.ask("GET", path)[2] for path in (PLAIN, PACKED))
    assert [a == b for a, b in zip(unpack(plain), unpack_differences(packed), strict=True)] == [True] * 95
    assert lab.json("GET", f"{PLAIN}&packing=zip")[0] == 400


def test_what_a_browser_has_is_not_sent_again(lab):
    page = lab.ask("GET", "/")[2].decode()
    asset = re.search(r'"(/assets/styles/app\.css\?m=[^"]+)"', page)[1]
    plotly = re.search(r'"(/[^"]+plotly\.min[^"]*\.js)"', page)[1]
    for path in (asset, plotly, PLAIN, PACKED, "/api/runs/preset-default/series"):
        for accepted in ("br", "gzip", "identity"):
            _, headers, _ = lab.ask("GET", path, headers={"Accept-Encoding": accepted})
            if "max-age=31536000" in headers.get("Cache-Control", ""):
                continue  # its address changes with it
            known = {"Accept-Encoding": accepted, "If-None-Match": headers["ETag"]}
            status, again, data = lab.ask("GET", path, headers=known)
            assert (status, data) == (304, b""), path
            assert again["ETag"] == headers["ETag"]
            assert lab.ask("GET", path, headers={**known, "If-None-Match": '"another"'})[0] == 200
    assert "max-age=31536000" in lab.ask("GET", asset)[1]["Cache-Control"]
    _, headers, _ = lab.ask("GET", PLAIN)
    assert lab.ask("GET", PACKED, headers={"If-None-Match": headers["ETag"]})[0] == 200, "another form of them"


def test_a_known_film_still_says_how_its_run_is(lab):
    _, headers, _ = lab.ask("GET", PACKED)
    _, again, _ = lab.ask("GET", PACKED, headers={"If-None-Match": headers["ETag"]})
    for name in ("X-Nnprobe-Last", "X-Nnprobe-Status", "X-Nnprobe-First"):
        assert again[name] == headers[name]


def test_head_and_range_are_what_they_should_be(lab):
    asset = re.search(r'"(/assets/styles/app\.css\?m=[^"]+)"', lab.ask("GET", "/")[2].decode())[1]
    _, headers, data = lab.ask("GET", asset, headers={"Accept-Encoding": "br"})
    status, head, body = lab.ask("HEAD", asset, headers={"Accept-Encoding": "br"})
    assert (status, body) == (200, b"")
    same = ("Content-Length", "Content-Encoding", "ETag", "Vary", "Content-Type")
    assert [head[name] for name in same] == [headers[name] for name in same]
    status, part, body = lab.ask("GET", asset, headers={"Accept-Encoding": "br", "Range": "bytes=100-199"})
    assert (status, "Content-Encoding" in part) == (206, False), "a part of the file itself"
    assert body == decoded(headers, data)[100:200]
    assert lab.ask("HEAD", PACKED, headers={"Accept-Encoding": "gzip"})[2] == b""


def test_a_live_runs_frames_grow_under_new_tags(lab):
    run = lab.start({"steps": 40, "frames": 40, "n_train": 20, "n_test": 20, "hidden": "2"})
    path = f"/api/runs/{run}/frames?after=-1&limit=512"
    tags = set()
    while lab.status(run)["state"] != "done":
        _, headers, data = lab.ask("GET", path, headers={"Accept-Encoding": "br"})
        if data:
            frames = list(unpack(decoded(headers, data)))
            assert len(frames) <= int(headers["X-Nnprobe-Last"]) + 1
            tags.add((headers["ETag"], len(frames)))
    _, headers, data = lab.ask("GET", path, headers={"Accept-Encoding": "br"})
    assert decoded(headers, data) == lab.ask("GET", f"/api/runs/{run}/film")[2]
    assert len({tag for tag, _ in tags}) == len({count for _, count in tags})


def test_many_who_ask_at_once_are_one_work():
    encoder, made, start = Encoder(), [], threading.Barrier(16)

    def make() -> bytes:
        made.append(1)
        return bytes(10**6)

    def ask(_: int) -> bytes:
        start.wait()
        return encoder("key", BROTLI, make)

    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(ask, range(16)))
    assert len(made) == 1
    assert [brotli.decompress(answer) for answer in answers] == [bytes(10**6)]


def test_the_oldest_go_and_a_failure_is_not_kept():
    encoder = Encoder(limit=1000)
    for name in "abcd":
        encoder(name, "", lambda: bytes(300))
    assert encoder("d", "", lambda: b"new") == bytes(300)
    assert encoder("a", "", lambda: b"new") == b"new"
    with pytest.raises(ZeroDivisionError):
        encoder("e", "", lambda: bytes(1 // 0))
    assert encoder("e", "", lambda: b"new") == b"new"
