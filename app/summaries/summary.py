"""Summary: a film of any kind in a few lines of text."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from app.store.series import read_series
from app.summaries import attack, run, separation, sweep
from nnprobe_core.errors import FilmError
from nnprobe_core.frame import header
from nnprobe_core.kinds import config_from_mapping

#: By kind: WANTS, the beginnings of the arrays' names it reads, and ``lines(config, head, history)``.
_KINDS = {"run": run, "sweep": sweep, "separation": separation, "attack": attack}


#: Frames whose curves are kept, more than an attack has sizes; and bytes of them, more than any film has.
_KEPT, _MOST = 256, 64 << 20


class Summary:
    """Takes a film's frames one by one, and keeps what its last lines say."""

    def __init__(self) -> None:
        self._config: Any = None
        self._head: dict[str, Any] = {}  # of all headers, the newest word
        self._count = self._extra = self._step = 0
        self._history: dict[str, deque[np.ndarray]] = {}
        self._bytes = 0

    def add(self, data: bytes) -> None:
        """The next encoded frame; FilmError if it is none, or if the first one has no config."""
        head = header(data)
        if self._config is None:
            if head.get("config") is None:
                raise FilmError("the first frame of a film must have its config, got one without.")
            self._config = config_from_mapping(head["config"])
        self._head |= head
        kind = _KINDS.get(self._config.KIND)
        self._step, extra, arrays = read_series(data, kind.WANTS if kind else ())
        self._count += 1
        self._extra += extra
        for name, value in arrays.items():
            kept = self._history.setdefault(name, deque())
            kept.append(value)
            self._bytes += value.nbytes - (kept.popleft().nbytes if len(kept) > _KEPT else 0)
        if self._bytes > _MOST:
            raise FilmError(f"the curves of a film must fit in {_MOST:,} bytes, got {self._bytes:,}.")

    def lines(self) -> list[str]:
        """What was asked for, how far it came, and what came of it."""
        config = self._config
        if config is None:
            raise FilmError("a film must have a frame, got none.")
        by_hand = f" ({self._extra} by hand)" if self._extra else ""
        kind = _KINDS.get(config.KIND)
        asked, found = kind.lines(config, self._head, self._history) if kind else ([f"kind         {config.KIND}"], [])
        return [
            *asked,
            f"link         ?{config.to_query()}",
            f"frames       {self._count:,}{by_hand}, to step {self._step:,} of {config.planned:,}",
            *found,
        ]
