"""``nnprobe separation``: a user's own file and checkpoints, a built-in network, and what is told when it fails."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from app.cli import main
from nnprobe_core.frame import FILM
from nnprobe_core.models.networks import MLP
from nnprobe_core.separation.config import SeparationConfig
from nnprobe_core.separation.experiment import SeparationStudy
from nnprobe_core.separation.table import Table

MODULE = """
from torch import nn

def Net():
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 12), nn.ReLU(), nn.Linear(12, 10))
"""


@pytest.fixture
def mine(tmp_path):
    """A file with a network, and two checkpoints."""
    (tmp_path / "mine.py").write_text(MODULE)
    torch.manual_seed(0)
    for name in ("step-1", "step-2"):
        net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(64, 12), torch.nn.ReLU(), torch.nn.Linear(12, 10))
        torch.save(net.state_dict(), tmp_path / f"{name}.pt")
    return tmp_path


def test_a_module_and_checkpoints_of_ones_own(mine, capsys):
    files = [str(mine / f"step-{n}.pt") for n in (1, 2)]
    out = mine / "table.json"
    command = ["separation", f"{mine}/mine.py:Net", *files, "--data", "digits", "--per-class", "20", "--json", str(out)]
    assert main(command) == 0
    printed = capsys.readouterr().out
    table = Table.load(out)
    assert table.stages == ("step-1", "step-2")
    assert table.layers == ("input", "1", "2", "3")
    assert len(table.rows) == 2 * 2 * 4 * 45
    assert {row.n for row in table.rows} == {20}
    assert "45 pairs; 200 train points, 200 test points" in printed
    means = table.means("test")
    row = next(line.split() for line in printed.splitlines() if line.startswith("3 "))
    assert row[3:5] == [f"{means[0, 3]:.3f}", f"{means[1, 3]:.3f}"]

    assert main(["separation", "--read", str(out)]) == 0
    assert capsys.readouterr().out.strip() == printed[: printed.index("\ntable  ")].strip()


def test_layers_classes_and_sets_are_chosen(mine, capsys):
    command = ["separation", f"{mine}/mine.py:Net", "--layers", "2", "--classes", "3,8,1", "--sets", "test"]
    assert main([*command, "--json", str(mine / "t.json")]) == 0
    table = Table.load(mine / "t.json")
    assert (table.layers, table.classes, table.sets) == (("input", "2"), ("1", "3", "8"), ("test",))
    assert table.stages == ("as made",)
    assert json.loads((mine / "t.json").read_text())["rows"][0]["set"] == "test"
    assert "3 pairs" in capsys.readouterr().out


def test_a_network_is_trained_and_tested(capsys):
    command = ["separation", "--model", "mlp", "--epochs", "2", "--every", "1", "--per-class", "15"]
    assert main([*command, "--tests", "--permutations", "99"]) == 0
    printed = capsys.readouterr().out
    assert "3: epoch 0, epoch 1, epoch 2" in printed
    assert "share classes" in printed  # the warning goes with the tests
    assert [line.split()[0] for line in printed.splitlines() if line.startswith("training ")] == ["training"] * 5
    assert "input" in printed


def test_the_trained_network_is_the_pages(tmp_path, capsys):
    command = ["separation", "--model", "mlp", "--hidden", "8", "--lr", "0.01", "--epochs", "2", "--every", "1"]
    command += ["--seed", "3", "--per-class", "10", "--json", str(tmp_path / "t.json")]
    assert main(command) == 0
    capsys.readouterr()
    config = SeparationConfig(hidden=(8,), lr=0.01, epochs=2, stages=2, seed=3, seeds=1, per_class=10, permutations=100)
    film = [frame for frame in SeparationStudy(config).frames() if frame.track == FILM]
    table = Table.load(tmp_path / "t.json")
    assert table.stages == ("epoch 0", "epoch 1", "epoch 2")
    for stage, frame in (("epoch 0", film[0]), ("epoch 2", film[-1])):  # however often it was looked at in between
        for name in table.sets:
            theirs = [table.values(name, stage, layer) for layer in table.layers]
            np.testing.assert_allclose(frame.arrays[f"separation.{name}"], theirs, atol=1e-6)


def test_seeds_are_tested_as_runs(capsys):
    command = ["separation", "--model", "mlp", "--epochs", "1", "--seeds", "8", "--per-class", "8", "--layers", "relu2"]
    assert main([*command, "--sets", "train"]) == 0
    printed = capsys.readouterr().out
    assert "Exact sign-flip test over 8 seeds" in printed
    row = next(line.split() for line in printed.splitlines() if line.startswith("training  relu2"))
    assert float(row[-1]) >= 2 / 2**8 - 1e-4  # the least that eight seeds can give


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "separation must be told one of FILE.py:NAME, --model and --read"),
        (["{}/mine.py:Net", "--model", "cnn"], "told one of"),
        (["{}/mine.py:Net", "--layers", "9"], "layers must be among"),
        (["{}/mine.py:Net", "--data", "{}/nowhere"], "that is there"),
        (["{}/mine.py:Net", "{}/other.pt"], "of this network"),
        (["{}/mine.py:Other"], "a name that"),
        (["--model", "rnn"], "model must be one of mlp, cnn"),
        (["--model", "mlp", "--seeds", "3"], "--seeds must be a whole number from 8"),
        (["{}/mine.py:Net", "--seeds", "9"], "--seeds must be left out unless --model"),
        (["{}/mine.py:Net", "--hidden", "9"], "--hidden must be left out unless --model"),
        (["--model", "mlp", "--epochs", "0"], "epochs must be a whole number from 1 to 1000"),
        (["{}/mine.py:Net", "--device", "tpu"], "--device must be cpu"),
        (["{}/mine.py:Net", "--classes", "4"], "classes must be two or more"),
        (["--read", "{}/mine.py"], "table must be JSON"),
        (["--read", "{}/none.json"], "No such file"),
    ],
)
def test_what_is_wrong_is_one_sentence(mine, capsys, arguments, sentence):
    torch.save(MLP().state_dict(), mine / "other.pt")
    assert main(["separation", *(argument.format(mine) for argument in arguments)]) == 2
    out, err = capsys.readouterr()
    assert sentence in err
    assert (out, err.count("\n")) == ("", 1)
