"""Transport: what leaves the server travels compressed, to each browser once, and is compressed once for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import blake2b

from flask import Flask, Response, request

from app.api.encoder import FRESH, KEPT, Encoder, choose

_BINARY = "application/octet-stream"
_TEXTS = ("text/", "application/json", "application/javascript", "image/svg+xml", _BINARY)
_SMALLEST = 500  #: bytes below which it would not pay
_FORMAT = "1"  #: changes when what is sent under the same tag would


def install_transport(server: Flask, encoder: Encoder) -> None:
    """Compress every answer that is text or frames, for clients that take it, and answer 304 where a tag is known."""

    @server.after_request
    def compress(response: Response) -> Response:
        ours = (response.mimetype or "").startswith(_TEXTS) and not response.headers.get("Content-Encoding")
        # A part of a file is a part of what it is, uncompressed; and a stream has no end to wait for.
        if response.status_code != 200 or not ours or (response.is_streamed and not response.direct_passthrough):
            return response
        response.vary.add("Accept-Encoding")
        if (tag := response.get_etag()[0]) is not None:
            # Weak: the same text in several codings. Dash's own comparison knows no weak ones.
            response.set_etag(tag, weak=True)
            response.make_conditional(request)
            if response.status_code != 200:
                return response
        coding = choose(request.accept_encodings)
        if not coding or (response.content_length or _SMALLEST) < _SMALLEST:
            return response
        response.direct_passthrough = False
        data = response.get_data()
        if len(data) < _SMALLEST:
            return response
        lasting = "no-store" not in response.headers.get("Cache-Control", "")
        encoded = encoder(blake2b(data, digest_size=16).digest(), coding, lambda: data, KEPT if lasting else FRESH)
        response.set_data(encoded)
        response.headers["Content-Encoding"] = coding
        response.headers.pop("Accept-Ranges", None)
        return response


def send_once(
    encoder: Encoder, tag: str, make: Callable[[], bytes], headers: Mapping[str, str], level: int
) -> Response:
    """Bytes that never change under ``tag``: 304 to a browser that has them, made once for the others.

    The browser asks each time whether they are still those, and learns from the answer's ``headers`` what may be new.
    """
    response = Response(mimetype=_BINARY, headers={"Cache-Control": "no-cache", **headers})
    response.vary.add("Accept-Encoding")
    response.set_etag(f"{_FORMAT}.{tag}", weak=True)
    if request.if_none_match.contains_weak(f"{_FORMAT}.{tag}"):
        response.status_code = 304
        return response
    coding = choose(request.accept_encodings)
    response.set_data(encoder(tag, coding, make, level) if coding else make())
    if coding:
        response.headers["Content-Encoding"] = coding
    return response
