"""Downloads: answers that come part by part and keep a thread until they are read, of which there may be a few."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from flask import Response

from nnprobe_core.errors import NnprobeError

MOST = 8  #: at once, of a web process's threads


class TooManyDownloadsError(NnprobeError):
    """As many large files as may be are on their way."""

    http_status = 503

    def __init__(self) -> None:
        super().__init__(f"{MOST} downloads are under way, the most at a time: try again when one has ended.")


class Downloads:
    """The downloads of one web process."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(MOST)

    def answer(self, parts: Iterator[bytes], *, mimetype: str, headers: dict[str, str]) -> Response:
        """An answer that streams ``parts``; TooManyDownloadsError."""
        if not self._free.acquire(blocking=False):
            raise TooManyDownloadsError
        response = Response(parts, mimetype=mimetype, headers=headers)
        response.call_on_close(self._free.release)
        return response
