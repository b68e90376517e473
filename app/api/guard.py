"""Guard: what no request may do, whatever it asks for, and what every answer says to browsers.

A page elsewhere may make a visitor's browser ask here. Browsers say where a post comes from: its ``Origin`` must be
this server itself. And the name in ``Host`` must be one of ours: another name that was made to point here (DNS
rebinding) would pass for the same origin, and could then read what it likes.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request

MAX_BODY = 1 << 20  #: bytes; a config has some two thousand

#: On every answer, also to what is no request at all: nothing of it is run, framed, guessed at or embedded elsewhere.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def install_guard(server: Flask, hosts: Sequence[str] = ()) -> None:
    """Refuse requests of other sites and under other names than ours; ``hosts`` are further names (NNPROBE_HOSTS).

    Ours are localhost, this machine's name, and any address in digits: no name server stands behind one, so a page
    that calls us by it has come from there.
    """
    known = (*_own_names(), *(name.lower() for name in hosts))

    @server.before_request
    def check() -> Response | None:
        request.max_content_length = MAX_BODY
        name = _name(request.host)
        if name not in known and not _is_address(name) and not name.endswith(".localhost"):
            shown = ", ".join(dict.fromkeys(known))
            return _refuse(f"The host must be an address or one of {shown} (NNPROBE_HOSTS), got {_shown(name)}.")
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        origin = request.headers.get("Origin")
        if origin is not None and origin.partition("://")[2] != request.host:
            return _refuse(f"The origin of a {request.method} must be {_shown(request.host)}, got {_shown(origin)}.")
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return _refuse(f"A {request.method} must come from this site's own page.")
        return None


def install_headers(server: Flask, scripts: Iterable[str] = ()) -> None:
    """Put :data:`HEADERS` on every answer; ``scripts`` are the hashes of the scripts that stand in our pages."""
    # Plotly and Dash set styles by attribute; its pictures are data and blobs. Nothing here needs eval.
    page = "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {' '.join(scripts)}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )

    @server.after_request
    def add(response: Response) -> Response:
        # Of a script, too: a worker obeys what was said of its own.
        response.headers.update({**HEADERS, "Content-Security-Policy": page})
        return response


def _own_names() -> tuple[str, ...]:
    own = socket.gethostname().lower()
    short = own.partition(".")[0]
    return ("localhost", own, short, f"{short}.local") if own else ("localhost",)


def _name(host: str) -> str:
    """The name in a Host header, without port; empty where it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _shown(text: str) -> str:
    return text[:80] if text.isprintable() else ascii(text[:80])


def _refuse(sentence: str) -> Response:
    response = jsonify(error=sentence)
    response.status_code = 403
    return response


def log_requests(server: Flask) -> None:
    """Print a line for each request: for ``nnprobe serve --debug``."""

    @server.after_request
    def tell(response: Response) -> Response:
        print(request.remote_addr, request.method, _shown(request.full_path), response.status_code, flush=True)
        return response
