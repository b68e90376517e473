"""A student's copy of the library: the same files, with gaps where the exercises are.

The gaps are found in the parsed source and cut out of its text by line numbers, so that everything else, comments
included, stays as it is.
"""

from __future__ import annotations

import ast
import json
import textwrap
from collections.abc import Sequence
from pathlib import Path

from nnprobe_core import autograd
from nnprobe_core.course import not_done
from nnprobe_core.course import tests as shipped_tests
from nnprobe_core.course.exercises import EXERCISES, Exercise, chosen
from nnprobe_core.course.readme import readme
from nnprobe_core.errors import ConfigError

LIBRARY = "nn_lib"  #: what the copy is called
LIST = "course.json"  #: which exercises a folder has
_WIDTH = 110
_LEFT_OUT = ("alias.py",)  # it makes nnprobe's own library answer to the copy's name
#: Names within the package, and what they are in a student's folder.
_RENAMED = (("nnprobe_core.course.tests.", ""), (autograd.__name__, LIBRARY))


def new(folder: Path, names: Sequence[str] = ()) -> list[Exercise]:
    """Write library, tests and README into ``folder``, which must not exist or be empty; the exercises in it.

    ``names`` chooses among the exercises (empty: all of them). Raises ConfigError.
    """
    exercises = chosen(names) if names else list(EXERCISES)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError("DIR", "a folder that is not there yet, or empty", str(folder))
    source = _folder(autograd)
    for path in sorted(source.rglob("*.py")):
        place = path.relative_to(source)
        if place.as_posix() not in _LEFT_OUT:
            gaps = [exercise for exercise in exercises if exercise.file == place.as_posix()]
            _write(folder / LIBRARY / place, with_gaps(path.read_text(encoding="utf-8"), gaps))
    _write(folder / LIBRARY / "not_done.py", Path(str(not_done.__file__)).read_text(encoding="utf-8"))
    tests = {f"test_{exercise.name}.py" for exercise in exercises}
    for path in sorted(_folder(shipped_tests).glob("*.py")):
        if path.name != "__init__.py" and (not path.name.startswith("test_") or path.name in tests):
            _write(folder / "tests" / path.name, path.read_text(encoding="utf-8"))
    _write(folder / "conftest.py", f'"""It is here so that pytest finds {LIBRARY}, which lies beside it."""\n')
    _write(folder / "README.md", readme(exercises))
    _write(folder / LIST, json.dumps({"exercises": [exercise.name for exercise in exercises]}, indent=1) + "\n")
    return exercises


def exercises_of(folder: Path) -> list[Exercise]:
    """The exercises that ``folder`` was written with; ConfigError where it is no course folder."""
    try:
        names = json.loads((folder / LIST).read_text(encoding="utf-8"))["exercises"]
        return chosen([str(name) for name in names])
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigError("DIR", "a folder that nnprobe course new has written", str(folder)) from None


def with_gaps(source: str, exercises: Sequence[Exercise]) -> str:
    """``source`` with each exercise's function emptied: its task in the docstring, and a line that raises."""
    if not exercises:
        return source
    tree, lines = ast.parse(source), source.splitlines()
    places = sorted(((find(tree, exercise.function), exercise) for exercise in exercises), key=_line, reverse=True)
    for function, exercise in places:  # from the last on, so that the numbers of earlier lines stay
        first, last = function.body[0], function.body[-1]
        gap = textwrap.indent(_gap(ast.get_docstring(function), exercise), " " * first.col_offset)
        lines[first.lineno - 1 : last.end_lineno] = gap.splitlines()
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    up = "." * (exercises[0].file.count("/") + 1)
    lines.insert(int(imports[-1].end_lineno or 0), f"from {up}not_done import ExerciseNotDone")
    return "\n".join(lines) + "\n"


def _line(place: tuple[ast.FunctionDef, Exercise]) -> int:
    return place[0].lineno


def _gap(docstring: str | None, exercise: Exercise) -> str:
    parts = [f"Exercise: {exercise.task}", exercise.hint]
    text = "\n\n".join([*([docstring] if docstring else []), *(textwrap.fill(part, _WIDTH) for part in parts)])
    message = f"{exercise.function}: {exercise.task}"
    return f'"""{text}\n"""\nraise ExerciseNotDone({json.dumps(message, ensure_ascii=False)})'


def find(tree: ast.Module, name: str) -> ast.FunctionDef:
    """The function ``name``, dotted where it is a method."""
    inside: Sequence[ast.stmt] = tree.body
    *path, last = name.split(".")
    for part in path:
        inside = next(node for node in inside if isinstance(node, ast.ClassDef) and node.name == part).body
    return next(node for node in inside if isinstance(node, ast.FunctionDef) and node.name == last)


def _folder(package: object) -> Path:
    return Path(str(getattr(package, "__file__", ""))).parent


def _write(path: Path, text: str) -> None:
    for ours, theirs in _RENAMED:
        text = text.replace(ours, theirs)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
