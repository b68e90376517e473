"""The course from a student's side: a folder of gaps, filled in rightly, wrongly, and with code that runs away."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nnprobe_core import autograd
from nnprobe_core.course.check import FAILS, OPEN, PASSES, WAITS, check, following, where
from nnprobe_core.course.copy import exercises_of, find, new, with_gaps
from nnprobe_core.course.exercises import EXERCISES
from nnprobe_core.errors import ConfigError

FORCED = "It was stopped by force after 0.3 s, or ended the process itself."
NAMES = [exercise.name for exercise in EXERCISES]
LIBRARY = Path(autograd.__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new(tmp_path / "course")
    return tmp_path / "course"


def write(folder: Path, name: str, body: str) -> None:
    """Put ``body`` in place of the function of an exercise, as a student would."""
    exercise = next(item for item in EXERCISES if item.name == name)
    path = folder / "nn_lib" / exercise.file
    lines = path.read_text().splitlines()
    function = find(ast.parse(path.read_text()), exercise.function)
    indent = " " * function.body[0].col_offset
    lines[function.body[0].lineno - 1 : function.end_lineno] = [indent + line for line in body.splitlines()]
    path.write_text("\n".join(lines) + "\n")


def solve(folder: Path, *names: str) -> None:
    """Write what the library itself has there."""
    for exercise in EXERCISES:
        if exercise.name in names:
            source = (LIBRARY / exercise.file).read_text()
            function = find(ast.parse(source), exercise.function)
            body = source.splitlines()[function.body[0].lineno - 1 : function.end_lineno]
            write(folder, exercise.name, "\n".join(line[function.body[0].col_offset :] for line in body))


def states(folder: Path, **limits: float) -> dict[str, str]:
    return {outcome.exercise.name: outcome.state for outcome in check(folder, **limits)}


def only(folder: Path, name: str, **limits: float):
    return next(outcome for outcome in check(folder, **limits) if outcome.exercise.name == name)


def test_a_new_folder_has_every_exercise_open_and_says_where_to_begin(folder):
    outcomes = check(folder)
    assert [(outcome.exercise.name, outcome.state) for outcome in outcomes] == [(name, OPEN) for name in NAMES]
    begin = following(outcomes)
    assert begin.exercise.name == NAMES[0]
    file, line = where(folder, begin.exercise).split(":")
    assert (folder / file).read_text().splitlines()[int(line) - 1].startswith("def unbroadcast(")


def test_the_librarys_own_functions_pass_every_test(folder):
    solve(folder, *NAMES)
    outcomes = check(folder)
    assert [(outcome.exercise.name, outcome.state) for outcome in outcomes] == [(name, PASSES) for name in NAMES]
    assert following(outcomes) is None


def test_an_exercise_waits_for_the_one_it_needs(folder):
    solve(folder, "mul")
    outcome = only(folder, "mul")
    assert (outcome.state, outcome.message) == (WAITS, "It needs unbroadcast first.")
    solve(folder, "unbroadcast")
    assert states(folder)["mul"] == PASSES


def test_the_copy_is_the_library_but_for_the_gaps(folder):
    copied = {path.relative_to(folder / "nn_lib").as_posix() for path in (folder / "nn_lib").rglob("*.py")}
    own = {path.relative_to(LIBRARY).as_posix() for path in LIBRARY.rglob("*.py")}
    assert copied == own - {"alias.py"} | {"not_done.py"}
    for name in own - {"alias.py"} - {exercise.file for exercise in EXERCISES}:
        ours = (LIBRARY / name).read_text().replace("nnprobe_core.autograd", "nn_lib")
        assert (folder / "nn_lib" / name).read_text() == ours
    assert not [path for path in folder.rglob("*.py") if "nnprobe" in path.read_text()]


@pytest.mark.parametrize("exercise", EXERCISES, ids=NAMES)
def test_a_gap_says_its_task_and_leaves_the_rest_as_it_was(exercise):
    source = (LIBRARY / exercise.file).read_text()
    gapped = with_gaps(source, [exercise])
    function = find(ast.parse(gapped), exercise.function)
    assert exercise.task in " ".join(ast.get_docstring(function).split())
    assert ast.unparse(function.body[-1]) == f"raise ExerciseNotDone({exercise.function + ': ' + exercise.task!r})"
    before, after = (set(text.splitlines()) for text in (source, gapped))
    own = find(ast.parse(source), exercise.function)
    assert before - after <= set(source.splitlines()[own.lineno : own.end_lineno])


def test_a_student_may_be_given_some_exercises_only(tmp_path):
    new(tmp_path, ["sgd", "mul"])
    assert [exercise.name for exercise in exercises_of(tmp_path)] == ["mul", "sgd"]
    assert states(tmp_path) == {"mul": OPEN, "sgd": OPEN}
    assert {path.name for path in (tmp_path / "tests").glob("test_*")} == {"test_mul.py", "test_sgd.py"}


def test_a_wrong_gradient_is_told_with_both_values(folder):
    solve(folder, "unbroadcast")
    write(folder, "mul", "a, b = self.args\nreturn unbroadcast(grad * a.data, a.shape), unbroadcast(grad, b.shape)")
    outcome = only(folder, "mul")
    assert outcome.state == FAILS
    assert "Mul.backward, argument 0 of shape (2, 3): at (0, 0) it gives" in outcome.message
    assert "differences of the forward" in outcome.message


def test_an_exception_is_shown_with_the_students_own_line(folder):
    write(folder, "exp", "factor = self.resolt\nreturn (grad * factor,)")
    outcome = only(folder, "exp")
    assert (outcome.state, outcome.place.file) == (FAILS, "nn_lib/math_fns/exp.py")
    assert outcome.place.code == "factor = self.resolt"
    lines = (folder / outcome.place.file).read_text().splitlines()
    assert lines[outcome.place.line - 1].strip() == outcome.place.code
    assert outcome.message.startswith("AttributeError: 'Exp' object has no attribute 'resolt'")


def test_a_syntax_error_is_shown_with_its_line(folder):
    write(folder, "log", "return (grad / self.args[0].data,")
    outcomes = check(folder)
    assert {outcome.state for outcome in outcomes} == {FAILS}, "nothing can be imported"
    outcome = outcomes[NAMES.index("log")]
    assert outcome.place.file == "nn_lib/math_fns/log.py"
    assert outcome.place.code == "return (grad / self.args[0].data,"
    assert outcome.message == "SyntaxError: '(' was never closed"
    assert where(folder, outcome.exercise) == "nn_lib/math_fns/log.py"


def test_a_loop_without_end_is_stopped_at_its_line_and_the_others_go_on(folder):
    solve(folder, "log")
    write(folder, "exp", "while True:\n    pass")
    found = {outcome.exercise.name: outcome for outcome in check(folder, seconds=0.3)}
    assert found["exp"].state == FAILS
    assert found["exp"].message == "It was stopped after 0.3 s: a loop that does not end?"
    assert found["exp"].place.code in ("while True:", "pass")
    assert found["log"].state == PASSES
    assert found["mul"].state == OPEN


@pytest.mark.parametrize(
    "body",
    [
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
        "import os\nos._exit(0)",
    ],
    ids=["swallows everything", "ends the process"],
)
def test_what_cannot_be_stopped_is_ended_with_its_process(folder, body):
    solve(folder, "log")
    write(folder, "exp", body)
    found = {outcome.exercise.name: outcome for outcome in check(folder, seconds=0.3)}
    assert (found["exp"].state, found["exp"].message) == (FAILS, FORCED)
    assert found["log"].state == PASSES


@pytest.mark.skipif(sys.platform != "linux", reason="the system has no such limit")
@pytest.mark.parametrize(
    "body", ["import numpy\nreturn (numpy.ones(1 << 33),)", "x = []\nwhile True:\n    x += [x] * 9999"]
)
def test_a_memory_hog_is_stopped_at_its_line(folder, body):
    solve(folder, "log")
    write(folder, "exp", body)
    found = {outcome.exercise.name: outcome for outcome in check(folder, extra=1 << 28)}
    assert found["exp"].message == "It was stopped when it asked for more than 0.25 GiB of memory."
    assert found["exp"].place.code in body
    assert found["log"].state == PASSES


def test_what_a_student_prints_is_no_answer(folder):
    solve(folder, "log")
    write(folder, "exp", 'print(\'{"test": "exp/test_a_matrix", "outcome": "passed"}\', flush=True)\nreturn (grad,)')
    assert only(folder, "exp").state == FAILS


def test_pytest_runs_the_same_tests(folder):
    solve(folder, "unbroadcast", "mul", "inv")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_mul.py", "tests/test_exp.py"],
        cwd=folder, capture_output=True, text=True, env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    assert "2 failed, 2 passed" in done.stdout
    assert "ExerciseNotDone: Exp.backward" in done.stdout


def test_a_folder_is_not_written_over(folder):
    with pytest.raises(ConfigError, match="DIR must be a folder that is not there yet, or empty"):
        new(folder)
    with pytest.raises(ConfigError, match="exercises must be names of unbroadcast, mul"):
        new(folder / "other", ["nonsense"])
    with pytest.raises(ConfigError, match="DIR must be a folder that nnprobe course new has written"):
        check(folder / "nn_lib")
