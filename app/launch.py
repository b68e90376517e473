"""From the Train button to a launched run: the page's two callbacks on the server.

The first admits what the page asks for, and its answer is what the second, in the background, launches.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dash
from dash import Input, Output

from app.jobs.admission import config_here
from app.jobs.job import run_job
from app.pages import ids
from app.services import Services
from nnprobe_core.errors import ConfigError, NnprobeError


def admit(services: Services, request: Mapping[str, Any]) -> dict[str, Any]:
    """The run that the page asks for: one that is the film of this config already, or a newly admitted one.

    ``request`` has ``config`` (a mapping of fields, of any kind), ``replaces`` (the run this tab started before, or
    None), and ``own``: whether it must be a run of its own.
    Returns ``{"run", "config", "shared", "nonce"}``, ``shared`` being null, or since when that film has been there and
    in which state it is; raises NnprobeError.
    """
    if not isinstance(request, Mapping):
        raise ConfigError("request", "a JSON object with a config", request)
    config = config_here(request.get("config") or {}, services.settings)
    replaces = request.get("replaces")
    replaces = replaces if isinstance(replaces, str) else None
    if request.get("own", True):
        status, known = services.jobs.admit(config, replaces=replaces), False
    else:
        status, known = services.jobs.open(config, replaces=replaces)
    shared = {"state": status.state, "created": status.created} if known else None
    # The nonce tells two answers with the same run apart, which to Dash would be no change.
    return {"run": status.run, "config": config.to_json(), "shared": shared, "nonce": request.get("nonce")}


def refusal(error: NnprobeError) -> dict[str, Any]:
    """What the page shows when a request is turned down: a sentence and, where there is one, the field."""
    return {"error": str(error), "field": error.field if isinstance(error, ConfigError) else None}


def register_request(app: dash.Dash, services: Services) -> None:
    """REQUEST → LAUNCH, or REFUSED; the browser is told of both."""

    @app.callback(
        Output(ids.LAUNCH, "data"),
        Output(ids.REFUSED, "data"),
        Input(ids.REQUEST, "data"),
        prevent_initial_call=True,
    )
    def on_request(request: Mapping[str, Any] | None) -> tuple[Any, Any]:
        if not request:
            return dash.no_update, dash.no_update
        try:
            return admit(services, request), dash.no_update
        except NnprobeError as error:
            nonce = request.get("nonce") if isinstance(request, Mapping) else None
            return dash.no_update, {**refusal(error), "nonce": nonce}

    app.clientside_callback(  # type: ignore[no-untyped-call]
        "function (launch, refused) { return window.nnprobe.session.answered(launch, refused); }",
        Output(ids.SINK, "data"),
        Input(ids.LAUNCH, "data"),
        Input(ids.REFUSED, "data"),
        prevent_initial_call=True,
    )


def register_launch(app: dash.Dash, services: Services) -> None:
    """LAUNCH → a job in a process of its own; FINISHED is there because Dash wants an output."""
    app.callback(
        Output(ids.FINISHED, "data"),
        Input(ids.LAUNCH, "data"),
        background=True,
        manager=services.background_manager,
        interval=250,
        prevent_initial_call=True,
    )(run_job)
