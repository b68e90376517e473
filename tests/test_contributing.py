"""CONTRIBUTING.md shows a data set, a probe with its panel, a kind with its page: each is used in a copy of the code.

What of it is seen in a browser is tests/e2e/test_contributed.py's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from contributed import ROOT, contribute, page, shown


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    return contribute(tmp_path_factory.mktemp("copy"))


def run(copy: Path, *arguments: str, fails: bool = False) -> str:
    """What the command wrote; on stderr where it ``fails``."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "NNPROBE_HOME": str(copy / "home")}
    done = subprocess.run([sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True)
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stderr if fails else done.stdout


def test_the_shown_tests_and_those_of_every_data_set_page_and_limit_pass(copy):
    those = [
        "core/probes/test_dimension.py",
        "core/datasets/test_data.py",
        "app/pages/test_pages.py",
        "app/pages/test_limits.py",
    ]
    run(copy, "-m", "pytest", "-p", "no:cacheprovider", *(f"tests/{each}" for each in those))


def test_the_shown_code_passes_the_checks(copy):
    files = sorted({path for path, _, _ in shown() if path.endswith(".py")})
    ruff = Path(sys.executable).with_name("ruff")
    for check in (["check"], ["format", "--check"]):
        done = subprocess.run([ruff, *check, "--no-cache", *files], cwd=copy, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
    if (ROOT / ".mypy_cache").exists():  # what is known of all that the page leaves as it is
        shutil.copytree(ROOT / ".mypy_cache", copy / ".mypy_cache")
    run(copy, "-m", "mypy", *(path for path in files if not path.startswith("tests")))
    done = subprocess.run([ruff.with_name("lint-imports"), "--no-cache"], cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_data_sets_own_field_is_on_the_command_line_with_it_alone(copy, tmp_path):
    film, few = tmp_path / "a.film", ["--n-train", "20", "--n-test", "20", "--steps", "3", "--hidden", "4"]
    run(copy, "-m", "app", "train", "--dataset", "pinwheel", "--twist", "3", *few, "--out", str(film))
    assert "?dataset=pinwheel&n_train=20&n_test=20&hidden=4&steps=3&twist=3" in run(
        copy, "-m", "app", "show", str(film)
    )
    help_page = " ".join(run(copy, "-m", "app", "train", "--help").split())
    assert "only with dataset pinwheel; 0 to 12 rad; default 1.5" in help_page
    refused = run(copy, "-m", "app", "train", "--dataset", "ring", "--twist", "3", *few, fails=True)
    assert "twist must be left out unless dataset is pinwheel, got 3.0." in refused


FILM = """
from nnprobe_core.config import RunConfig
from nnprobe_core.training.trainer import train

config = RunConfig.from_query("dataset=pinwheel&twist=3&n_train=30&n_test=30&steps=4&frames=3&hidden=5-4")
for frame in train(config):
    if frame.track == "film":
        print(*frame.arrays["series.dimension"])
"""


def test_the_shown_data_set_and_probe_are_in_a_film(copy):
    lines = run(copy, "-c", FILM).splitlines()
    assert len(lines) == 3
    for line in lines:  # input, two hidden layers, logits
        assert all(1 <= float(value) <= width for value, width in zip(line.split(), (2, 5, 4, 3), strict=True))


KIND = """
from nnprobe_core.frame import CHECKPOINTS, encode
from nnprobe_core.kinds import config_from_query, experiment
from nnprobe_core.training.inbox import Inbox
from nnprobe_core.record import Command

config = config_from_query("kind=perceptron&epochs=6&n_train=50&noise=0")
whole = list(experiment(config).frames())
inbox, some = Inbox(), []
for frame in experiment(config).frames(inbox):
    some.append(frame)
    if frame.step == 2:
        inbox.put(Command("stop"))
rest = experiment(config, [frame for frame in some if frame.track == CHECKPOINTS]).frames()
assert [encode(frame) for frame in (*some, *rest)] == [encode(frame) for frame in whole]
print(len(some), len(whole), *(frame.arrays["series.mistakes"][0] for frame in whole if frame.track != CHECKPOINTS))
"""


def test_the_shown_kind_stops_and_goes_on_with_the_frames_it_would_have_had(copy):
    some, whole, first, *later = run(copy, "-c", KIND).split()
    assert (some, whole) == ("6", "14")
    assert float(first) == 1  # the line is nowhere: every point is on the wrong side
    assert all(0 < float(value) < 1 for value in later)  # no line parts the moons, and any is better than none
    assert min(map(float, later)) < 0.2


def test_every_file_the_page_names_is_there():
    named = re.findall(r"`((?:nnprobe_core|app|assets|tests|docs|benchmarks)/[\w/.-]*)`", page())
    new = {path for path, table, _ in shown() if not table}
    assert len(named) > 10
    assert [path for path in named if path not in new and not (ROOT / path).exists()] == []
