"""The API's route of computation graphs."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from app.api.query import argument
from app.services import Services
from app.store.weights import NoWeightsError, weights_at
from nnprobe_core.training.graph import step_graph

_FRESH = {"Cache-Control": "no-store"}


def add_graph(api: Blueprint, services: Services) -> None:
    """``GET /runs/<run>/graph?seq=``: the training step that leads on from the newest recorded weights at or before
    that frame, as JSON; 204 as long as there are none. No code but nnprobe's own runs here, whichever engine
    trained the network."""

    @api.get("/runs/<run>/graph")
    def graph(run: str) -> Response:
        seq = argument("seq", 0, 0, 2**31)
        try:
            found = weights_at(services.log, run, seq)
        except NoWeightsError:
            return Response(status=204, headers=_FRESH)
        drawn = step_graph(found.config, found.flat, found.step)
        answer = jsonify(seq=found.seq, step=found.step, batch=drawn.batch, **drawn.to_json())
        answer.headers.update(_FRESH)
        return answer
