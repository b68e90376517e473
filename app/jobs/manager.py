"""JobManager: admits, launches, continues and stops runs. Everything goes by run id through the FrameLog."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.jobs.admission import check_admissible
from app.jobs.dispatcher import Dispatcher
from app.jobs.forking import copy_film, forked, origin
from app.jobs.forkserver import ForkServer
from app.jobs.job import STOPPED_BY_COMMAND, run_job
from app.jobs.runs import Runs
from app.jobs.shared import SharedRuns
from app.jobs.slots import Ticket
from app.settings import Settings
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import NnprobeError
from nnprobe_core.kinds import Config
from nnprobe_core.record import FAILED, LOST, QUEUED, STOPPED, Command, FrameLog, Status, new_run_id

KILL_AFTER = 1.0  #: seconds a run may take to obey a stop

#: From what a job is told (see :func:`run_job`) to what its process calls, and with what.
Call = Callable[[Mapping[str, Any]], tuple[Callable[..., Any], Sequence[Any]]]


def call_directly(message: Mapping[str, Any]) -> tuple[Callable[..., Any], Sequence[Any]]:
    """Call the job's function itself, without Dash."""
    return run_job, [message]


class RunStateError(NnprobeError):
    """The run is in a state in which this cannot be done."""

    http_status = 409


