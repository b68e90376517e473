"""The door of Dash's own routes: what a browser's Dash never sends is refused before Dash trips over it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import dash
from dash.exceptions import DependencyException
from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import BadRequest, HTTPException

_CALLBACK = "/_dash-update-component"
_log = logging.getLogger(__name__)


def install_door(app: dash.Dash) -> None:
    """Check each call of a callback against those there are; answer every error with a sentence, no traceback."""
    server: Flask = app.server

    @server.before_request
    def check() -> None:
        if request.method == "POST" and request.path.endswith(_CALLBACK):
            try:
                asked = request.get_json()
                _check(asked, app.callback_map)
            except RecursionError:  # brackets nested thousands deep
                raise BadRequest("The body must be a JSON object, not nested as deep as this.") from None

    @server.errorhandler(DependencyException)
    def unknown(_: DependencyException) -> tuple[Response, int]:
        return jsonify(error="There is no such script."), 404

    @server.errorhandler(Exception)
    def failed(error: Exception) -> Response | tuple[Response, int] | HTTPException:
        if isinstance(error, HTTPException):
            return error
        _log.exception("%s %s", request.method, ascii(request.path), exc_info=error)
        return jsonify(error="The server made a mistake here; its log says which."), 500


def _check(asked: Any, callbacks: Mapping[str, Mapping[str, Any]]) -> None:
    """BadRequest unless ``asked`` calls one of ``callbacks`` with the inputs and outputs that it has."""
    if not isinstance(asked, Mapping):
        raise BadRequest("The body must be a JSON object.")
    output = asked.get("output")
    if not isinstance(output, str) or output not in callbacks:
        raise BadRequest("output must name a callback of this page.")
    wanted = callbacks[output]
    for key, of_callback in (("inputs", wanted["inputs"]), ("state", wanted["state"])):
        given = asked.get(key, [])
        names = [(item["id"], item["property"]) for item in of_callback]
        if not isinstance(given, list) or [_place(item) for item in given] != names:
            raise BadRequest(f"{key} must be those of the callback.")
    outputs = asked.get("outputs")
    places = [".".join(_place(item)) for item in (outputs if isinstance(outputs, list) else [outputs])]
    if places != output.strip(".").split("...") or isinstance(outputs, list) is not output.startswith(".."):
        raise BadRequest("outputs must be those of the callback.")
    changed = asked.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(item, str) for item in changed):
        raise BadRequest("changedPropIds must be a list of texts.")


def _place(item: Any) -> tuple[str, str]:
    """Id and property of an input or output; empty where it is none."""
    if not isinstance(item, Mapping):
        return "", ""
    place = item.get("id"), item.get("property")
    return (str(place[0]), str(place[1])) if all(isinstance(part, str) for part in place) else ("", "")
