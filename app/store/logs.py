"""Logs: which FrameLog keeps this installation's films. Another store is a file beside ``disk.py`` and a line here."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from app.settings import Settings
from app.store.disk import DiskFrameLog
from app.store.routed import Opens, RoutedFrameLog
from app.store.shipped import ShippedFilms, films_folder
from nnprobe_core.record import FrameLog


class OwnLog(FrameLog, Protocol):
    """A FrameLog that is opened by each process that uses it."""

    def close(self) -> None:
        """Let go of its files and connections."""


def log_in(folder: Path) -> OwnLog:
    """The log of what lies in ``folder``, made where there is none; StorageError."""
    return DiskFrameLog(folder)


def own_log(settings: Settings) -> OwnLog:
    """The log of the user's own films, which jobs write."""
    return log_in(settings.folder("films"))


def open_log(settings: Settings, *, shipped: Path | None = None, untrained: Opens | None = None) -> RoutedFrameLog:
    """The user's own films, those that ship (in the folder ``shipped``), and what ``untrained`` makes on request."""
    return RoutedFrameLog(ShippedFilms(shipped or films_folder()), own_log(settings), untrained)
