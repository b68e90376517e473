"""Frames per second of a whole film as fast as possible: every probe at its cadence, 1 000 points, encoded.

The films are the default run's (300 frames, 1 500 steps) with other hidden layers. The table says where the time goes,
in milliseconds a call; a probe's share includes what it is the first to ask of the step.

All of it happens on one thread that never waits, so the seconds are that thread's processor time: what a core of its
own would take, whoever else works on the machine. The wall clock's figure stands beside it.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter, thread_time
from typing import Any

from benchmarks.report import Row, one_thread, report

one_thread()

import torch  # noqa: E402

from nnprobe_core.config import RunConfig  # noqa: E402
from nnprobe_core.frame import FILM, encode  # noqa: E402
from nnprobe_core.training.trainer import Trainer  # noqa: E402

CASES = [((20, 20), 100.0), ((64, 64, 64), 40.0), ((16, 16, 16), None)]
REPEATS = 3


@contextmanager
def timed(times: dict[str, list[float]], name: str) -> Iterator[None]:
    began = thread_time()
    yield
    times[name].append(thread_time() - began)


def watch(times: dict[str, list[float]], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **given: Any) -> Any:
        with timed(times, name):
            return function(*args, **given)

    return call


def film(config: RunConfig, times: dict[str, list[float]]) -> tuple[int, float, float, float]:
    """Frames of the film, seconds from nothing to its last frame (processor, wall), and seconds of its settled maps."""
    began, wall = thread_time(), perf_counter()
    trainer = Trainer(config)
    trainer._advance = watch(times, "training up to it", trainer._advance)  # type: ignore[method-assign]
    for name, probe in trainer._probes._probes.items():
        probe.look = watch(times, name, probe.look)  # type: ignore[method-assign]
    ended, wall_ended, count = began, wall, 0
    for frame in trainer.frames():
        with timed(times, "encoding"):
            encode(frame)
        if frame.track == FILM:
            ended, wall_ended, count = thread_time(), perf_counter(), count + 1
    return count, ended - began, wall_ended - wall, thread_time() - ended


def main() -> bool:
    torch.set_num_threads(1)
    rows = []
    for hidden, bar in CASES:
        config = RunConfig(hidden=hidden)
        times: dict[str, list[float]] = defaultdict(list)
        films = [film(config, times) for _ in range(REPEATS)]
        name = "-".join(map(str, config.widths))
        count, seconds, wall, settled = (median(column) for column in zip(*films, strict=True))
        rows.append(Row(f"{name}: film", count / seconds, "frames/s", bar))
        rows.append(Row(f"{name}: film, by the wall clock", count / wall, "frames/s"))
        rows.append(Row(f"{name}: from nothing to the last frame", seconds, "s"))
        rows.append(Row(f"{name}: settled maps, at the end", settled, "s"))
        rows += [
            Row(f"{name}: {part} ({len(each) / len(films):.0f} times)", 1000 * sum(each) / len(each), "ms")
            for part, each in times.items()
        ]
    return report("recording", rows)


if __name__ == "__main__":
    sys.exit(not main())
