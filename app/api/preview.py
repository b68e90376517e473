"""The API of what is shown before anything has trained: the points of a config, and its untrained network."""

from __future__ import annotations

from flask import Blueprint, Response, request

from app.api.preview_points import preview
from app.jobs.admission import config_here
from app.jobs.untrained import NotShownError
from app.services import Services
from nnprobe_core.base_config import pairs_of
from nnprobe_core.config import RunConfig
from nnprobe_core.frame import pack

_BINARY = "application/octet-stream"
_FRESH = {"Cache-Control": "no-store"}


def add_preview(api: Blueprint, services: Services) -> None:
    """``GET /preview?<config>``, the points alone, in milliseconds; and ``GET /untrained?<config>``, frame 0 of the run
    that Train would record, the same bytes.

    The header ``X-Nnprobe-Run`` names the id under which the routes of runs (graph, attack, weights) know this network.
    204 where it cannot be shown; ``X-Nnprobe-Note`` is then the sentence that says why.
    """

    def config() -> RunConfig:
        query = request.query_string.decode("utf-8", "replace")
        found = config_here(pairs_of(query), services.settings)
        return found if isinstance(found, RunConfig) else RunConfig.from_query(query)  # which says what it must be

    @api.get("/preview")
    def show_preview() -> Response:
        return Response(preview(config(), services.cache), mimetype=_BINARY)

    @api.get("/untrained")
    def show_untrained() -> Response:
        run = services.untrained.run_of(config())
        try:
            (frame,) = services.untrained.open(run).range(run, 0, 1)
        except NotShownError as error:
            return Response(status=204, headers={**_FRESH, "X-Nnprobe-Note": str(error)})
        return Response(pack([frame]), mimetype=_BINARY, headers={**_FRESH, "X-Nnprobe-Run": run})
