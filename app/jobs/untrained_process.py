"""The process that makes untrained networks: it keeps torch warm and answers one config after another.

It runs no code but nnprobe's own, records nothing, and ends with the web process that asks it.
"""

from __future__ import annotations

import logging
import signal
from multiprocessing.connection import Connection

from nnprobe_core.config import RunConfig
from nnprobe_core.errors import NnprobeError
from nnprobe_core.frame import encode, pack

MADE, REFUSED = b"+", b"-"
_log = logging.getLogger(__name__)


def answer(connection: Connection) -> None:
    """For each config (JSON) that arrives: its frame 0 and weights, packed, or a sentence; a byte before says which.

    An empty message, sent first, says that the process is ready.
    """
    from nnprobe_core.training.untrained import untrained

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C reaches the server, whose end is ours
    try:
        connection.send_bytes(b"")
        while True:
            config = RunConfig.from_json(connection.recv_bytes().decode())
            try:
                reply = MADE + pack(encode(frame) for frame in untrained(config))
            except NnprobeError as error:
                reply = REFUSED + str(error).encode()
            connection.send_bytes(reply)
    except (EOFError, OSError):
        return  # the web process is gone
