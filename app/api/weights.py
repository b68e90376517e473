"""The API's routes of weights over time, as safetensors."""

from __future__ import annotations

from itertools import chain

from flask import Blueprint, Response, request

from app.api.downloads import Downloads
from app.api.query import argument
from app.services import Services
from app.store.weights import check_weights, read_checkpoints, weights_at
from nnprobe_core.frame import encode
from nnprobe_core.weights import safetensors_stream

_BINARY = "application/octet-stream"


def add_weights(api: Blueprint, services: Services, downloads: Downloads) -> None:
    """``GET /runs/<run>/weights``: of all recorded frames; with ``?seq=`` of the newest at or before that one."""
    log = services.log

    @api.get("/runs/<run>/weights")
    def weights(run: str) -> Response:
        headers = {"Cache-Control": "no-store"}
        if "seq" in request.args:
            found = weights_at(log, run, argument("seq", 0, 0, 2**31))
            return Response(encode(found.frame()), mimetype=_BINARY, headers=headers)
        check_weights(log, run)
        name = f'attachment; filename="nnprobe-{run}-weights.safetensors"'
        stream = safetensors_stream(lambda: read_checkpoints(log, run))
        first = next(stream)  # what is wrong with them is said now, not within the answer
        headers["Content-Disposition"] = name
        return downloads.answer(chain([first], stream), mimetype=_BINARY, headers=headers)
