"""What people bring along: modules that raise or leave, checkpoints and pictures as tools lay them out, own points."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys

import numpy as np
import pytest
import torch

from app.cli import main
from app.commands.separation import in_order
from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.images import load_images
from nnprobe_core.frame import header, unpack
from nnprobe_core.separation.table import load_tables
from tests.core.datasets.test_images import idx

CODE = """
import os, sys
import torch
from torch import nn

class Wrong(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(784, 10))

class Leaves(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(64, 10)
    def forward(self, x):
        try:
            os._exit(0)
        except Exception:
            return self.fc(x.flatten(1))

class Quits(Leaves):
    def forward(self, x):
        self.fc(x.flatten(1))
        sys.exit("enough")

def made():
    sys.exit(3)
"""
SENTENCES = {
    "Wrong": ("mat1 and mat2 shapes cannot be multiplied", "1, 8, 8)", "its layer 1, Linear(in_features=784", "64)"),
    "Leaves": ("it ended itself by os._exit(0)", "1, 8, 8)"),
    "Quits": ("it ended itself by sys.exit('enough')", "its layer fc"),
    "made": ("one that made() makes (it ended itself by sys.exit(3))",),
}


@pytest.mark.parametrize("command", ["separation", "attack"])
@pytest.mark.parametrize("name", SENTENCES)
def test_a_module_that_fails_is_one_sentence_with_both_shapes(command, name, tmp_path, capsys):
    (tmp_path / "own.py").write_text(CODE)
    assert main([command, f"{tmp_path}/own.py:{name}"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    for part in SENTENCES[name]:
        assert part in err


def test_a_file_that_ends_the_process_is_told(tmp_path, capsys):
    own = tmp_path / "own.py"
    for line in ("import sys; sys.exit(0)", "raise SystemExit"):
        own.write_text(line)
        assert main(["separation", f"{own}:Net"]) == 2
        assert "module must be in a file that runs (it ended itself by" in capsys.readouterr().err
    own.write_text("import os; os._exit(0)")  # in a process of its own: were it not held, this one would end
    done = subprocess.run([sys.executable, "-m", "app", "separation", f"{own}:Net"], capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "module must be in a file that runs (it ended itself by os._exit(0))" in done.stderr


def test_checkpoints_come_in_the_order_of_training():
    assert in_order(["c0", "c10", "c100", "c2"]) == ["c0", "c2", "c10", "c100"]
    assert in_order(["run/e1-s900.pt", "run/e10-s5.pt", "run/e2-s10.pt"])[-1] == "run/e10-s5.pt"
    assert in_order(["init.pt", "final.pt"]) == ["init.pt", "final.pt"], "somebody chose that"


def test_every_seed_is_kept_and_read_again(tmp_path, capsys):
    together, some = tmp_path / "all.json", ["separation", "--model", "mlp", "--epochs", "1", "--per-class", "8"]
    assert main([*some, "--seeds", "8", "--classes", "0,1,2", "--json", str(together)]) == 0
    printed = capsys.readouterr().out
    tables = load_tables(together)
    assert len(tables) == 8
    assert len({tuple(table.means("train").ravel()) for table in tables}) == 8
    assert main(["separation", "--read", str(together)]) == 0
    again = capsys.readouterr().out
    assert again.strip() == printed[: printed.index("\ntable  ")].strip()
    assert "Exact sign-flip test over 8 seeds" in again
    parts = []
    for number, table in enumerate(tables):
        parts.append(str(tmp_path / f"{number}.json"))
        table.save(parts[-1])
    assert main(["separation", "--read", *parts]) == 0
    assert capsys.readouterr().out == again
    assert main([*some, "--json", str(tmp_path / "other.json")]) == 0
    assert main(["separation", "--read", parts[0], str(tmp_path / "other.json")]) == 2
    assert "--read must be tables with the same classes" in capsys.readouterr().err


def test_distances_part_what_they_see(tmp_path, capsys):
    found = {}
    for distance in ("euclidean", "cosine", "l1"):
        path = tmp_path / f"{distance}.json"
        command = ["separation", "--model", "mlp", "--epochs", "1", "--per-class", "30", "--classes", "3,8"]
        assert main([*command, "--distance", distance, "--json", str(path)]) == 0
        (table,) = load_tables(path)
        assert table.distance == distance
        found[distance] = table.values("train", "epoch 1", "fc3")[0]
    assert len(set(found.values())) > 1
    assert "distance     l1" in capsys.readouterr().out
    assert main(["separation", "--model", "mlp", "--distance", "far"]) == 2
    assert "distance must be one of euclidean, cosine, l1, got 'far'" in capsys.readouterr().err


def test_torchvisions_root_is_understood(tmp_path):
    x, y = np.arange(20 * 36, dtype=np.uint8).reshape(20, 6, 6), np.arange(20, dtype=np.uint8) % 4
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, array in (("images-idx3-ubyte", x), ("labels-idx1-ubyte", y)):
        for part in ("train", "t10k"):
            (raw / f"{part}-{name}").write_bytes(idx(array))
            (raw / f"{part}-{name}.gz").write_bytes(gzip.compress(idx(array)))
    for place in (tmp_path, tmp_path / "MNIST", raw):
        np.testing.assert_array_equal(load_images(place).y_train, y)
    (tmp_path / "KMNIST").mkdir()
    raw.rename(tmp_path / "KMNIST" / "raw")
    np.testing.assert_array_equal(load_images(tmp_path).y_train, y)


def report(capsys, *arguments: str):
    assert main(["attack", *arguments, "--epsilons", "0,0.1", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_attack_on_digits_attacks_digits(capsys):
    found = report(capsys, "--data", "digits", "--epochs", "4", "--hidden", "32")
    assert found["network"] == "digits, network mlp 32, 4 epochs"
    assert found["points"] == len(load_images("digits").x_test)
    assert found["rows"][0]["accuracy"] > 0.8, "it has learnt them"
    assert found["rows"][1]["accuracy"] < found["rows"][1]["noise_accuracy"] - 0.2
    assert main(["attack", "--data", "digits", "--max-phi", "3"]) == 2
    assert "--max-phi must be left out where pictures are learnt, got '3'" in capsys.readouterr().err


@pytest.fixture
def points(tmp_path):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(120, 2))
    names = np.where(x[:, 0] > 0, "right", "left")
    path = tmp_path / "p.csv"
    path.write_text("a;b;side\n" + "\n".join(f"{u:.4f};{v:.4f};{name}" for (u, v), name in zip(x, names, strict=True)))
    return path


def test_own_points_are_learnt_swept_and_attacked(points, tmp_path, capsys):
    film, small = tmp_path / "own.film", ["--steps", "60", "--width", "4"]
    assert main(["train", "--data", str(points), *small, "--out", str(film)]) == 0
    config = RunConfig.from_mapping(header(next(unpack(film.read_bytes())))["config"])
    assert (config.points, config.n_classes) == (84, 2)
    assert "own points, 84 training points" in capsys.readouterr().out
    assert main(["sweep", "--data", str(points), *small, "--over", "lr=0.01,0.1", "--seeds", "2"]) == 0
    assert "4 networks" in capsys.readouterr().out
    found = report(capsys, "--data", str(points), *small)
    assert found["points"] == 36
    assert found == {**report(capsys, "--film", str(film), "--data", str(points)), "network": found["network"]}
    first, rest = points.read_text().split("\n", 1)
    points.write_text(f"{first}\n9{rest}" if rest[0] != "-" else f"{first}\n{rest[1:]}")  # one number is another
    assert main(["attack", "--film", str(film), "--data", str(points)]) == 2
    assert "unchanged since" in capsys.readouterr().err
    points.unlink()
    assert main(["attack", "--film", str(film), "--data", str(points)]) == 2
    assert "data must be a file that is there" in capsys.readouterr().err


def test_points_beyond_the_plane_are_attacked_but_not_filmed(tmp_path, capsys):
    x = np.random.default_rng(0).normal(size=(90, 5)).astype(np.float32)
    path = tmp_path / "five.npz"
    np.savez(path, x=x, y=(x.sum(axis=1) > 0).astype(int))
    assert report(capsys, "--data", str(path), "--epochs", "30")["rows"][0]["accuracy"] > 0.7
    (tmp_path / "own.py").write_text("import torch\n\ndef net():\n    return torch.nn.Linear(5, 2)\n")
    assert report(capsys, f"{tmp_path}/own.py:net", "--data", str(path))["points"] == 27
    assert main(["train", "--data", str(path)]) == 2
    err = capsys.readouterr().err
    assert "points in the plane (n, 2) for the lab's own networks, got (63, 5)" in err


def test_deep_and_wide_networks_are_trained(capsys):
    few = ["--steps", "2", "--n-train", "20", "--n-test", "10"]
    assert main(["train", *few, "--depth", "12", "--width", "8"]) == 0
    assert main(["train", *few, "--hidden", "1024"]) == 0
    assert "2-1024-2" in capsys.readouterr().out
    torch.set_num_threads(1)