class JobManager:
    """The runs of all web processes that share a home folder.

    ``server`` is the id of this server, whose lock is held while it lives: jobs end with it.
    """

    def __init__(self, settings: Settings, log: FrameLog, server: str) -> None:
        self._settings, self._log, self._server = settings, log, server
        self._runs = Runs(settings, log)
        self._shared = SharedRuns(self._runs, settings.folder("shared"))
        self._forkserver = ForkServer()
        self._dispatcher = Dispatcher(self._runs)

    def warm(self) -> threading.Thread:
        """Get the fork server ready in the background."""
        return self._forkserver.warm()

    def close(self) -> None:
        """End the jobs this process has started."""
        self._dispatcher.close()

    def admit(self, config: Config, replaces: str | None = None, **more: Any) -> Status:
        """Open a queued run of ``config``, and stop the run that it ``replaces``, if that is still active.

        ``more`` are further fields of its status.
        Raises QueueFullError, and ConfigError for what this server cannot carry out; nothing has changed then.
        """
        check_admissible(config, self._settings)
        run, now = new_run_id(), time.time()
        status = Status(
            run, QUEUED, config=config.to_mapping(), created=now, updated=now, steps=config.planned,
            lr=config.lr_at(0) if isinstance(config, RunConfig) else 0.0, **more,
        )  # fmt: skip
        self._runs.slots.admit(run, self._server)
        self._log.create(status)
        self._dispatcher.expect(run)
        if replaces is not None:
            self._stop_quietly(replaces)
        return status

    def open(self, config: Config, replaces: str | None = None) -> tuple[Status, bool]:
        """The run that is the film of ``config`` already, and True; else a newly admitted one, to be launched, and
        False. Of several who ask at the same moment, in whichever process, one is given a new run."""
        if (found := self._shared.find(config)) is None:
            with self._shared.opening():
                if (found := self._shared.find(config)) is None:
                    return self.admit(config, replaces=replaces), False
        self._shared.give(found)
        if replaces is not None and replaces != found.run:
            self._stop_quietly(replaces)
        return found, True

    def launch(self, run: str, call: Call = call_directly) -> None:
        """Put an admitted run in the line; a process calls what ``call`` gives for it when its turn comes.

        RunStateError for a run that was launched before.
        """
        ticket = self._runs.slots.line_up(run)
        if ticket is None:
            raise RunStateError(f"The run {run} must be newly admitted to be launched; it is not.")
        self._put(ticket, call)

    def adopt(self) -> None:
        """Take over the line of a web process of this server that died, and bury who died with another server."""
        for ticket in self._runs.slots.tickets():
            if ticket.server != self._server or self._runs.has_process(ticket.run):
                continue
            if ticket.since:
                # Should another web process have it too: of two processes of a run, one finds the other and ends.
                self._runs.slots.release(ticket.run)
                self._put(ticket, call_directly)
            else:
                self._dispatcher.expect(ticket.run)
        self._runs.sweep()

    def _put(self, ticket: Ticket, call: Call) -> None:
        message = {
            "run": ticket.run,
            "after": ticket.after,
            "server": ticket.server,
            "settings": self._settings.to_json(),
        }
        target, arguments = call(message)
        self._dispatcher.put(ticket.run, lambda: self._forkserver.process(target, arguments))

    def start(self, config: Config, *, own: bool = True) -> tuple[Status, bool]:
        """Admit and launch; where it need not be an ``own`` run, one that is there will do: True where it did."""
        status, shared = (self.admit(config), False) if own else self.open(config)
        if not shared:
            self.launch(status.run)
        return self.status(status.run), shared

    def fork(self, run: str, request: Mapping[str, Any]) -> Status:
        """A new run that leaves ``run`` at a checkpoint and goes on with other settings (see app/jobs/forking.py)."""
        branch = forked(self._log, run, request)
        step, epoch = branch.step, branch.step / branch.config.steps_per_epoch
        status = self.admit(branch.config, fork=origin(run, branch), step=step, epoch=epoch)
        try:
            frames = copy_film(self._log, run, status.run, branch)
        except NnprobeError as error:  # the parent was removed meanwhile
            self._runs.settle(status.run, FAILED, str(error))
            raise
        self._log.set_status(replace(status, frames=frames, lr=branch.config.lr_at(step)))
        self.launch(status.run)
        return self.status(status.run)

    def status(self, run: str) -> Status:
        """The status of ``run``, true at this moment; whoever asks counts as watching."""
        status = self._runs.status(run)
        self._runs.watch(run, active=status.active)
        return status

    def statuses(self) -> list[Status]:
        """All runs, newest first, each status true at this moment."""
        return self._runs.all()

    def command(self, run: str, command: Command) -> int:
        """Give a command to a run; returns its number. RunStateError for a run that cannot obey."""
        status = self._runs.status(run)
        if command.kind == "stop":
            return self.stop(run)
        if command.kind == "resume" and status.state in (STOPPED, LOST):
            return self.resume(run)
        if not status.active:
            raise RunStateError(
                f"The run {run} must be active to take the command {command.kind}; it is {status.state}."
            )
        return self._log.send(run, command)

    def stop(self, run: str) -> int:
        """Stop a run: by a command, and by SIGKILL when it does not obey within a second."""
        status = self._runs.status(run)
        if not status.active:
            raise RunStateError(f"The run {run} must be active to be stopped; it is {status.state}.")
        pid = self._runs.pid(run)
        number = self._log.send(run, Command("stop"))
        if pid is not None:
            threading.Thread(target=self._insist, args=(run, pid), name=f"stop {run}", daemon=True).start()
        elif status.state == QUEUED:
            # If a process starts at this moment it holds the run's lock, and obeys the command.
            self._runs.settle(run, STOPPED, STOPPED_BY_COMMAND)
        return number

    def resume(self, run: str) -> int:
        """Continue a stopped or lost run from its last checkpoint: the same run, the same film.

        One that ended before its first does its work again from the start, and records from where its film ends.
        """
        lock = self._runs.lock(run)
        if not lock.acquire(wait=1.0):
            raise RunStateError(f"The run {run} must have ended to be continued; its process still lives.")
        try:
            status = self._log.status(run)
            if status.state not in (STOPPED, LOST):
                raise RunStateError(f"The run {run} must be stopped or lost to be continued; it is {status.state}.")
            if self._log.last(run) < 0 and not status.fork:
                raise RunStateError(f"The run {run} must have a frame to be continued; it ended before its first.")
            before = self._log.commands(run, 0)
            self._runs.slots.admit(run, self._server, after=before[-1][0] if before else 0)
            number = self._log.send(run, Command("resume"))
            self._log.set_status(replace(status, state=QUEUED, message="", updated=time.time()))
        finally:
            lock.release(remove=True)
        self.launch(run)
        return number

    def load(self) -> tuple[int, int]:
        """Runs that train and runs that wait; what it costs follows from the slots, not from the runs there are."""
        return len(self._runs.training()), self._runs.slots.waiting()

    def _insist(self, run: str, pid: int) -> None:
        if self._runs.kill(run, pid, KILL_AFTER):
            self._runs.bury(run)

    def _stop_quietly(self, run: str) -> None:
        if self._shared.is_given(run):
            return  # others watch it
        try:
            self.stop(run)
        except NnprobeError:
            return  # gone, or at its end: nothing to replace
