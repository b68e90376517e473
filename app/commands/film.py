"""What the commands that make a film share: carry out a config of any kind, write its tracks, say what came of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from app.commands.progress_bar import ProgressBar
from app.summaries.summary import Summary
from nnprobe_core.datasets.own import OwnData
from nnprobe_core.frame import FILM, encode, pack
from nnprobe_core.kinds import Config, experiment


def make_film(config: Config, paths: Mapping[str, Path | None], unit: str, own: OwnData | None = None) -> float:
    """Carry out ``config`` as fast as possible, and print its summary; returns the seconds it took.

    ``paths`` says by track which file its frames go to as they come; ``unit`` is what a step of the config is; ``own``
    are the points of one's own that the config names, if it names some.
    """
    done, summary = experiment(config, (), **({} if own is None else {"data": own})), Summary()
    started = time.monotonic()
    with ExitStack() as stack:
        # All files are opened first: a folder that is not there is told before an hour of work.
        files = {track: stack.enter_context(path.open("wb")) for track, path in paths.items() if path is not None}
        bar = stack.enter_context(ProgressBar(config.planned, unit))
        for frame in done.frames():
            data = encode(frame) if frame.track in files or frame.track == FILM else b""
            if frame.track == FILM:
                summary.add(data)
            if frame.track in files:
                files[frame.track].write(pack([data]))
            bar.show(frame.step)
    elapsed = time.monotonic() - started
    print("\n".join(summary.lines()))
    return elapsed


def print_film(path: Path | None, name: str = "film") -> None:
    """Say where a film lies that was written."""
    if path is not None:
        print(f"{name:<12} {path} ({path.stat().st_size / 1e6:.1f} MB)")
