"""The config's network in a student's own library, whose every failure is told with the student's own line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from nnprobe_core.config import RunConfig
from nnprobe_core.course.library import course_folder, load_library
from nnprobe_core.course.limits import EXTRA, TimeLimit, place_of, sentence, time_limit
from nnprobe_core.errors import NnprobeError
from nnprobe_core.training.autograd_network import AutogradNetwork

STEP_SECONDS = 10.0  #: for a step, or for one look at the network


class StudentError(NnprobeError):
    """A student's code raised, took too long or too much memory; the message has its file, line and code."""


class StudentNetwork(AutogradNetwork):
    """A Network of the library in the folder that ``NNPROBE_COURSE`` names."""

    def __init__(self, config: RunConfig) -> None:
        self._seconds, self._folder = STEP_SECONDS, course_folder()
        with self.running():
            library = load_library(self._folder)
        super().__init__(config, library)

    @contextmanager
    def running(self) -> Iterator[None]:
        try:
            with time_limit(self._seconds):
                yield
        except NnprobeError:
            raise
        except (Exception, SystemExit, TimeLimit) as error:
            place, said = place_of(error, self._folder), sentence(error, self._seconds, EXTRA)
            where = f"your code, {place.file}, line {place.line}:\n    {place.code}" if place else "your library:"
            raise StudentError(f"{where}\n{said}") from error
