"""Reels: who plays which frames of whom, so that a fork shares its parent's frames instead of copying them.

A run's frames are those it wrote itself, after those it was given of another run. What is given is not moved: it stays
with the run that wrote it, its *owner*, also when that run is removed, until nobody plays it any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Piece:
    """Frames ``start`` to ``stop`` (exclusive) of a track, which lie where ``owner`` wrote them, under the same seq."""

    owner: str
    start: int
    stop: int


class Reel:
    """The pieces of one track that its run was given, in order and without gaps; what follows is the run's own."""

    def __init__(self, run: str, pieces: Sequence[Piece] = ()) -> None:
        self.run, self.pieces = run, tuple(pieces)

    @classmethod
    def from_json(cls, run: str, found: Sequence[Sequence[Any]]) -> Reel:
        return cls(run, [Piece(str(owner), int(start), int(stop)) for owner, start, stop in found])

    def to_json(self) -> list[list[Any]]:
        return [[piece.owner, piece.start, piece.stop] for piece in self.pieces]

    def owner(self, seq: int) -> str:
        """Who wrote frame ``seq``."""
        return next((piece.owner for piece in self.pieces if piece.start <= seq < piece.stop), self.run)

    def lent(self, start: int, stop: int) -> list[Piece]:
        """The frames ``start`` to ``stop`` as pieces for another run."""
        out: list[Piece] = []
        for seq in range(start, stop):
            owner = self.owner(seq)
            if out and out[-1].owner == owner:
                out[-1] = Piece(owner, out[-1].start, seq + 1)
            else:
                out.append(Piece(owner, seq, seq + 1))
        return out


def needed(owner: str, reels: Iterator[Mapping[str, Reel]]) -> dict[str, set[int]]:
    """By track, the frames of ``owner`` that ``reels`` (of other runs, by track) play."""
    out: dict[str, set[int]] = {}
    for tracks in reels:
        for track, reel in tracks.items():
            for piece in reel.pieces:
                if piece.owner == owner:
                    out.setdefault(track, set()).update(range(piece.start, piece.stop))
    return out
