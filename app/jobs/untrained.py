"""Untrained networks, shown before anything has trained: made by warm processes, kept for a while, never recorded.

Each web process has two such processes of its own, for small networks and for large ones, so that nobody waits for
somebody else's width of a thousand. Each makes one network at a time; one that takes too long is killed, and another
takes its place when it is needed. To all who ask for the same at the same time it is one work.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from concurrent.futures import Future
from multiprocessing.connection import Connection

from flask_caching import Cache
from multiprocess.process import BaseProcess

from app.jobs.forkserver import ForkServer
from app.jobs.untrained_process import MADE, answer
from app.store.routed import UNTRAINED
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import NnprobeError, RunNotFoundError
from nnprobe_core.frame import CHECKPOINTS, FILM, unpack
from nnprobe_core.models.layout import size
from nnprobe_core.record import DONE, MemoryFrameLog, Status

PATIENCE, START = 5.0, 60.0  #: seconds: for a network, and for the fork server to import torch
_SMALL = 30_000  #: parameters
_ASKING, _KEPT = 16, 32


class NotShownError(NnprobeError):
    """The untrained network cannot be shown; the sentence says why, and what shows it."""

    http_status = 503


class Untrained:
    """The untrained networks of one web process. Other web processes of the server find them by their ids, through
    ``cache``, and make them again."""

    def __init__(self, cache: Cache, forkserver: ForkServer) -> None:
        self._cache = cache
        self._small, self._large = _Maker(forkserver), _Maker(forkserver)
        self._room = threading.BoundedSemaphore(_ASKING)  # a web process has 32 threads for everything
        self._made: OrderedDict[str, Future[MemoryFrameLog]] = OrderedDict()
        self._lock = threading.Lock()

    def run_of(self, config: RunConfig) -> str:
        """The id under which its film of one frame is found."""
        run = UNTRAINED + hashlib.sha256(config.to_json().encode()).hexdigest()[:24]
        self._cache.set(f"untrained/{run}", config.to_json().encode())
        return run

    def open(self, run: str) -> MemoryFrameLog:
        """The log that holds the one run: frame 0, and the weights where the network is not large.

        Raises RunNotFoundError for one that nobody has asked for lately, and NotShownError.
        """
        with self._lock:
            found = self._made.get(run)
            mine = found is None
            if found is None:
                found = self._made[run] = Future()
                while len(self._made) > _KEPT:
                    self._made.popitem(last=False)
            self._made.move_to_end(run)
        if not mine and found.done():
            return found.result()
        if not self._room.acquire(blocking=False):
            error = NotShownError("Many ask for untrained networks at this moment: Train shows this one too.")
            if mine:
                self._fail(run, found, error)
            raise error
        try:
            if mine:
                try:
                    found.set_result(self._make(run))
                except BaseException as error:
                    self._fail(run, found, error)
            return found.result(timeout=2 * PATIENCE + START)
        finally:
            self._room.release()

    def close(self) -> None:
        """End the processes."""
        self._small.close()
        self._large.close()

    def _fail(self, run: str, place: Future[MemoryFrameLog], error: BaseException) -> None:
        with self._lock:
            self._made.pop(run, None)  # the next one who asks is another try
        place.set_exception(error)

    def _make(self, run: str) -> MemoryFrameLog:
        text = self._cache.get(f"untrained/{run}")
        if text is None:
            raise RunNotFoundError(run)
        config = RunConfig.from_json(text.decode())
        if config.engine == "course":  # a student's code runs in jobs alone
            raise NotShownError("The network of your own library is seen once it trains.")
        maker = self._small if size(config.widths) <= _SMALL else self._large
        frames = list(unpack(maker.make(text.decode())))
        log = MemoryFrameLog()
        log.create(Status(run, DONE, config=config.to_mapping(), steps=config.steps, frames=1, lr=config.lr_at(0)))
        for track, data in zip((FILM, CHECKPOINTS), frames, strict=False):
            log.append(run, 0, data, track)
        return log


class _Maker:
    """One process and whoever waits for it."""

    def __init__(self, forkserver: ForkServer) -> None:
        self._forkserver = forkserver
        self._turn, self._closed = threading.Lock(), False
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def make(self, config: str) -> bytes:
        """What the process answers to ``config``; NotShownError where it takes too long, or dies of it."""
        with self._turn:
            for last in (False, True):
                try:
                    pipe = self._pipe or self._start()
                    pipe.send_bytes(config.encode())
                    if not pipe.poll(PATIENCE):
                        self._end()
                        raise NotShownError(
                            f"This network takes more than {PATIENCE:g} s to be looked at: Train shows it."
                        )
                    reply = pipe.recv_bytes()
                except (EOFError, OSError):
                    self._end()  # it was killed, perhaps long ago: another one is asked
                    if last:
                        raise NotShownError("The process that looked at it died: Train shows this network.") from None
                    continue
                if reply[:1] == MADE:
                    return reply[1:]
                raise NotShownError(reply[1:].decode())
        raise AssertionError("unreachable")

    def close(self) -> None:
        self._closed = True
        self._end()

    def _start(self) -> Connection:
        if self._closed:
            raise NotShownError("The server ends.")
        self._pipe, theirs = self._forkserver.pipe()
        try:
            self._process = self._forkserver.process(answer, [theirs])
            self._process.start()
        finally:
            theirs.close()
        if not self._pipe.poll(START):
            self._end()
            raise NotShownError("No process could be started to look at this network: Train shows it.")
        self._pipe.recv_bytes()  # it is ready
        return self._pipe

    def _end(self) -> None:
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.kill()
            process.join(2.0)
