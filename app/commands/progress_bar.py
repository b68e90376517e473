"""A progress bar on stderr; silent where stderr is no terminal."""

from __future__ import annotations

import sys
import time

_WIDTH = 30
_EVERY = 0.1


class ProgressBar:
    """``with ProgressBar(total, unit) as bar: bar.show(done)``."""

    def __init__(self, total: int, unit: str) -> None:
        self._total, self._unit = max(1, total), unit
        self._on = sys.stderr.isatty()
        self._started = time.monotonic()
        self._drawn = 0.0

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def show(self, done: int) -> None:
        """Draw it, at most ten times a second."""
        now = time.monotonic()
        if not self._on or now - self._drawn < _EVERY:
            return
        self._drawn = now
        full = _WIDTH * min(done, self._total) // self._total
        rate = done / max(now - self._started, 1e-9)
        left = f", {(self._total - done) / rate:.0f} s to go" if done else ""
        bar = "█" * full + "░" * (_WIDTH - full)
        line = f"{bar} {done:,} of {self._total:,} {self._unit}, {rate:,.0f}/s{left}"
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
