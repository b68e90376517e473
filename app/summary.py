"""Summary: a film in a few lines of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.series import read_series
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import FilmError
from nnprobe_core.frame import header
from nnprobe_core.probes.verdict import verdict_sentence


class Summary:
    """Takes a film's frames one by one, and keeps what its last lines say."""

    def __init__(self) -> None:
        self._config: RunConfig | None = None
        self._count = self._extra = self._step = 0
        self._latest: dict[str, np.ndarray] = {}

    def add(self, data: bytes) -> None:
        """The next encoded frame; FilmError if it is none, or if the first one has no config."""
        if self._config is None:
            config = header(data).get("config")
            if config is None:
                raise FilmError("the first frame of a film must have its config, got one without.")
            self._config = RunConfig.from_mapping(config)
        self._step, extra, series = read_series(data)
        self._count += 1
        self._extra += extra
        self._latest |= series

    def lines(self) -> list[str]:
        """Config, frames, loss, accuracy, verdict, and a table with a row for each layer."""
        config = self._config
        if config is None:
            raise FilmError("a film must have a frame, got none.")
        by_hand = f" ({self._extra} by hand)" if self._extra else ""
        lines = [
            f"dataset      {config.dataset}, {config.points:,} training points",
            f"network      {'-'.join(map(str, config.widths))} {config.activation}, {config.optimiser}, "
            f"learning rate {config.lr:g}",
            f"link         ?{config.to_query()}",
            f"frames       {self._count:,}{by_hand}, to step {self._step:,} of {config.steps:,}",
        ]
        if (loss := self._latest.get("series.loss")) is not None:
            lines.append(f"loss         {loss[0]:.4f} train, {loss[1]:.4f} test")
            lines.append(f"accuracy     {loss[2]:.2%} train, {loss[3]:.2%} test")
        if (verdict := self._latest.get("series.verdict")) is not None:
            lines.append(f"verdict      {verdict_sentence(*(int(value) for value in verdict[:3]))}")
        return [*lines, "", *self._table(config.widths)]

    def _table(self, widths: Sequence[int]) -> list[str]:
        separation = self._latest.get("series.separation")
        mapping = self._latest.get("series.mapping")
        if separation is None or mapping is None:
            return []
        names = ["input", *(f"hidden {index}" for index in range(1, len(widths) - 1)), "logits"]
        rows: list[Sequence[Any]] = [("layer", "units", "separation", "linear probe", "95 % interval", "in plane")]
        for name, units, seen, mapped in zip(names, widths, separation, mapping, strict=True):
            interval = f"{seen[2]:.1%} – {seen[3]:.1%}"
            rows.append((name, units, f"{seen[0]:.3f}", f"{seen[1]:.1%}", interval, f"{mapped[0]:.0%}"))
        return _aligned(rows)


def _aligned(rows: Sequence[Sequence[Any]]) -> list[str]:
    """Columns: the first to the left, the others to the right."""
    text = [[str(cell) for cell in row] for row in rows]
    sizes = [max(len(row[column]) for row in text) for column in range(len(text[0]))]
    return [
        "  ".join(
            cell.rjust(size) if column else cell.ljust(size)
            for column, (cell, size) in enumerate(zip(row, sizes, strict=True))
        )
        for row in text
    ]
