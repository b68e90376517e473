"""The API's route of a sweep's table, as CSV and JSON."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.services import Services
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import decode
from nnprobe_core.record import read
from nnprobe_core.sweeps.config import SweepConfig
from nnprobe_core.sweeps.results import SweepResults

_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def add_table(api: Blueprint, services: Services) -> None:
    """``GET /runs/<run>/table``: a row a network, as far as the sweep has come; ``?format=csv`` or ``json``."""
    log = services.log

    @api.get("/runs/<run>/table")
    def table(run: str) -> Response:
        form = request.args.get("format", "csv")
        if form not in _TYPES:
            raise ConfigError("format", f"one of {', '.join(_TYPES)}", form)
        kind = log.status(run).config.get("kind", "run")
        if kind != SweepConfig.KIND:
            raise ConfigError("run", "that of a sweep, to have a table", f"one of kind {kind}")
        results = SweepResults.from_film(map(decode, read(log, run)))
        headers = {
            "Content-Disposition": f'attachment; filename="nnprobe-{run}.{form}"',
            "Cache-Control": "no-store",
        }
        text = results.to_csv() if form == "csv" else results.to_json()
        return Response(text, content_type=_TYPES[form], headers=headers)
