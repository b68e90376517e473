"""``nnprobe attack``: on a config, on a film, on a module of one's own; as a table and as JSON."""

import json

import numpy as np
import pytest
import torch

from app.cli import main
from nnprobe_core.attacks.config import AttackConfig
from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import load_data
from nnprobe_core.datasets.images import load_images
from nnprobe_core.models.networks import build
from nnprobe_core.studies.learner import Learner
from nnprobe_core.training.trained import trained

SMALL = ["--steps", "150", "--n-train", "60", "--n-test", "40", "--hidden", "8-8", "--max-phi", "4"]
CONFIG = RunConfig(steps=150, n_train=60, n_test=40, hidden=(8, 8), max_phi=4)

NET = """
from nnprobe_core.models.networks import MLP


def net():
    return MLP((1, 8, 8), 10, (32,))


def flat():
    import torch
    return torch.nn.Linear(64, 10)
"""


def printed(capsys, *arguments):
    assert main(["attack", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_config_is_trained_and_attacked(capsys):
    report = printed(capsys, *SMALL, "--epsilons", "0,0.05,0.2")
    assert report["config"] == CONFIG.to_mapping()
    rows, data = report["rows"], load_data(CONFIG)
    assert [row["epsilon"] for row in rows] == [0, 0.05, 0.2]
    right = (trained(CONFIG).logits(data.x_test).argmax(axis=1) == data.y_test).mean()
    assert rows[0]["accuracy"] == rows[0]["noise_accuracy"] == pytest.approx(right)
    assert rows[2]["accuracy"] < rows[2]["noise_accuracy"] <= 1
    assert rows[0]["past_midline"] == 0 < rows[2]["past_midline"]
    moved = sum(move["points"] for move in report["transitions"] if move["epsilon"] == 0.2)
    assert 0 < moved <= report["points"] == 80

    assert main(["attack", *SMALL, "--epsilons", "0,0.05,0.2"]) == 0
    table = capsys.readouterr().out
    assert "FGSM, L∞, on 80 test points" in table
    assert f"{rows[2]['accuracy']:.1%}" in table
    assert "at ε = 0.2, most often: " in table


def test_a_film_says_which_config(tmp_path, capsys):
    film = tmp_path / "run.film"
    main(["train", *SMALL, "--frames", "5", "--out", str(film)])
    capsys.readouterr()
    given = ["--attack", "pgd", "--norm", "l2", "--iterations", "3", "--restarts", "2", "--target", "1"]
    report = printed(capsys, "--film", str(film), *given)
    assert report == printed(capsys, *SMALL, "--frames", "5", *given)
    assert (report["steps"], report["restarts"], report["target"], report["points"]) == (3, 2, "1", 40)
    assert all(row["l2"] <= row["epsilon"] + 1e-6 for row in report["rows"])


def test_a_module_with_its_weights(tmp_path, capsys):
    pictures = load_images("digits")
    module = build("mlp", pictures.shape, 10, hidden=(32,), seed=0)
    learner = Learner(module, pictures.x_train, pictures.y_train, lr=0.003, batch_size=64, seed=0)
    learner.advance(3 * learner.per_epoch)
    module.eval()
    (tmp_path / "net.py").write_text(NET)
    torch.save(module.state_dict(), tmp_path / "net.pt")
    target = f"{tmp_path / 'net.py'}:net"
    report = printed(capsys, target, "--weights", str(tmp_path / "net.pt"), "--epsilons", "0,0.1,0.2")
    assert report["points"] == len(pictures.x_test)
    clean, _, strong = report["rows"]
    with torch.no_grad():
        right = module(torch.from_numpy(pictures.x_test)).argmax(1).numpy() == pictures.y_test
    assert clean["accuracy"] == pytest.approx(np.mean(right))
    assert strong["accuracy"] < 0.5 < strong["noise_accuracy"]
    assert strong["linf"] <= 0.2 + 1e-6
    assert "past_midline" not in strong


def test_how_it_is_attacked_is_as_on_the_page(capsys):
    page = AttackConfig(method="pgd")
    report = printed(capsys, *SMALL, "--attack", "pgd", "--epsilons", "0.1")
    assert (report["norm"], report["steps"], report["restarts"]) == (page.norm, page.iterations, page.restarts)
    report = printed(capsys, *SMALL, "--epsilons", "0.1")
    assert (report["attack"], report["steps"], report["restarts"]) == (AttackConfig().method, 1, 1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--attack", "cw"], "attack must be one of fgsm, bim, pgd, got 'cw'"),
        (["--norm", "l1"], "norm must be one of linf, l2"),
        (["--target", "2", *SMALL], "target must be a whole number from 0 to 1"),
        (["--iterations", "3"], "--iterations must be left out unless the attack is bim or pgd"),
        (["--attack", "pgd", "--iterations", "101"], "iterations must be a whole number from 1 to 100"),
        (["--restarts", "3", "--attack", "bim"], "--restarts must be left out unless the attack is pgd"),
        (["--weights", "x.pt"], "--weights must be given with a module"),
        (["--epsilons", "0.1,no"], "epsilons must be"),
        (["NET:net", "--steps", "3"], "--steps must be left out where a module is attacked"),
        (["NET:flat"], "module must be one that takes inputs (1, 1, 8, 8)"),
        (["NET:nobody"], "module must be a name that"),
    ],
)
def test_a_sentence_for_what_is_wrong(arguments, sentence, tmp_path, capsys):
    (tmp_path / "net.py").write_text(NET)
    given = [part.replace("NET", str(tmp_path / "net.py")) for part in arguments]
    assert main(["attack", *given]) == 2
    assert capsys.readouterr().err.startswith(f"nnprobe: {sentence}")
