"""The API: runs, frames, commands. Raw Flask routes: a frame costs a fraction of a Dash callback.

Every error is JSON ``{"error": sentence}``, and nothing has changed then.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, jsonify, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.api.attack import add_attack
from app.api.downloads import Downloads
from app.api.encoder import Encoder
from app.api.films import add_films
from app.api.graph import add_graph
from app.api.guard import MAX_BODY, install_guard
from app.api.preview import add_preview
from app.api.query import body
from app.api.table import add_table
from app.api.transport import install_transport
from app.api.weights import add_weights
from app.jobs.admission import config_here
from app.pages import PAGES
from app.pages.about import about
from app.services import Services
from app.store.failures import storage_error
from app.store.names import Names
from app.version import own_version
from nnprobe_core.base_config import pairs_of
from nnprobe_core.errors import ConfigError, NnprobeError, UnknownFieldError
from nnprobe_core.record import Command, Status

_BINARY = "application/octet-stream"
LENIENT = "handling=lenient"  #: RFC 7240
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_log = logging.getLogger(__name__)


def register_api(server: Flask, services: Services) -> None:
    """Add the API's routes, and the guard of the whole site, to ``server``."""
    services.cache.init_app(server)
    install_guard(server, services.settings.hosts)
    encoder, downloads = Encoder(), Downloads()
    install_transport(server, encoder)
    api = Blueprint("api", __name__, url_prefix="/api")
    _add_runs(api, services)
    add_films(api, services, encoder, downloads)
    add_preview(api, services)
    add_weights(api, services, downloads)
    add_graph(api, services)
    add_table(api, services)
    add_attack(api, services)
    _add_presets(api, services)
    _add_errors(api, services.settings.home)
    server.register_blueprint(api)


def _add_runs(api: Blueprint, services: Services) -> None:
    log, jobs, settings = services.log, services.jobs, services.settings
    names = Names(settings, log)

    @api.get("/health")
    def health() -> Response:
        running, queued = jobs.load()
        return jsonify(
            ok=True,
            version=own_version(),
            running=running,
            queued=queued,
            slots=settings.max_jobs,
            size=log.size(),
            limit=settings.max_bytes,
        )

    def told(status: Status, named: bool = True) -> dict[str, Any]:
        return {**status.to_json(), "about": about(status.config), "name": names.of(status.run) if named else ""}

    @api.get("/runs")
    def runs() -> Response:
        given = names.given()
        statuses = [told(status, status.run in given) for status in jobs.statuses()]
        return jsonify(runs=statuses, size=log.size(), limit=settings.max_bytes)

    @api.post("/runs")
    def start() -> tuple[Response, int]:
        asked = dict(body())
        if not isinstance(own := asked.pop("own", True), bool):
            raise ConfigError("own", "true or false", own)
        status, shared = jobs.start(config_here(asked, settings), own=own)
        return jsonify(**status.to_json(), shared=shared), 200 if shared else 201

    @api.get("/runs/<run>")
    def status(run: str) -> Response:
        return jsonify(told(jobs.status(run)))

    @api.put("/runs/<run>/name")
    def rename(run: str) -> Response:
        return jsonify(name=names.give(run, body().get("name")))

    @api.post("/runs/<run>/commands")
    def command(run: str) -> tuple[Response, int]:
        return jsonify(number=jobs.command(run, Command.from_mapping(body()))), 202

    @api.post("/runs/<run>/fork")
    def fork(run: str) -> tuple[Response, int]:
        return jsonify(jobs.fork(run, body()).to_json()), 201


def _add_presets(api: Blueprint, services: Services) -> None:
    names, device = set(services.log.shipped.names()), services.settings.device
    where = {} if device == "cpu" else {"device": device}  # what a preset says of a device is where its film was made

    @api.get("/presets")
    def presets() -> Response:
        name = request.args.get("page", PAGES[0].name)
        page = next((page for page in PAGES if page.name == name), None)
        if page is None:
            raise ConfigError("page", f"one of {', '.join(page.name for page in PAGES)}", name)
        runs = {item.name: f"preset-{item.name}" if item.name in names else None for item in page.presets}
        ready = [{**item.to_json(), "config": {**item.config.to_mapping(), **where}} for item in page.presets]
        return jsonify(presets=[{**item, "run": runs[item["name"]]} for item in ready])

    @api.get("/config")
    def config() -> Response:
        query = request.query_string.decode("utf-8", "replace")
        found = config_here(pairs_of(query), services.settings)
        return jsonify(config=found.to_mapping(), query=found.to_query(), steps=found.planned)


def _add_errors(api: Blueprint, home: Path) -> None:
    @api.errorhandler(NnprobeError)
    def refused(error: NnprobeError) -> Response:
        field = error.field if isinstance(error, ConfigError) else None
        if isinstance(error, UnknownFieldError):
            field = error.unknown[0]
        told = {"error": str(error)} if field is None else {"error": str(error), "field": field}
        response = jsonify(told)
        # Who prefers it is told in an answer of status 200, which a browser does not write to its console as a fault.
        if lenient := request.headers.get("Prefer", "").replace(" ", "") == LENIENT:
            response.headers["Preference-Applied"] = LENIENT
        response.status_code = 200 if lenient else error.http_status
        return response

    @api.errorhandler(OSError)
    def broken(error: OSError) -> tuple[Response, int]:
        found = storage_error(error, home)
        return jsonify(error=str(found)), found.http_status

    @api.errorhandler(HTTPException)
    def rejected(error: HTTPException) -> Response:
        response = jsonify(error=_sentence(error))
        response.status_code = error.code or 500
        if isinstance(error, MethodNotAllowed):
            response.headers["Allow"] = ", ".join(error.valid_methods or ())
        return response

    @api.errorhandler(Exception)
    def failed(error: Exception) -> tuple[Response, int]:
        _log.exception("%s %s", request.method, request.path, exc_info=error)
        return jsonify(error="The server made a mistake here; its log says which."), 500

    # Dash answers every path it does not know with its page: under /api that would be a page where JSON is expected.
    @api.route("/", defaults={"rest": ""}, methods=_METHODS, strict_slashes=False)
    @api.route("/<path:rest>", methods=_METHODS)
    def nowhere(rest: str) -> Response:  # noqa: ARG001
        allowed = [method for method in ("GET", "POST") if _endpoint(method) not in (None, request.endpoint)]
        if allowed:
            raise MethodNotAllowed(allowed)
        response = jsonify(error=f"There is nothing at {urlsplit(request.path).path[:80]}.")
        response.status_code = 404
        return response


def _endpoint(method: str) -> object:
    """What this request's path leads to with another method."""
    adapter = request_ctx.url_adapter
    try:
        return None if adapter is None else adapter.match(method=method)[0]
    except HTTPException:
        return None


def _sentence(error: HTTPException) -> str:
    match error.code:
        case 405:
            return f"The method must be {' or '.join(error.valid_methods or ())} here, got {request.method}."  # type: ignore[attr-defined]
        case 413:
            return f"The body must have at most {MAX_BODY} bytes."
        case _:
            return str(error.description or error.name)
