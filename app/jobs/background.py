"""Dash's background callback as a launcher of runs: the only file that imports DiskcacheManager.

Dash launches; everything after that goes by run id through the FrameLog.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import diskcache
from dash import DiskcacheManager
from dash.exceptions import PreventUpdate

from app.jobs.manager import JobManager
from nnprobe_core.errors import NnprobeError
from nnprobe_core.record import check_run_id


class BackgroundManager(DiskcacheManager):
    """Dash's DiskcacheManager as a launcher: its jobs join the line, and are never killed by Dash.

    A job's handle is its run id. To Dash a launched job is over at once: its browser stops asking, and learns
    everything from /api/runs. (Left to itself, Dash would ask once a second and tab as long as the run takes, and
    would SIGKILL the job of a tab that starts another one.)
    """

    def __init__(self, folder: Path, jobs: JobManager) -> None:
        super().__init__(diskcache.Cache(str(folder), disk=diskcache.JSONDisk))  # type: ignore[no-untyped-call]
        self._jobs = jobs

    def call_job_fn(self, key: str, job_fn: Callable[..., Any], args: Any, context: Any) -> str:
        """Launch the run that the browser names; nothing else it says is used."""
        admitted = args[0] if isinstance(args, list) and args else None
        run = admitted.get("run") if isinstance(admitted, dict) else None
        progress_key = f"{key}-progress"
        try:
            self._jobs.launch(check_run_id(run), call=lambda message: (job_fn, [key, progress_key, [message], context]))
        except NnprobeError:
            raise PreventUpdate from None  # launched before, or never admitted
        return str(run)

    def job_running(self, job: str) -> bool:  # noqa: ARG002
        return False

    def terminate_job(self, job: str | None) -> None:  # noqa: ARG002
        return

    def terminate_unhealthy_job(self, job: str) -> bool:  # noqa: ARG002
        return False
