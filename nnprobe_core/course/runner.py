"""The tests of a student's folder, in this process: ``python -m nnprobe_core.course.runner`` (see check.py).

Each line of its output is JSON: a test that begins, or how one ended. What the student's code prints goes elsewhere.
It needs no test framework: a test is a function whose name begins with ``test_``.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from nnprobe_core.course.limits import limit_memory, place_of, sentence, time_limit

PASSED, FAILED, NOT_DONE = "passed", "failed", "not done"
_GRACE = 1.0  #: seconds after which a test that swallowed its time limit takes the process with it


class Runner:
    """Runs tests and reports to ``out``; ``seconds`` for each of them, and ``extra`` bytes of memory for all."""

    def __init__(self, folder: Path, out: IO[str], seconds: float, extra: int) -> None:
        self._folder, self._out, self._seconds, self._extra = folder, out, seconds, extra

    def run(self, exercises: Sequence[str], over: Sequence[str]) -> None:
        """The tests of these exercises but those named in ``over``."""
        for exercise in exercises:
            module = self._guarded(f"{exercise}/import", partial(import_module, f"test_{exercise}"), over)
            for name, test in vars(module).items() if module else ():
                if name.startswith("test_") and callable(test):
                    self._guarded(f"{exercise}/{name}", test, over)
        self._say(test=None)  # whoever ends without it was ended

    def _guarded(self, name: str, call: Any, over: Sequence[str]) -> Any:
        """Call, unless it is over; what it gives, None where it failed."""
        importing = name.endswith("/import")
        if name in over:
            return None
        self._say(test=name)
        # Code that swallows every exception, or that never comes back from C, ends here with the whole process.
        with open(os.devnull, "w") as nowhere:
            faulthandler.dump_traceback_later(self._seconds + _GRACE, exit=True, file=nowhere)
            try:
                with time_limit(self._seconds):
                    value = call()
            except BaseException as error:
                self._failed(name, error)
                return None
            finally:
                faulthandler.cancel_dump_traceback_later()
        if not importing:
            self._say(test=name, outcome=PASSED)
        return value

    def _failed(self, name: str, error: BaseException) -> None:
        place = place_of(error, self._folder)
        not_done = type(error).__name__ == "ExerciseNotDone"
        self._say(
            test=name,
            outcome=NOT_DONE if not_done else FAILED,
            message=str(error) if not_done else sentence(error, self._seconds, self._extra),
            place=None if place is None else asdict(place),
        )

    def _say(self, **fields: Any) -> None:
        self._out.write(json.dumps(fields) + "\n")
        self._out.flush()


def main() -> None:
    """Read what is to be done from standard input, as JSON."""
    task = json.load(sys.stdin)
    # Whatever the student's code prints must not come between our lines.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    folder = Path(task["folder"])
    sys.dont_write_bytecode = True
    sys.path[:0] = [str(folder), str(folder / "tests")]
    import numpy  # noqa: F401  (its own memory is not the student's)

    limit_memory(task["extra"])
    Runner(folder, out, task["seconds"], task["extra"]).run(task["exercises"], task["over"])


if __name__ == "__main__":
    main()
