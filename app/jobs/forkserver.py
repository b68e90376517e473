"""Processes for jobs, forked from a process that has imported everything already (app/jobs/preload.py)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

import multiprocess
from multiprocess.process import BaseProcess


def _preloaded() -> None:
    """Run in a job: by the time it is, the fork server has imported its preload."""
    import_module("app.jobs.preload").nothing()


class ForkServer:
    """Starts processes in some 50 ms, where a new interpreter takes seconds to import torch."""

    def __init__(self) -> None:
        # multiprocess is multiprocessing on dill, which can send the closure that Dash makes of a background callback.
        self._context = multiprocess.get_context("forkserver")
        self._context.set_forkserver_preload(["app.jobs.preload"])

    def process(self, target: Callable[..., Any], args: Sequence[Any] = ()) -> BaseProcess:
        """A process that is not started yet. It ends with this one at the latest."""
        return self._context.Process(target=target, args=tuple(args), daemon=True)

    def pipe(self) -> tuple[Any, Any]:
        """Two ends of a pipe, either of which may go to a process as an argument."""
        ours, theirs = self._context.Pipe()
        return ours, theirs

    def warm(self) -> threading.Thread:
        """Start the fork server in the background; the thread ends when it is ready."""

        def start() -> None:
            process = self.process(_preloaded)
            process.start()
            process.join()

        thread = threading.Thread(target=start, name="warm", daemon=True)
        thread.start()
        return thread
