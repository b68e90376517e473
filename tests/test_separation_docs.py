"""docs/separation.md is run as it stands: what it prints is what it shows, within a point or three."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "separation.md").read_text()
PYTHON = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SHOWN = "".join(re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
NUMBER = re.compile(r"-?\d+\.\d+")


#: Training a module must not cost as much time again as torch does, for a compiler that nobody uses.
NO_COMPILER = "\nimport sys\nassert 'torch._dynamo' not in sys.modules\n"


def test_the_page_prints_what_it_shows():
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "error", "-c", "".join(PYTHON) + NO_COMPILER]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # Another processor adds in another order: figures of a trained network may part by a few points of 539.
    assert NUMBER.sub("#", done.stdout) == NUMBER.sub("#", SHOWN)
    printed, shown = (list(map(float, NUMBER.findall(text))) for text in (done.stdout, SHOWN))
    assert printed == pytest.approx(shown, abs=0.03)
    assert len(shown) > 40


def test_the_shown_commands_are_options_that_there_are():
    from app.cli import build_parser

    parser = build_parser()
    lines = re.findall(r"^nnprobe separation .*", PAGE, re.MULTILINE)
    assert len(lines) >= 4
    for line in lines:
        assert parser.parse_args(line.split()[1:]).run is not None
