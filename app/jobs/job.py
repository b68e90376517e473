"""A job: the process that carries out one run of any kind, from its place in the line to its last word."""

from __future__ import annotations

import app.threads  # isort: skip  # noqa: F401  (before NumPy)

import os
import signal
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.jobs.allowance import Room, Stint
from app.jobs.forking import remake
from app.jobs.liveness import Claim
from app.jobs.reporter import Reporter
from app.jobs.runs import SERVER_ENDED, Runs
from app.settings import Settings, gpus
from app.store.failures import Reserve, StorageError, storage_error
from app.store.logs import own_log
from app.store.recorder import Recorder
from nnprobe_core.config import RunConfig
from nnprobe_core.course.library import VARIABLE
from nnprobe_core.course.limits import EXTRA, limit_memory
from nnprobe_core.errors import NnprobeError
from nnprobe_core.kinds import Config, config_from_mapping, experiment
from nnprobe_core.record import DONE, FAILED, QUEUED, RUNNING, STOPPED, Command, Status

if TYPE_CHECKING:
    from nnprobe_core.training.inbox import Inbox

STOPPED_BY_COMMAND = "Stopped."
_POLL = 0.015
_LAST_WORDS = 10.0  #: seconds in which a full disk may make room for them


def run_job(told: Mapping[str, Any]) -> dict[str, str]:
    """Train a run; the function that Dash's background callback, and the API, start in a process of its own.

    ``told`` has ``run``; ``after``, the number of the last command that is not for this launch; ``server``, whose
    end is this job's end; and ``settings``. Config and frames go through the log. Returns run and state.
    """
    settings = Settings.from_json(told["settings"])
    log = own_log(settings)
    try:
        job = Job(Runs(settings, log), told["run"], told["server"], told["after"])
        return {"run": told["run"], "state": job.work()}
    finally:
        log.close()


