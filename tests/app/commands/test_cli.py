"""The command line: train, show, and what they say when something is wrong."""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import sys
from dataclasses import fields

import pytest

from app.cli import build_parser, main
from app.commands.train import config_of
from nnprobe_core.config import RunConfig
from nnprobe_core.frame import decode, header, unpack
from nnprobe_core.sweeps.config import SweepConfig

SMALL = ["--steps", "20", "--frames", "10", "--n-train", "20", "--n-test", "10", "--hidden", "4-2"]


def config(*arguments: str) -> RunConfig:
    return config_of(vars(build_parser().parse_args(["train", *arguments])), RunConfig)


def test_train_writes_a_film_and_prints_what_came_of_it(tmp_path, capsys):
    film, settled = tmp_path / "run.film", tmp_path / "settled.film"
    assert main(["train", *SMALL, "--out", str(film), "--settled", str(settled)]) == 0
    frames = [decode(data) for data in unpack(film.read_bytes())]
    assert [frame.step for frame in frames][-1] == 20
    assert frames[0].header["config"] == config(*SMALL).to_mapping()
    assert len(list(unpack(settled.read_bytes()))) == len(frames) == 10
    out, err = capsys.readouterr()
    assert err == ""  # no bar where there is no terminal
    for word in (
        "spiral, 40 training points",
        "2-4-2-2 tanh",
        "10, to step 20 of 20",
        "accuracy",
        "verdict",
        str(film),
    ):
        assert word in out
    rows = [line.split()[0] for line in out.splitlines() if line.startswith(("input", "hidden", "logits"))]
    assert rows == ["input", "hidden", "hidden", "logits"]

    assert main(["show", str(film)]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown == out.splitlines()[: len(shown)]
    packed = tmp_path / "run.film.gz"
    packed.write_bytes(gzip.compress(film.read_bytes()))
    assert main(["show", str(packed)]) == 0
    assert capsys.readouterr().out.splitlines() == shown


def test_a_torn_film_is_shown_up_to_its_last_whole_frame(tmp_path, capsys):
    film = tmp_path / "run.film"
    main(["train", *SMALL, "--out", str(film)])
    capsys.readouterr()
    film.write_bytes(film.read_bytes()[:-100])
    assert main(["show", str(film)]) == 2
    out, err = capsys.readouterr()
    assert "frames       9, to step" in out
    assert err == f"nnprobe: {film} must be whole, got 9 whole frames and no end: was it cut off?\n"


def test_the_door_is_the_configs(tmp_path):
    assert config() == RunConfig()
    assert config("--max-phi", "12", "--width", "20") == RunConfig(max_phi=12, hidden=(20, 20, 20))
    assert config("--seed", "3", "--epochs", "2", "--depth", "1").steps == 32
    query = "max_phi=12&hidden=8-8&steps=99&lr_schedule=5:0.1"
    for link in (f"http://localhost:8050/?{query}", f"?{query}", query):
        assert config("--link", link) == RunConfig.from_query(query)
    assert config("--link", query, "--width", "20", "--epochs", "1") == RunConfig.from_mapping(
        {"max_phi": 12, "width": 20, "epochs": 1, "lr_schedule": "5:0.1"}
    )
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"noise": 0.2, "lr": 0.5}))
    assert config("--config", str(file), "--lr", "0.1") == RunConfig(noise=0.2, lr=0.1)


def test_every_field_is_an_option(capsys):
    with pytest.raises(SystemExit) as end:
        main(["train", "--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert [item.name for item in fields(RunConfig) if f"--{item.name.replace('_', '-')} " not in text] == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "--lr", "fast"], "lr must be a number from 1e-07 to 100, got 'fast'."),
        (["train", "--width", "0"], "width must be a whole number from 1 to 1024, got '0'."),
        (["train", "--link", "?radius=1&radius=2"], "radius must be given once, got ['1', '2']."),
        (["train", "--link", "http://x/?colour=red"], "Unknown field colour"),
        (["train", "--config", "missing.json"], "missing.json: No such file or directory."),
        (["train", "--out", "missing/run.film"], "missing/run.film: No such file or directory."),
        (["show", "missing.film"], "missing.film: No such file or directory."),
        (["serve", "--port", "99999"], "--port must be a whole number from 0 to 65535, got 99999."),
        (["serve", "--workers", "0"], "--workers must be a whole number from 1 to 64, got 0."),
        (["serve", "--host", "no.such.host.invalid"], "--host and --port must be free to listen at"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_error_is_one_sentence_and_status_2(arguments, sentence, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"nnprobe: {sentence}")
    assert err.count("\n") == 1


@pytest.mark.parametrize("data", [b"", b"not a film", b"\x1f\x8b broken", b"\x08" + bytes(7) + b"notjson!"], ids=repr)
def test_what_is_no_film_is_refused(data, tmp_path, capsys):
    path = tmp_path / "x.film"
    path.write_bytes(data)
    assert main(["show", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_taken_port_is_told_at_once(capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert main(["serve", "--port", str(other.getsockname()[1])]) == 2
    assert "must be free to listen at (Address already in use)" in capsys.readouterr().err


def test_a_film_that_was_interrupted_is_readable(tmp_path):
    film = tmp_path / "run.film"
    command = [sys.executable, "-m", "app", "train", "--steps", "100000", "--frames", "3000", "--out", str(film)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        while not film.exists() or film.stat().st_size < 500_000:
            assert process.poll() is None, process.stderr.read()
        process.kill()
    frames = list(unpack(film.read_bytes()))
    assert header(frames[0])["config"]["steps"] == 100_000
    assert len(frames) > 3


def test_a_pipe_that_nobody_reads_ends_every_command_quietly(tmp_path):
    film = tmp_path / "run.film"
    main(["train", *SMALL, "--out", str(film)])
    read, write = os.pipe()
    os.close(read)
    commands = [["show", str(film)], ["train", *SMALL], ["sweep", "--help"], ["--version"], ["show", "missing"]]
    started = [
        subprocess.Popen([sys.executable, "-m", "app", *words], stdout=write, stderr=subprocess.PIPE, text=True)
        for words in commands
    ]
    os.close(write)
    for words, process in zip(commands, started, strict=True):
        _, err = process.communicate(timeout=120)
        expected = "nnprobe: missing: No such file or directory.\n" if "missing" in words else ""
        assert err == expected, words
        assert process.returncode != 1, words


def test_help_gives_the_range_and_the_default_of_every_field(capsys):
    for command, config in (("train", RunConfig), ("sweep", SweepConfig)):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        text = " ".join(capsys.readouterr().out.split())
        for item in config.options():
            meta = item.metadata
            if "lo" not in meta or item.name in ("over", "values"):
                continue
            bounds = " to ".join(str(end) if isinstance(end, int) else f"{end:g}" for end in (meta["lo"], meta["hi"]))
            assert bounds in text[text.index(f" --{item.name.replace('_', '-')} ") :][:300], item.name
    assert "Arm distance: a point lies at radius · φ. (0.001 to 10; default 0.11)" in text
    assert "--width N with --depth, instead of hidden: units of every hidden layer (1 to" in text
