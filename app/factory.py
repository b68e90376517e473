"""create_app: the only place where everything meets."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256

import dash

from app.api.dash_door import install_door
from app.api.guard import install_headers
from app.api.runs import register_api
from app.launch import register_launch, register_request
from app.pages.about import about
from app.pages.assets_folder import assets_folder
from app.pages.site import Site
from app.pages.theme import TITLE, shell
from app.services import Services
from app.store.names import Names
from nnprobe_core.errors import NnprobeError

#: Dash asks for these only once a graph is on the page; asked for at once they save a round trip.
_LATE = ("plotly/package_data/plotly.min.js", "dash/dcc/async-graph.js")

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def create_app(services: Services) -> dash.Dash:
    """The Dash app over ``services``; its WSGI server is ``create_app(services).server``."""
    app = Site(
        "nnprobe",
        kind_of=lambda run: kind_of(services, run),
        card_of=lambda run: card_of(services, run),
        absent=frozenset() if services.settings.course else frozenset({"course"}),
        device=services.settings.device,
        title=TITLE,
        update_title="",
        assets_folder=str(assets_folder()),
        background_callback_manager=services.background_manager,
        serve_locally=True,
        index_string=shell(),
    )
    prefix = app.config.requests_pathname_prefix
    app.index_string = shell(tuple(f"{prefix}_dash-component-suites/{path}" for path in _LATE))
    # Every asset's address carries the time of its last change, so a browser need not ask again.
    app.server.config["SEND_FILE_MAX_AGE_DEFAULT"] = timedelta(days=365)
    register_api(app.server, services)
    register_request(app, services)
    register_launch(app, services)
    install_door(app)
    install_headers(app.server, [*app.csp_hashes(), *map(script_hash, _INLINE.findall(app.index_string))])
    return app


def script_hash(script: str) -> str:
    """What a content security policy calls a script that stands in a page."""
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def kind_of(services: Services, run: str) -> str | None:
    """The kind of a run's film; None where there is no such run."""
    try:
        return str(services.log.status(run).config.get("kind", "run"))
    except NnprobeError:
        return None


def card_of(services: Services, run: str) -> tuple[str, str] | None:
    """A run's name, or else what is special about it, and a line about it; None where there is no such run."""
    try:
        line = about(services.log.status(run).config)
    except NnprobeError:
        return None
    return Names(services.settings, services.log).of(run) or line.partition(" — ")[0], line
