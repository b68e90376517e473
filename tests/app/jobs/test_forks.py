"""Forks and weights of recorded runs, through a real server and real jobs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from live_server import LONG
from safetensors.numpy import load, load_file

from nnprobe_core.config import RunConfig
from nnprobe_core.frame import CHECKPOINTS, FILM, SETTLED, TRACKS, decode, encode, unpack
from nnprobe_core.training.trainer import train
from nnprobe_core.weights import weights_over_time

CONFIG = {"steps": 150, "frames": 75, "n_train": 60, "n_test": 40, "hidden": "6-2", "batch_size": 16}


@pytest.fixture(scope="module")
def parent(lab):
    """A finished run, in which a step was made and a rate set by hand."""
    run = lab.start(CONFIG)
    lab.command(run, "pace", 60)
    lab.wait(run, lambda status: status["frames"] > 3)
    lab.command(run, "pause")
    paused = lab.wait(run, "paused")
    lab.command(run, "lr", 0.02)
    lab.command(run, "step")
    lab.wait(run, lambda status: status["step"] > paused["step"] and status["state"] == "paused")
    lab.command(run, "pace", 0)
    lab.command(run, "resume")
    lab.wait(run, "done")
    return run


def settled(lab, run):
    code, _, data = lab.ask("GET", f"/api/runs/{run}/frames?track=settled&limit=512")
    assert code == 200
    return list(unpack(data))


def fork(lab, run, seq, **config):
    code, body = lab.json("POST", f"/api/runs/{run}/fork", {"seq": seq, "config": config})
    assert code == 201, body
    return body["run"]


def test_with_nothing_changed_a_fork_is_its_parent_byte_for_byte_and_survives_a_kill(lab, parent):
    film = lab.film(parent)
    run = fork(lab, parent, 50)
    lab.command(run, "pace", 10)
    first = lab.status(run)
    origin = first["fork"]
    assert (origin["run"], origin["fresh"]) == (parent, False)
    at = next(index for index, data in enumerate(film) if decode(data).step == origin["step"])
    assert 40 <= at <= 50  # the checkpoint of scheduled frame 40
    lab.wait(run, lambda status: status["frames"] > at + 4)
    os.kill(lab.pid(run), signal.SIGKILL)
    assert lab.wait(run, "lost")["fork"] == origin
    lab.command(run, "resume")
    lab.command(run, "pace", 0)
    lab.wait(run, "done")

    ours = lab.film(run)
    assert ours[1:] == film[1:]  # frames made by hand before the fork too
    head, theirs = decode(ours[0]), decode(film[0])
    assert head.header["fork"] == origin
    assert encode(head).endswith(encode(theirs)[-1000:])
    assert settled(lab, run) == settled(lab, parent)
    # The config says the rate that was set by hand: what was recorded can be had again.
    again = RunConfig.from_mapping(head.header["config"])
    assert len(again.lr_schedule) == 1


def test_a_rate_that_drops_at_the_fork_is_the_scratch_run_with_that_schedule(lab):
    plain = lab.start({**CONFIG, "steps": 100, "frames": 50})
    lab.command(plain, "pace", 0)
    lab.wait(plain, "done")
    run = fork(lab, plain, 30, lr=0.0005)
    status = lab.wait(run, "done")
    assert status["config"]["lr_schedule"] == [[status["fork"]["step"], 0.0005]]
    scratch = lab.start(status["config"])
    lab.command(scratch, "pace", 0)
    lab.wait(scratch, "done")
    assert lab.film(run)[1:] == lab.film(scratch)[1:]
    assert settled(lab, run) == settled(lab, scratch)
    assert lab.film(run)[: status["fork"]["step"]] != lab.film(plain)


def test_a_run_that_trains_is_forked_and_trains_on(lab):
    run = lab.start(LONG)
    lab.wait(run, lambda status: status["frames"] > 24)
    child = fork(lab, run, 10**6, optimiser="sgd")
    status = lab.wait(child, lambda status: status["state"] == "running" and status["frames"] > 30)
    origin = status["fork"]
    assert (origin["run"], origin["step"], origin["fresh"]) == (run, 20, True)
    assert (origin["config"]["optimiser"], status["config"]["optimiser"]) == ("adam", "sgd")
    told = lab.ask("GET", f"/api/runs/{child}/frames?limit=1")[1]["X-Nnprobe-Status"]
    assert "optimiser" not in told  # a header with each frame says no config
    assert lab.status(run)["state"] == "running"
    for name in (run, child):
        lab.command(name, "stop")
        lab.wait(name, "stopped")
    lab.command(child, "resume")  # it had no checkpoint of its own yet, and needs none
    lab.wait(child, lambda status: status["state"] == "running" and status["frames"] > 40)
    lab.command(child, "stop")


def test_what_cannot_be_forked_is_refused_with_a_sentence(lab, parent):
    for run, request, code, sentence in (
        (parent, {"seq": 3}, 400, "step must be at least "),
        (parent, {"config": {"hidden": "9"}}, 400, "hidden must be 6-2 as in the run that is forked"),
        (parent, {"config": {"steps": 20}}, 400, "steps must be above 150, at which the run is forked, got 20."),
        (parent, {"config": 3}, 400, "config must be a mapping of changed fields, got 3."),
        (parent, {"seq": "x"}, 400, "seq must be a whole number from 0"),
        (parent, {"at": 3}, 400, "Unknown field at; the known ones are seq, config."),
        ("nothing", {}, 404, "There is no run 'nothing'."),
    ):
        answer, body = lab.json("POST", f"/api/runs/{run}/fork", request)
        assert (answer, body["error"][: len(sentence)]) == (code, sentence)


def test_weights_of_a_frame_and_of_all_frames(lab, parent, tmp_path):
    film = [decode(data) for data in lab.film(parent)]
    code, _, data = lab.ask("GET", f"/api/runs/{parent}/weights")
    assert code == 200
    whole = load(data)
    assert whole["step"].tolist() == [frame.step for frame in film if not frame.extra]
    for seq in (0, 3, 20, 44, len(film) - 1):
        code, _, data = lab.ask("GET", f"/api/runs/{parent}/weights?seq={seq}")
        assert code == 200
        head, arrays = decode(data).header, load(data)
        newest = max(at for at in range(seq + 1) if not film[at].extra)
        assert (decode(data).step, head["seq"]) == (film[newest].step, newest)
        index = whole["step"].tolist().index(film[newest].step)
        for name, array in arrays.items():
            np.testing.assert_array_equal(array, whole[name][index])
        norms = [np.linalg.norm(arrays[f"weight.{layer}"]) for layer in (1, 2, 3)]
        np.testing.assert_allclose(norms, film[newest].arrays["series.spectrum"][:, 0], rtol=1e-5)

    out = tmp_path / "weights.safetensors"
    command = [sys.executable, "-m", "app", "weights", parent, "--out", str(out)]
    subprocess.run(
        command, check=True, capture_output=True, timeout=120, env={**os.environ, "NNPROBE_HOME": str(lab.home)}
    )
    assert out.read_bytes() == lab.ask("GET", f"/api/runs/{parent}/weights")[2]


def test_where_there_are_no_weights_a_sentence_says_so(lab):
    young = lab.start({**LONG, "frames": 300})
    lab.command(young, "pause")
    lab.wait(young, "paused")
    code, body = lab.json("GET", f"/api/runs/{young}/weights?seq=0")
    assert code == 404
    assert "must have a checkpoint to have recorded weights" in body["error"]
    lab.command(young, "stop")
    for path in ("nothing/weights", "nothing/weights?seq=0"):
        assert lab.json("GET", f"/api/runs/{path}")[0] == 404
    assert lab.json("GET", f"/api/runs/{young}/weights?seq=-1")[0] == 400


def test_checkpoints_of_the_command_line_become_weights(tmp_path, capsys):
    from app.cli import main

    small = {"steps": 30, "frames": 25, "n_train": 20, "n_test": 10, "hidden": "4-2"}
    options = [f"--{name.replace('_', '-')}={value}" for name, value in small.items()]
    saved, out, film = tmp_path / "run.checkpoints", tmp_path / "w.safetensors", tmp_path / "run.film"
    assert main(["train", *options, "--checkpoints", str(saved), "--out", str(film)]) == 0
    assert main(["weights", str(saved), "--out", str(out)]) == 0
    assert f"weights      {out}" in capsys.readouterr().out
    frames = list(train(RunConfig.from_mapping(small), tracks=TRACKS))
    assert [frame.step for frame in frames if frame.track == FILM] == load_file(out)["step"].tolist()
    for name, value in weights_over_time(frame for frame in frames if frame.track == CHECKPOINTS).items():
        np.testing.assert_array_equal(load_file(out)[name], value)
    assert not [frame for frame in frames if frame.track == SETTLED and frame.extra]

    for source, sentence in (
        (str(film), f"nnprobe: {film} must hold checkpoints (nnprobe train --checkpoints FILE)"),
        ("no-such-run", "nnprobe: There is no run 'no-such-run'."),
    ):
        other = tmp_path / "other.safetensors"
        assert main(["weights", source, "--out", str(other)]) == 2
        assert capsys.readouterr().err.startswith(sentence)
        assert not other.exists()


def test_a_film_that_ships_is_made_again_up_to_the_fork(lab):
    """Through a kill in the middle of that, too: the film is that of the whole settings all the same."""
    presets = lab.json("GET", "/api/presets")[1]["presets"]
    preset = next(item for item in presets if item["name"] == "nonsense")
    config = preset["config"]
    run = fork(lab, preset["run"], 65, lr=config["lr"] / 10)
    lab.command(run, "pace", 0)
    lab.wait(run, lambda _: len(lab.film(run)) > 3)
    os.kill(lab.pid(run), signal.SIGKILL)
    lab.wait(run, "lost")
    lab.command(run, "resume")
    status = lab.wait(run, lambda status: status["state"] == "running" and status["step"] > status["fork"]["step"])
    assert status["fork"]["config"] == config
    assert status["config"]["lr_schedule"] == [[status["fork"]["step"], config["lr"] / 10]]
    lab.command(run, "stop")
    lab.wait(run, "stopped")
    film = [decode(data) for data in lab.film(run)]
    assert film[0].header["fork"] == status["fork"]
    expected = train(RunConfig.from_mapping(status["config"]), tracks=TRACKS)
    for frame in (frame for frame in film[:70] if not frame.extra):  # a stop adds one off the schedule
        other = next(item for item in expected if item.track == FILM)
        assert frame.step == other.step
        assert encode(frame)[-5000:] == encode(other)[-5000:]


def test_a_run_that_died_before_its_first_checkpoint_begins_again_and_records_nothing_twice(lab):
    run = lab.start(CONFIG)
    lab.command(run, "pace", 20)
    lab.wait(run, lambda status: status["frames"] > 6)
    lab.command(run, "lr", 0.02)
    lab.wait(run, lambda status: status["lr"] == 0.02 and status["frames"] > 9)
    os.kill(lab.pid(run), signal.SIGKILL)
    frames = lab.wait(run, "lost")["frames"]
    assert frames < 20
    before = lab.film(run)
    lab.command(run, "resume")
    lab.command(run, "pace", 0)
    lab.wait(run, "done")
    film = lab.film(run)
    assert film[:frames] == before
    (changed,) = [frame for frame in map(decode, film) if "lr" in frame.header]
    expected = train(RunConfig.from_mapping({**CONFIG, "lr_schedule": [[changed.step, 0.02]]}), tracks=TRACKS)
    scheduled = [data for data in film if not decode(data).extra]
    assert scheduled[1:] == [encode(frame) for frame in expected if frame.track == FILM][1:]  # frame 0 holds the config
