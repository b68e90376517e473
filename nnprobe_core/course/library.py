"""A student's library, as a module of this process."""

from __future__ import annotations

import os
import sys
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

from nnprobe_core.course.copy import LIBRARY, exercises_of
from nnprobe_core.errors import ConfigError

VARIABLE = "NNPROBE_COURSE"  #: names the folder; set by who starts the process, never by a browser


def course_folder() -> Path:
    """The folder that ``NNPROBE_COURSE`` names; ConfigError where it names none."""
    name = os.environ.get(VARIABLE, "")
    if not name:
        raise ConfigError("engine", f"kernel or autograd where {VARIABLE} names no folder", "course")
    folder = Path(name).resolve()
    exercises_of(folder)
    return folder


def load_library(folder: Path) -> ModuleType:
    """The library of ``folder`` as it is on disk now; what the student's code raises is passed on."""
    for name in [name for name in sys.modules if f"{name}.".startswith(f"{LIBRARY}.")]:
        del sys.modules[name]
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    invalidate_caches()
    sys.path.insert(0, str(folder))
    try:
        return import_module(LIBRARY)
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = before
