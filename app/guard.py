"""Guard: what no request may do, whatever it asks for: come from another site, or carry a huge body."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request

MAX_BODY = 1 << 20  #: bytes; a config has some two thousand
_LOCAL = ("127.0.0.1", "localhost", "::1")


def install_guard(server: Flask, hosts: Sequence[str] = ()) -> None:
    """Refuse requests of other sites.

    A page elsewhere may make a visitor's browser post here. Browsers say where a post comes from: its ``Origin`` must
    be this server itself. And a server asked at this machine's own address must be called by such a name: another
    name that was made to point here (DNS rebinding) would pass for the same origin. ``hosts`` are further such names.
    """
    known = (*_LOCAL, *hosts)

    @server.before_request
    def check() -> Response | None:
        request.max_content_length = MAX_BODY
        host = urlsplit(f"//{request.host}").hostname or ""
        if request.environ.get("SERVER_NAME") in _LOCAL and request.remote_addr in _LOCAL and host not in known:
            return _refuse(f"The host must be one of {', '.join(known)} (NNPROBE_HOSTS), got {host[:80]}.")
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return _refuse(f"The origin of a {request.method} must be {request.host}, got {origin[:80]}.")
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return _refuse(f"A {request.method} must come from this site's own page.")
        return None


def _refuse(sentence: str) -> Response:
    response = jsonify(error=sentence)
    response.status_code = 403
    return response
