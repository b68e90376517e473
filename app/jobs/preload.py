"""What the fork server imports once, so that every job starts with it: torch and the core.

It takes no training step on more than one thread and never touches CUDA: neither survives a fork.
"""

from __future__ import annotations

import app.threads  # isort: skip

import sys
from importlib import import_module
from types import TracebackType

import dash.background_callback.managers.diskcache_manager  # noqa: F401
import torch

import app.jobs.job  # noqa: F401
from nnprobe_core import registry

torch.set_num_threads(1)

for _table in (
    registry.DATASETS,
    registry.ACTIVATIONS,
    registry.INITIALISATIONS,
    registry.OPTIMISERS,
    registry.ENGINES,
    registry.PROBES,
    registry.CONFIGS,
    registry.EXPERIMENTS,
):
    for _target in _table.values():
        import_module(_target.partition(":")[0])


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say nothing of a process whose asker died while asking for it: nobody waits for it any more."""
    if not issubclass(kind, EOFError):
        sys.__excepthook__(kind, error, trace)


sys.excepthook = _tell  # the fork server's own; what goes wrong in a job is told by the job


def nothing() -> None:
    """A job that does nothing: once it has ended, the fork server is warm."""
