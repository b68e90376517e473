"""README.md is run as it stands: every block of Python, and every command, one after another in a folder of its own."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from glob import glob
from pathlib import Path

import pytest

from app.cli import main

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "README.md").read_text(encoding="utf-8")
TOOL = ".venv/bin/nnprobe"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


LINES = [line for block in blocks("sh") for line in block.splitlines()]
#: Words of each command that begins with ``TOOL``, without its comment.
COMMANDS = [shlex.split(line, comments=True)[1:] for line in LINES if line.startswith(TOOL)]
#: Added at the end of a command, where it would train for minutes: what it does stays, how much of it does not.
LESS = {
    "train": "--steps 100 --frames 20",
    "sweep": "--steps 20 --n-train 30 --n-test 20 --seeds 2",
    "attack": "--epochs 2",
    "separation": "--epochs 1 --per-class 20",
    "compare": "--epochs 1 --n-train 30 --n-test 20 --seeds 1",
    "thesis": "--epochs 1 --n-train 60 --n-test 40",
}

_NET = """
import torch

class Net(torch.nn.Sequential):
    def __init__(self):
        super().__init__(torch.nn.Flatten(), torch.nn.Linear(64, 8), torch.nn.Tanh(), torch.nn.Linear(8, 10))

if __name__ == "__main__":
    for step in (2, 10):
        torch.save(Net().state_dict(), f"checkpoints/step_{step}.pt")
"""
_POINTS = "x,y,class\n" + "".join(f"{at % 7},{at % 5},{'near' if at % 7 < 3 else 'far'}\n" for at in range(200))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """What a reader has: a module with checkpoints, and points."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "checkpoints").mkdir()
    (folder / "my_module.py").write_text(_NET)
    (folder / "points.csv").write_text(_POINTS)
    run(folder, sys.executable, "my_module.py")
    return folder


def run(folder: Path, *words: str) -> str:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "NNPROBE_HOME": str(folder / "home")}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("block", blocks("python"))
def test_every_example_runs(folder, block):
    assert run(folder, sys.executable, "-W", "error", "-c", block).strip()


def test_every_command_runs(folder, monkeypatch, capsys):
    """In their order: a later one reads what an earlier one wrote."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("NNPROBE_HOME", str(folder / "home"))
    assert len(COMMANDS) >= 8
    for name, *words in COMMANDS:
        if name == "serve":
            continue
        given = [place for word in words for place in (sorted(glob(word)) if "*" in word else [word])]
        trained = name != "attack" or not any(":Net" in word for word in given)  # a module of one's own is
        less = shlex.split(LESS.get(name, "")) if trained else []
        status = main([name, *given, *less])
        out, err = capsys.readouterr()
        assert (status, bool(out.strip())) == (0, True), f"{name} {' '.join(given)}\n{out}{err}"


def test_the_lab_is_served(folder):
    (words,) = [words for words in COMMANDS if words[0] == "serve"]
    command = [sys.executable, "-m", "app", *words, "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NNPROBE_HOME": str(folder / "home")}
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert "http://127.0.0.1:" in server.stdout.readline()
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=120)


def test_every_target_of_make_is_one():
    targets = {shlex.split(line, comments=True)[1] for line in LINES if line.startswith("make ")}
    assert {"run", "test"} <= targets
    for target in targets:
        subprocess.run(["make", "-n", target], cwd=ROOT, check=True, capture_output=True)


def test_every_file_it_links_to_is_there():
    named = re.findall(r"\]\(([\w/.-]+)\)", PAGE)
    assert len(named) > 4
    assert [name for name in named if not (ROOT / name).exists()] == []
