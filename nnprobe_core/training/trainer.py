"""Trainer: a generator of Frames. It knows no store and no screen; commands reach it through an Inbox."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import nn

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import load_data
from nnprobe_core.datasets.own import OwnData
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import FILM, SETTLED, Frame
from nnprobe_core.registry import ENGINES, load
from nnprobe_core.training import checkpoint
from nnprobe_core.training.conductor import Conductor, Progress
from nnprobe_core.training.faithful import faithful_layers
from nnprobe_core.training.inbox import Inbox
from nnprobe_core.training.module import ModuleNetwork
from nnprobe_core.training.network import Array, Network, order_of_epoch
from nnprobe_core.training.probing import Probes
from nnprobe_core.training.schedule import checkpoint_due, frame_steps
from nnprobe_core.training.view import View, make_setup


class Trainer:
    """One run of ``config``, from its start or from where its checkpoints left it.

    Parameters
    ----------
    config : RunConfig
    checkpoints : sequence of Frame
        All frames of the run's checkpoint track, oldest first: the film then goes on after the last of them, with
        the bytes it would have had. Empty: from the start.
    module : torch.nn.Module, optional
        Trained in place of the config's network: points (n, 2) → logits (n, classes). It ends up trained. To go on
        from checkpoints, pass it as it was at the start.
    data : OwnData, optional
        The points of one's own that the config names.

    A run that diverges goes on to its end: its film shows NaN from there on.
    """

    def __init__(
        self,
        config: RunConfig,
        *,
        checkpoints: Sequence[Frame] = (),
        module: nn.Module | None = None,
        data: OwnData | None = None,
    ) -> None:
        if config.device == "cuda" and not torch.cuda.is_available():
            raise ConfigError("device", "cpu on a machine without a CUDA device", config.device)
        self.config = config
        points = load_data(config, data)
        self._network: Network = (
            load(ENGINES, config.engine, "engine")(config)
            if module is None
            else ModuleNetwork(module, config.n_classes, config.seed_batch, config.device)
        )
        self._network.learn_from(points.x_train, points.y_train)
        self._setup = make_setup(config, points, self._network)
        self._probes = Probes(self._setup)
        self._optimiser = self._network.optimiser(config)
        self._schedule = frame_steps(config.steps, config.frames)
        self._history = checkpoint.History()
        self._saved = 0  # snapshots of the history that are in checkpoints
        self._step = 0
        if checkpoints:
            self._resume(checkpoints)
        self._recorded = self._step if checkpoints else -1  # the step of the newest frame
        self._batches = np.empty(0, np.float32)  # losses of the batches since the last scheduled frame
        self._before: Array | None = None  # the network before its last step, where a frame follows it
        self._adopt_rates()
        self.progress = Progress(self._step, config.steps, self._epoch, self._lr)

    def _resume(self, checkpoints: Sequence[Frame]) -> None:
        self._step, self.config = checkpoint.load(
            checkpoints, self.config, self._network, self._optimiser, self._probes, self._history
        )
        self._saved = len(self._history)
        # What is recorded is recorded: a fork may have another schedule from here on.
        later = (step for step in self._schedule if step > self._step)
        self._schedule = (*self._history.steps, *later)
        if self._step % self.config.steps_per_epoch:
            self._reorder()

    def _adopt_rates(self) -> None:
        self._changes = dict(self.config.lr_schedule)
        self._lr = self.config.lr_at(max(0, self._step - 1))  # of the step that led here

    @property
    def _epoch(self) -> float:
        return self._step / self.config.steps_per_epoch

    def weights(self) -> Array:
        """A copy of the network's parameters as they are now, as one vector (nnprobe_core/models/layout.py)."""
        return self._network.snapshot()

    def frames(self, inbox: Inbox | None = None, pace: float = 0) -> Iterator[Frame]:
        """All frames to come, on their three tracks; may be called once.

        ``pace`` holds the film to frames per second (0: as fast as possible), as the command ``pace`` does. A stopped
        run ends with a frame of where it stopped, without settled maps.
        """
        inbox = Inbox() if inbox is None else inbox
        conductor = Conductor(self.progress, inbox, pace, place=self._step, epoch=self.config.steps_per_epoch)
        try:
            if not self._history:
                yield from self._scheduled()
            while len(self._history) < len(self._schedule) and not self.progress.stopped:
                yield from self._go_on(conductor)
            if not self.progress.stopped:
                yield from self._settled(inbox)
            elif self._recorded != self._step:
                yield self._extra(costly=False)
        finally:
            self._network.close()
            self._history.close()

    def _go_on(self, conductor: Conductor) -> Iterator[Frame]:
        """Obey what has arrived; else wait as pause and pace ask; else train up to the next frame."""
        rate = conductor.obey()
        if rate is not None:
            self._set_rate(rate)
            yield self._extra(costly=False, header={"lr": rate})
        due = self._schedule[len(self._history)]
        if self.progress.stopped or not conductor.ready(due):
            return
        self._advance(int(min(due, conductor.pause_at)), conductor)
        if self._step == due:
            conductor.framed()
            yield from self._scheduled()
        if conductor.reached(self._step) and self._recorded != self._step:
            yield self._extra(costly=True)

    def _set_rate(self, rate: float) -> None:
        """From here on this learning rate, which becomes part of the config."""
        others = [pair for pair in self.config.lr_schedule if pair[0] != self._step]
        self.config = replace(self.config, lr_schedule=tuple(sorted([*others, (self._step, rate)])))
        self._changes = dict(self.config.lr_schedule)
        self.progress.lr = rate

    def _advance(self, target: int, conductor: Conductor) -> None:
        """Train up to step ``target``, or until a command arrives."""
        config, network, optimiser, changes = self.config, self._network, self._optimiser, self._changes
        points, batch, per_epoch = config.points, config.batch, config.steps_per_epoch
        rate, interrupted = config.lr_at(self._step), conductor.interrupted
        with np.errstate(all="ignore"):  # not around a yield: it would leak into the caller
            while self._step < target and not interrupted():
                place = self._step % per_epoch
                if place == 0:
                    self._reorder()
                rate = changes.get(self._step, rate)
                self._before = network.snapshot() if self._step + 1 == target else None
                network.backpropagate(place * batch, min((place + 1) * batch, points))
                optimiser.step(rate)
                self._step += 1
                self._lr = rate
        self.progress.epoch, self.progress.lr = self._epoch, self.config.lr_at(self._step)
        conductor.tell(self._step)

    def _reorder(self) -> None:
        """The order of the points in the present epoch; a full batch needs none."""
        config = self.config
        if config.shuffle and config.steps_per_epoch > 1:
            epoch = self._step // config.steps_per_epoch
            self._network.reorder(order_of_epoch(config.seed_batch, epoch, config.points))

    def _view(self) -> View:
        self._batches = np.concatenate([self._batches, self._network.batch_losses()])
        return View(self._network, self._setup, self._step, self._lr, self._epoch, self._before, self._batches)

    def _scheduled(self) -> Iterator[Frame]:
        """The frame that is due, and the checkpoint after it."""
        index, last = len(self._history), len(self._schedule) - 1
        arrays = self._probes.look(self._view(), index, last)
        self._batches = self._batches[:0]
        self._history.append(self._step, self._network.snapshot())
        self._recorded = self._step
        header = {} if index else {"config": self.config.to_mapping()}
        yield Frame(step=self._step, arrays=arrays, header=header)
        if checkpoint_due(index, last):
            start, self._saved = self._saved, len(self._history)
            yield checkpoint.save(
                self._step, self.config, self._network, self._optimiser, self._probes, self._history, start
            )

    def _extra(self, *, costly: bool, header: Mapping[str, Any] | None = None) -> Frame:
        """A frame off the schedule."""
        arrays = self._probes.look_aside(self._view(), len(self._schedule) - 1, costly=costly)
        self._recorded = self._step
        return Frame(step=self._step, arrays=arrays, extra=True, header=header or {})

    def _settled(self, inbox: Inbox) -> Iterator[Frame]:
        """The maps of all scheduled frames again, in the final frame's plane, unless a stop arrives."""
        final = self._network.snapshot()
        mapping: Any = self._probes["mapping"]
        x = self._setup.x_train[self._setup.shown]
        try:
            for step, snapshot in zip(self._schedule, self._history, strict=True):
                while (command := inbox.poll()) is not None:
                    if command.kind == "stop":
                        return
                self._network.restore(snapshot)
                with np.errstate(all="ignore"):
                    arrays = mapping.settled(faithful_layers(self._network, x))
                yield Frame(step=step, arrays=arrays, track=SETTLED)
        finally:
            self._network.restore(final)


def train(
    config: RunConfig,
    inbox: Inbox | None = None,
    *,
    module: nn.Module | None = None,
    data: OwnData | None = None,
    tracks: Collection[str] = (FILM,),
) -> Iterator[Frame]:
    """The frames of one run's film, as fast as possible; see :class:`Trainer`.

    ``tracks``: which of :data:`nnprobe_core.frame.TRACKS` are wanted. The settled maps of a finished film and the
    checkpoints come in between and hold other arrays, so they are there for whoever asks.
    """
    trainer = Trainer(config, module=module, data=data)  # refuses now, not at the first frame
    return (frame for frame in trainer.frames(inbox) if frame.track in tracks)
