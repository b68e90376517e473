"""Names that users give to runs: kept beside the films, one small file a run, and gone with it.

A run with a name is one that somebody wants to keep: its film makes no room for others.
"""

from __future__ import annotations

import os
import secrets

from app.settings import Settings
from app.store.shipped import is_shipped
from nnprobe_core.errors import ConfigError, NnprobeError
from nnprobe_core.record import FrameLog, check_run_id

MOST = 80  #: letters


class UnnamedError(NnprobeError):
    """The run is one that cannot be named: it ships with the package."""

    http_status = 409


class Names:
    """The names of the runs in ``log``, in the folder ``names`` of the home."""

    def __init__(self, settings: Settings, log: FrameLog) -> None:
        self._folder, self._log = settings.folder("names"), log

    def of(self, run: str) -> str:
        """The name of ``run``, empty where it has none."""
        try:
            return (self._folder / check_run_id(run)).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def give(self, run: str, name: object) -> str:
        """Name a run that is here, an empty name takes it away; returns it as it is kept: one line, without what is
        not printed. Raises ConfigError, UnnamedError, RunNotFoundError and RunPrunedError."""
        self._log.status(check_run_id(run))
        if is_shipped(run):
            raise UnnamedError("A film that ships with nnprobe has a name already.")
        text = " ".join("".join(c if c.isprintable() else " " for c in name).split()) if isinstance(name, str) else None
        if text is None or len(text) > MOST:
            raise ConfigError("name", f"a text of at most {MOST} letters", name)
        self._forget_others()
        path = self._folder / run
        if not text:
            path.unlink(missing_ok=True)
            return text
        part = self._folder / f".{secrets.token_hex(6)}"
        part.write_text(text, "utf-8")
        os.replace(part, path)  # whole or not at all
        return text

    def given(self) -> set[str]:
        """The runs that have a name; none where the folder is gone."""
        try:
            return {name for name in os.listdir(self._folder) if not name.startswith(".")}
        except OSError:
            return set()

    def _forget_others(self) -> None:
        """Names of runs that have been removed go as well."""
        here = {status.run for status in self._log.runs()}
        for path in self._folder.iterdir():
            if not path.name.startswith(".") and path.name not in here:
                path.unlink(missing_ok=True)
