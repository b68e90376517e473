"""The page's own scripts in Node.js against shipped films: each test of tests/js/*.test.mjs under its name.

A file is run once, for all its tests; who changes a panel runs ``pytest tests/test_panels_against_films.py -k loss``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from node import node

FOLDER = Path(__file__).parent / "js"
#: A test's name is written in one piece, so that it is known before anything runs.
TESTS = [
    (file.name, name)
    for file in sorted(FOLDER.glob("*.test.mjs"))
    for name in re.findall(r"^test\('([^']+)'", file.read_text(), re.MULTILINE)
]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    """Shipped films and the pages' scripts, for the tests to find."""
    folder = tmp_path_factory.mktemp("prepared")
    environment = {**os.environ, "PYTHONPATH": str(FOLDER.parents[1])}
    command = [sys.executable, str(FOLDER / "prepare.py"), str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@cache
def results(file: str, prepared: Path) -> dict[str, str]:
    """Of each test of a file what it says of its failure; empty where it passed."""
    command = node("--test", "--test-isolation=none", "--test-reporter=junit", str(FOLDER / file))
    done = subprocess.run(
        command, env={**os.environ, "NNPROBE_PREPARED": str(prepared)}, capture_output=True, text=True
    )
    found = {}
    for case in ElementTree.fromstring(done.stdout).iter("testcase"):
        failure = case.find("failure")
        found[case.get("name", "")] = "" if failure is None else f"{failure.get('message')}\n{failure.text}"
    return found


@pytest.mark.parametrize(("file", "name"), TESTS, ids=[f"{file.split('.')[0]}: {name}" for file, name in TESTS])
def test_node(prepared, file, name):
    found = results(file, prepared)
    assert name in found, "\n".join(text for text in found.values() if text) or f"{file} did not run {name!r}."
    assert not found[name], found[name]


def test_every_test_of_a_file_is_known_by_its_name(prepared):
    for file in sorted({file for file, _ in TESTS}):
        assert set(results(file, prepared)) == {name for known, name in TESTS if known == file}, file
