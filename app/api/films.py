"""The API of films: frames as they come, a run's series at once, and the whole film as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator

from flask import Blueprint, Response, request

from app.api.downloads import Downloads
from app.api.encoder import FRESH, KEPT, Encoder
from app.api.query import argument
from app.api.transport import send_once
from app.services import Services
from app.store.series import stack_series
from nnprobe_core.differences import pack_differences
from nnprobe_core.errors import ConfigError, FilmError
from nnprobe_core.frame import FILM, SETTLED, pack
from nnprobe_core.record import Status, read

MAX_FRAMES, MAX_RESPONSE = 512, 8 << 20
_BINARY = "application/octet-stream"
_PACKINGS = {"film": (pack, FRESH), "differences": (pack_differences, KEPT)}


def add_films(api: Blueprint, services: Services, encoder: Encoder, downloads: Downloads) -> None:
    """Add the routes of recorded frames."""
    log, jobs = services.log, services.jobs

    @api.get("/runs/<run>/frames")
    def frames(run: str) -> Response:
        after, limit = argument("after", -1, -1, 2**31), argument("limit", 64, 1, MAX_FRAMES)
        track, packing = request.args.get("track", FILM), request.args.get("packing", "film")
        if track not in (FILM, SETTLED):
            raise ConfigError("track", f"{FILM} or {SETTLED}", track)
        if packing not in _PACKINGS:
            raise ConfigError("packing", " or ".join(_PACKINGS), packing)
        status = jobs.status(run)
        # The last seq is read after the status: a run that has ended has no frames beyond those counted here.
        last = log.last(run, track)
        headers = {"X-Nnprobe-Last": str(last), "X-Nnprobe-Status": _compact(status)}
        if last <= after:
            return Response(status=204, headers={**headers, "Cache-Control": "no-store"})

        count = min(last - after, limit)
        join, level = _PACKINGS[packing]

        def made() -> bytes:
            return join(_up_to(MAX_RESPONSE, read(log, run, track, after + 1, after + 1 + count), after + 1))

        # A frame that is recorded never changes, so these frames are these bytes.
        tag = f"{log.edition(run)}.{track}.{packing}.{after}.{count}"
        return send_once(encoder, tag, made, {**headers, "X-Nnprobe-First": str(after + 1)}, level)

    @api.get("/runs/<run>/series")
    def series(run: str) -> Response:
        after = argument("after", -1, -1, 2**31)
        jobs.status(run)
        count = log.last(run) + 1

        def made() -> bytes:
            return stack_series(read(log, run, start=after + 1, stop=count))

        return send_once(encoder, f"{log.edition(run)}.series.{after}.{count}", made, {}, KEPT)

    @api.get("/runs/<run>/film")
    def film(run: str) -> Response:
        log.status(run)
        count = log.last(run) + 1
        headers = {"Content-Disposition": f'attachment; filename="nnprobe-{run}.film"'}
        packed = (pack([data]) for data in read(log, run, stop=count))
        return downloads.answer(packed, mimetype=_BINARY, headers=headers)


def _compact(status: Status) -> str:
    """A status as a header: without configs, in ASCII."""
    fields = {name: value for name, value in status.to_json().items() if name not in ("config", "fork")}
    return json.dumps(fields, separators=(",", ":"))


def _up_to(most: int, frames: Iterator[bytes], start: int) -> list[bytes]:
    """Of ``frames`` from ``start`` on the first ``most`` bytes, in whole frames, but at least one."""
    found: list[bytes] = []
    size = 0
    for data in frames:
        if found and size + len(data) > most:
            break
        found.append(data)
        size += len(data)
    if not found:
        raise FilmError(f"the film must have frame {start}; it is not there.")
    return found
