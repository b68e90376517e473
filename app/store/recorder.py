"""Recorder: puts a trainer's frames into a run's film, each scheduled frame once, however often it is continued."""

from __future__ import annotations

from nnprobe_core.frame import CHECKPOINTS, FILM, TRACKS, Frame, decode, encode, header
from nnprobe_core.record import FrameLog, read


class Recorder:
    """The one writer of a run."""

    def __init__(self, log: FrameLog, run: str) -> None:
        self._log, self._run = log, run
        self._next = {track: log.last(run, track) + 1 for track in TRACKS}
        self._step = {track: self._last_scheduled(track) for track in TRACKS}

    @property
    def count(self) -> int:
        """Frames in the film."""
        return self._next[FILM]

    def append(self, frame: Frame) -> int:
        """Append ``frame`` unless the film has it; how many bytes were appended."""
        track = frame.track
        if not frame.extra and frame.step <= self._step[track]:
            return 0
        data = encode(frame)
        self._log.append(self._run, self._next[track], data, track)
        self._next[track] += 1
        if not frame.extra:
            self._step[track] = frame.step
        return len(data)

    def checkpoints(self) -> list[Frame]:
        """All checkpoints of the run, oldest first."""
        frames = self._log.since(self._run, -1, self._next[CHECKPOINTS], CHECKPOINTS)
        return [decode(data, track=CHECKPOINTS) for data in frames]

    def rates(self) -> dict[int, float]:
        """The learning rates set by hand so far, by the step from which they hold."""
        rates: dict[int, float] = {}
        for head in map(header, read(self._log, self._run, stop=self.count)):
            if "lr" in head:
                rates[head["step"]] = head["lr"]
        return rates

    def _last_scheduled(self, track: str) -> int:
        """The step of the newest frame that is on the schedule, −1 when there is none."""
        for seq in range(self._next[track] - 1, -1, -1):
            head = header(self._log.range(self._run, seq, seq + 1, track)[0])
            if not head["extra"]:
                return int(head["step"])
        return -1
