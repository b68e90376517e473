"""CONTRIBUTING.md shows a data set, a probe and a panel: they are put into a copy of the code, and used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: `path` and, where lines are added to a table, its name; then the text.
BLOCK = re.compile(r"^`([^`]+)`(?:[^\n]*last in `([A-Z]+)`)?[^\n]*\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the code with everything in it that the page shows."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("app", "nnprobe_core", "assets", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for path, table, text in BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text()):
        file = folder / path
        if table:
            end_of_table = re.compile(rf"^{table}: .*?(?=^[)}}])", re.MULTILINE | re.DOTALL)
            code, found = end_of_table.subn(rf"\g<0>{text}", file.read_text())
            assert found == 1, f"{table} in {path}"
            file.write_text(code.replace(" boundary, displacement,", " boundary, dimension, displacement,"))
        else:
            assert not file.exists(), path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    return folder


def run(copy: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run([sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_shown_tests_and_those_of_every_data_set_pass(copy):
    shown = ["tests/core/probes/test_dimension.py", "tests/core/datasets/test_data.py"]
    assert "passed" in run(copy, "-m", "pytest", "-p", "no:cacheprovider", *shown)


def test_the_shown_code_passes_the_checks(copy):
    shown = sorted(
        {path for path, _, _ in BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text()) if path.endswith(".py")}
    )
    ruff = Path(sys.executable).with_name("ruff")
    for check in (["check"], ["format", "--check"]):
        done = subprocess.run([ruff, *check, "--no-cache", *shown], cwd=copy, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
    run(copy, "-m", "mypy", *(path for path in shown if not path.startswith("tests")))


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


def test_the_shown_panel_has_a_place_and_a_script(copy):
    script = "from app.pages.lab import PAGE; print(*(panel.name for panel in PAGE.panels))"
    names = run(copy, "-c", script).split()
    assert "dimension" in names
    assert all((copy / "assets" / "panels" / f"{name}.js").is_file() for name in names)


def test_every_file_the_page_names_is_there():
    page = (ROOT / "CONTRIBUTING.md").read_text()
    named = re.findall(r"`((?:nnprobe_core|app|assets|tests|docs|benchmarks)/[\w/.-]*)`", page)
    new = {path for path, table, _ in BLOCK.findall(page) if not table}
    assert len(named) > 10
    assert [path for path in named if path not in new and not (ROOT / path).exists()] == []
