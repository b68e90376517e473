"""How far a student is: the tests of each exercise, run in a process of their own, and what to do next."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnprobe_core.course.copy import LIBRARY, exercises_of, find
from nnprobe_core.course.exercises import Exercise
from nnprobe_core.course.limits import EXTRA, Place
from nnprobe_core.course.runner import FAILED, NOT_DONE, PASSED

PASSES, FAILS, WAITS, OPEN = "passes", "fails", "waits", "open"
SECONDS = 5.0  #: for each test
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True)
class Outcome:
    """How an exercise stands.

    Attributes
    ----------
    exercise : Exercise
    state : str
        passes, fails, open (it has not been begun), or waits (its tests need another one that is open).
    message : str
        What is wrong, of the first test that did not pass.
    place : Place or None
        The student's own line at which that happened; the test's, where it compared what the student's code gave.
    test : str
        The test's name.
    passed, tests : int
    """

    exercise: Exercise
    state: str
    message: str = ""
    place: Place | None = None
    test: str = ""
    passed: int = 0
    tests: int = 0

    def row(self) -> dict[str, Any]:
        """As JSON values."""
        place = self.place
        return {
            "exercise": self.exercise.name,
            "function": self.exercise.function,
            "file": f"{LIBRARY}/{self.exercise.file}",
            "state": self.state,
            "passed": self.passed,
            "tests": self.tests,
            "test": self.test,
            "message": self.message,
            "at": None if place is None else {"file": place.file, "line": place.line, "code": place.code},
        }


def check(folder: Path, seconds: float = SECONDS, extra: int = EXTRA) -> list[Outcome]:
    """Run the tests of every exercise of ``folder``, each test for at most ``seconds`` and all within ``extra`` bytes.

    Raises ConfigError where ``folder`` is no course folder. What the student's code does ends up in the outcomes.
    """
    exercises = exercises_of(folder)
    reports: dict[str, dict[str, Any]] = {}
    while True:
        begun = _run(folder.resolve(), exercises, reports, seconds, extra)
        if begun is None:
            break
        # The process ended within a test: the others get a new one.
        reports[begun] = {
            "outcome": FAILED,
            "message": f"It was stopped by force after {seconds:g} s, or ended the process itself.",
        }
    return [_outcome(exercise, exercises, reports) for exercise in exercises]


def following(outcomes: Sequence[Outcome]) -> Outcome | None:
    """The one to go on with: the first that does not pass; None when all do."""
    left = [outcome for outcome in outcomes if outcome.state != PASSES]
    return next((outcome for outcome in left if outcome.state != WAITS), left[0] if left else None)


def where(folder: Path, exercise: Exercise) -> str:
    """File and line of the function that is to be written, as an editor takes them."""
    place = f"{LIBRARY}/{exercise.file}"
    try:
        function = find(ast.parse((folder / place).read_text(encoding="utf-8")), exercise.function)
    except (OSError, ValueError, SyntaxError, StopIteration):
        return place
    return f"{place}:{function.lineno}"


def _run(
    folder: Path, exercises: Sequence[Exercise], reports: dict[str, dict[str, Any]], seconds: float, extra: int
) -> str | None:
    """Run what has no report yet; the test that was going on when the process ended, None if it came to its end."""
    task = {
        "folder": str(folder),
        "exercises": [exercise.name for exercise in exercises],
        "over": list(reports),
        "seconds": seconds,
        "extra": extra,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "nnprobe_core.course.runner"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **_ONE_THREAD},
        text=True,
        encoding="utf-8",
    )
    begun: str | None = None
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(task))
        process.stdin.close()
        for line in process.stdout:
            said = json.loads(line)
            begun = said["test"]  # None at the end
            if "outcome" in said:
                reports[said["test"]] = said
    return begun


def _outcome(exercise: Exercise, exercises: Sequence[Exercise], reports: dict[str, dict[str, Any]]) -> Outcome:
    own = {name.split("/")[1]: report for name, report in reports.items() if name.startswith(f"{exercise.name}/")}
    passed = sum(report["outcome"] == PASSED for report in own.values())
    counts = {"passed": passed, "tests": len(own)}
    failed = next(((name, report) for name, report in own.items() if report["outcome"] != PASSED), None)
    if failed is None:
        return Outcome(exercise, PASSES if own else FAILS, "" if own else "Its tests are missing.", **counts)
    name, report = failed
    place = Place(**report["place"]) if report.get("place") else None
    message = str(report["message"])
    if report["outcome"] != NOT_DONE:
        return Outcome(exercise, FAILS, message, place, name, **counts)
    function = message.partition(":")[0]
    if function == exercise.function:
        return Outcome(exercise, OPEN, exercise.task, place, name, **counts)
    other = next((item.name for item in exercises if item.function == function), function)
    return Outcome(exercise, WAITS, f"It needs {other} first.", place, name, **counts)
