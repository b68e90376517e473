"""``nnprobe course``: exercises in a library of one's own, checked, and watched at work in the lab."""

from __future__ import annotations

import argparse
import json
import os
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.commands import serve
from nnprobe_core.course.check import FAILS, OPEN, PASSES, SECONDS, WAITS, Outcome, check, following, where
from nnprobe_core.course.copy import exercises_of, new
from nnprobe_core.course.exercises import EXERCISES
from nnprobe_core.course.library import VARIABLE
from nnprobe_core.course.limits import EXTRA
from nnprobe_core.fields import real

_MARKS = {PASSES: "✓", FAILS: "✗", OPEN: "·", WAITS: "·"}


def add(commands: Any) -> None:
    parser = commands.add_parser(
        "course",
        help="write an autograd library yourself, with tests, and watch it train",
        description="Exercises in reverse-mode differentiation: a copy of nnprobe's autograd library with gaps.",
    )
    parts = parser.add_subparsers(required=True, metavar="new|check|show")
    begin = parts.add_parser("new", help="write a copy with gaps, its tests and a README into a folder")
    begin.add_argument("folder", type=Path, metavar="DIR", help="a folder that is not there yet, or empty")
    names = ", ".join(exercise.name for exercise in EXERCISES)
    begin.add_argument("--exercises", metavar="NAME,NAME,…", help=f"only these gaps, of {names}")
    begin.set_defaults(run=run_new)
    judge = parts.add_parser("check", help="run the tests: what is done, what fails and where, what comes next")
    judge.add_argument("folder", type=Path, metavar="DIR", help="a folder that course new has written")
    judge.add_argument("--json", action="store_true", help="print JSON instead of a table")
    judge.add_argument("--seconds", default=SECONDS, metavar="S", help="time limit of each test (%(default)g)")
    judge.add_argument("--memory", default=EXTRA >> 20, metavar="MB", help="memory limit (%(default)s)")
    judge.set_defaults(run=run_check)
    watch = parts.add_parser("show", help="serve the lab with the library of a folder as one of its engines")
    watch.add_argument("folder", type=Path, metavar="DIR", help="a folder that course new has written")
    serve.add_options(watch)
    watch.set_defaults(run=run_show)


def run_new(options: argparse.Namespace) -> int:
    names = [name.strip() for name in (options.exercises or "").split(",") if name.strip()]
    exercises, folder = new(options.folder, names), options.folder
    print(f"{len(exercises)} exercises are in {folder}. Read {folder / 'README.md'}, then:")
    print(f"\n  nnprobe course check {folder}")
    return 0


def run_check(options: argparse.Namespace) -> int:
    seconds = real("--seconds", options.seconds, 0.1, 3600)
    extra = int(real("--memory", options.memory, 16, 1 << 20)) << 20
    outcomes = check(options.folder, seconds, extra)
    done = all(outcome.state == PASSES for outcome in outcomes)
    if options.json:
        rows = [outcome.row() for outcome in outcomes]
        after = following(outcomes)
        print(json.dumps({"rows": rows, "next": after and after.exercise.name}, ensure_ascii=False))
    else:
        print("\n".join(progress(options.folder, outcomes)))
    return 0 if done else 1


def run_show(options: argparse.Namespace) -> int:
    exercises_of(options.folder)
    # A setting of the server, which hands it on to its jobs; a browser cannot name a folder.
    os.environ[VARIABLE] = str(options.folder.absolute())
    return serve.run(options, page="?engine=course")


def progress(folder: Path, outcomes: Sequence[Outcome]) -> list[str]:
    """The progress table, what fails, and what to do next, as lines."""
    width = max(len(outcome.exercise.name) for outcome in outcomes)
    lines = [
        f"{number:>2}  {_MARKS[item.state]}  {item.exercise.name:<{width}}  {item.state:<6}  "
        f"{item.passed} of {item.tests} tests"
        for number, item in enumerate(outcomes, 1)
    ]
    told: set[str] = set()
    for outcome in outcomes:
        text = f"{outcome.place}\n{outcome.message}" if outcome.place else outcome.message
        if outcome.state == FAILS and text not in told:  # a file that cannot be read fails every test
            told.add(text)
            lines += ["", f"✗ {outcome.exercise.name}, {outcome.test}", *_indented(text)]
    passed = sum(outcome.state == PASSES for outcome in outcomes)
    lines += ["", f"{passed} of {len(outcomes)} exercises done."]
    after = following(outcomes)
    if after is None:
        return [*lines, f"Watch your library train a network: nnprobe course show {folder}"]
    exercise = after.exercise
    verb = "Next" if after.state != FAILS else "Next, put right"
    lines += [f"{verb}: {exercise.function} in {where(folder, exercise)}"]
    return [*lines, *_indented(f"{exercise.task[0].upper()}{exercise.task[1:]} {exercise.hint}")]


def _indented(text: str) -> list[str]:
    wrapped = [part for line in text.splitlines() for part in textwrap.wrap(line, 100) or [""]]
    return [f"  {line}" for line in wrapped]
