"""The error that an exercise raises until it is done."""

from __future__ import annotations


class ExerciseNotDone(NotImplementedError):
    """Its text is "Class.method: what is to be done"."""