class Job:
    """One run in this process."""

    def __init__(self, runs: Runs, run: str, server: str, after: int) -> None:
        self._runs, self._log, self._run, self._server, self._after = runs, runs.log, run, server, after
        self._reporter = Reporter(self._log, Status(run, QUEUED))
        self._ended = ""  # why it was told to stop
        self._looked = 0.0

    def work(self) -> str:
        """From queued to the last word; returns the state at the end."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C reaches the server, whose end is ours
        signal.signal(signal.SIGTERM, self._on_terminate)
        lock = self._runs.lock(self._run)
        if not lock.acquire(wait=2.0, text=str(os.getpid())):
            return ""  # another process has this run
        try:
            self._reporter = Reporter(self._log, self._log.status(self._run))
            if self._reporter.status.state == QUEUED:
                self._guarded()
            return self._reporter.status.state
        finally:
            lock.release(remove=True)

    def _on_terminate(self, *_: object) -> None:
        self._ended = self._ended or SERVER_ENDED

    def _guarded(self) -> None:
        """Train; whatever goes wrong ends as a sentence in the status."""
        try:
            if (slot := self._wait_for_slot()) is None:
                self._reporter.end(STOPPED, self._ended)
            else:
                self._train(slot)
        except StorageError as error:
            self._last_words(error)
        except NnprobeError as error:
            self._reporter.end(FAILED, str(error))
        except MemoryError:
            self._reporter.end(FAILED, "The run needs more memory than there is.")
        except OSError as error:
            self._last_words(storage_error(error, self._runs.settings.home))
        except Exception as error:
            traceback.print_exc()
            self._reporter.end(FAILED, f"{type(error).__name__}: {error}")

    def _last_words(self, error: StorageError) -> None:
        """Say that the disk ended this run, which can be continued: what was recorded is whole."""
        Reserve(self._runs.settings.home).spend()
        until = time.monotonic() + _LAST_WORDS
        while True:
            try:
                return self._reporter.end(STOPPED, f"Stopped: {error}")
            except StorageError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def _wait_for_slot(self) -> tuple[Claim, int] | None:
        """Stand in line until there is a slot; None when told to stop before."""
        slots = self._runs.slots
        slots.hold(self._run)
        while not self._over():
            if (slot := slots.take(self._run)) is not None:
                return slot
            place = slots.place(self._run)
            if place != self._reporter.status.queue_place:
                self._reporter.say(queue_place=place)
            # Other commands are obeyed once it trains; only a stop cannot wait.
            if any(command.kind == "stop" for _, command in self._log.commands(self._run, self._after)):
                self._ended = STOPPED_BY_COMMAND
            time.sleep(0.01 if place <= 1 else 0.1)
        slots.leave(self._run)
        return None

    def _train(self, slot: tuple[Claim, int]) -> None:
        self._slot, number = slot  # held until this process ends
        self._reporter.say(state=RUNNING, queue_place=0)
        if self._runs.settings.device == "cuda":
            choose_gpu(number)
        from nnprobe_core.training.inbox import Inbox

        room = Room(self._runs, self._run)
        room.look()
        recorder, inbox = Recorder(self._log, self._run), Inbox()
        config = with_rates(config_from_mapping(self._reporter.status.config), recorder.rates())
        checkpoints = recorder.checkpoints()
        if self._reporter.status.fork and not checkpoints and isinstance(config, RunConfig):
            checkpoints = remake(recorder, config, self._reporter.status.fork)
        if config.get("engine") == "course":
            confine(self._runs.settings.course)
        trainer = experiment(config, checkpoints=checkpoints)
        # Before the reporter follows the trainer: from then on it may overwrite the status at any time.
        pace = trainer.progress.pace = self._reporter.status.pace
        self._reporter.follow(trainer.progress, recorder)
        threading.Thread(target=self._watch, args=(inbox,), name="watcher", daemon=True).start()
        for frame in trainer.frames(inbox, pace):
            room.add(recorder.append(frame))
            self._reporter.tell()
        if trainer.progress.stopped:
            self._reporter.end(STOPPED, self._ended or STOPPED_BY_COMMAND)
        else:
            self._reporter.end(DONE, "")

    def _watch(self, inbox: Inbox) -> None:
        """A thread: carries commands to the trainer, and ends the run when its server or its watchers are gone."""
        settings, after, told = self._runs.settings, self._after, False
        stint = Stint(settings.max_seconds, settings.max_memory)
        while self._reporter.status.active:
            try:
                for number, command in self._log.commands(self._run, after):
                    after = number
                    inbox.put(command)
                self._reporter.tell()
            except StorageError:  # the thread that records meets it too, and says so
                time.sleep(1.0)
            self._ended = self._ended or stint.over(paused=self._reporter.paused_at is not None)
            if not told and (self._over() or self._unwatched()):
                told = True
                inbox.put(Command("stop"))
            time.sleep(_POLL)

    def _over(self) -> bool:
        """Whether this run must end now; asks after the server ten times a second."""
        if not self._ended and time.monotonic() - self._looked > 0.1:
            self._looked = time.monotonic()
            if not self._runs.server_lives(self._server):
                self._ended = SERVER_ENDED
        return bool(self._ended)

    def _unwatched(self) -> bool:
        limit, since = self._runs.settings.unwatched, self._reporter.paused_at
        if since is None or time.time() - since < limit or time.time() - self._runs.watched(self._run) < limit:
            return False
        self._ended = f"Stopped after a pause of {_duration(limit)} in which nobody watched; it can be continued."
        return True


def with_rates(config: Config, rates: Mapping[int, float]) -> Config:
    """``config`` with the learning rates set by hand in its schedule, which a run alone has."""
    if not isinstance(config, RunConfig):
        return config
    schedule = {**dict(config.lr_schedule), **rates}
    return replace(config, lr_schedule=tuple(sorted(schedule.items())))


def confine(course: Path | None) -> None:
    """Before a student's code runs in this process: say where it is, and how much memory it may take."""
    os.environ[VARIABLE] = str(course or "")
    limit_memory(EXTRA)


def choose_gpu(number: int) -> None:
    """Give this process one GPU, so that slots share them evenly; before CUDA is touched."""
    visible = [part for part in os.environ.get("CUDA_VISIBLE_DEVICES", "").split(",") if part]
    count = len(visible) or gpus()
    os.environ["CUDA_VISIBLE_DEVICES"] = (visible or [str(index) for index in range(count)])[number % count]


def _duration(seconds: float) -> str:
    return f"{seconds / 60:g} minutes" if seconds >= 120 else f"{seconds:g} seconds"
