"""``nnprobe sweep``: the table and the film of a sweep, stopped and gone on with."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.cli import main
from app.store.disk import DiskFrameLog
from nnprobe_core.frame import CHECKPOINTS, decode, unpack
from nnprobe_core.sweeps.config import SweepConfig
from nnprobe_core.sweeps.results import SweepResults

SMALL = ["--steps", "20", "--n-train", "30", "--n-test", "20", "--width", "4", "--frames", "6", "--epsilons", "0.1"]
ROOT = Path(__file__).parents[3]


def test_it_writes_a_table_and_a_film(tmp_path, capsys):
    paths = {name: tmp_path / f"out.{name}" for name in ("csv", "json", "film")}
    over = ["--over", "max_phi=4:8:2", "--over", "activation=tanh,relu", "--seeds", "2"]
    given = ["--csv", str(paths["csv"]), "--json", str(paths["json"]), "--out", str(paths["film"])]
    assert main(["sweep", *over, *SMALL, *given]) == 0
    printed = capsys.readouterr().out
    assert "12 networks: max_phi (4, 6, 8) × activation (tanh, relu) × 2 seeds" in printed
    assert "done         12 of 12 networks" in printed
    results = SweepResults.from_json(paths["json"].read_text())
    assert results.done.all()
    assert results.config.run.hidden == (4, 4, 4)
    table = paths["csv"].read_text()
    assert len(table.splitlines()) == 13
    assert SweepResults.from_csv(table, results.config).to_csv() == table
    frames = [decode(data) for data in unpack(paths["film"].read_bytes())]
    assert frames[-1].step == 20
    assert SweepConfig.from_mapping(frames[0].header["config"]) == results.config
    # the same sweep, by its link
    assert (
        main(["sweep", "--link", f"http://localhost/compare?{results.config.to_query()}", "--csv", str(paths["csv"])])
        == 0
    )
    assert paths["csv"].read_text() == table
    assert main(["show", str(paths["film"])]) == 0
    assert "12 networks" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--over", "max_phi"], "--over must be FIELD=VALUES"),
        (["--over", "lr=1", "--over", "width=2", "--over", "noise=0"], "--over must be given at most twice"),
        (["--over", "nose=1"], "over must be empty or one of entanglement"),
        (["--over", "lr=1:2"], "values must be values of Learning rate, each a number"),
        (["--over", "lr=1", "--csv", "/nowhere/at/all.csv"], "No such file or directory"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(given, sentence, capsys):
    assert main(["sweep", *given]) == 2
    assert sentence in capsys.readouterr().err


def test_a_sweep_that_was_interrupted_goes_on_without_repeating_what_is_done(tmp_path):
    """Three waves in a process of its own, killed after the first; then to the end."""
    folder, films = tmp_path / "kept", [tmp_path / name for name in ("whole.film", "resumed.film")]
    asked = ["--over", "lr=0.01,0.02", "--seeds", "70", *SMALL, "--steps", "150", "--frames", "30"]
    command = [sys.executable, "-m", "app", "sweep", *asked, "--resume", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"})
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not _checkpoints(folder):
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = _checkpoints(folder)
    assert done >= 1
    tables = [tmp_path / name for name in ("whole.csv", "resumed.csv")]
    assert main(["sweep", *asked, "--csv", str(tables[0]), "--out", str(films[0])]) == 0
    assert main(["sweep", *asked, "--csv", str(tables[1]), "--out", str(films[1]), "--resume", str(folder)]) == 0
    assert tables[0].read_text() == tables[1].read_text()
    assert films[0].read_bytes() == films[1].read_bytes()
    assert _checkpoints(folder) == 3


def test_a_folder_of_another_sweep_is_refused(tmp_path, capsys):
    assert main(["sweep", *SMALL, "--seeds", "1", "--resume", str(tmp_path / "kept")]) == 0
    assert main(["sweep", *SMALL, "--seeds", "2", "--resume", str(tmp_path / "kept")]) == 2
    assert "--resume must be the folder of this sweep" in capsys.readouterr().err


def _checkpoints(folder):
    if not (folder / "cache.db").exists():
        return 0
    log = DiskFrameLog(folder)
    try:
        return log.last("sweep", CHECKPOINTS) + 1
    except KeyError:
        return 0
    finally:
        log.close()
