"""Every error a user may meet, each a sentence that names the field, the bound and the value got."""

from __future__ import annotations


class NnprobeError(Exception):
    """Base of all errors that are the user's to read; ``http_status`` is what the web layer answers."""

    http_status = 400


class ConfigError(NnprobeError, ValueError):
    """A field of a config or a command is unknown, of the wrong kind or out of bounds."""

    def __init__(self, field: str, bound: str, got: object) -> None:
        self.field, self.bound, self.got = field, bound, got
        super().__init__(f"{field} must be {bound}, got {_short(got)}.")


class UnknownFieldError(NnprobeError, ValueError):
    """A mapping names fields that do not exist."""

    def __init__(self, unknown: list[str], known: list[str]) -> None:
        self.unknown, self.known = unknown, known
        names = ", ".join(_clip(name) for name in unknown)
        super().__init__(f"Unknown field {names}; the known ones are {', '.join(known)}.")


class FilmError(NnprobeError, ValueError):
    """Bytes that should be a frame or a film are not one."""


class RunNotFoundError(NnprobeError, KeyError):
    """No run of this id was ever recorded here."""

    http_status = 404

    def __init__(self, run: str) -> None:
        self.run = run
        super().__init__(f"There is no run {_short(run)}.")

    def __str__(self) -> str:  # KeyError would show the repr of the sentence
        return str(self.args[0])


class RunPrunedError(RunNotFoundError):
    """The run was recorded, and removed since to make room."""

    http_status = 410

    def __init__(self, run: str) -> None:
        super().__init__(run)
        self.args = (f"The run {_short(run)} was removed to make room for newer ones.",)


class WriterConflictError(NnprobeError):
    """A second writer tried to append to a run's film."""

    http_status = 409


class QueueFullError(NnprobeError):
    """No more runs may wait."""

    http_status = 429

    def __init__(self, waiting: int, limit: int) -> None:
        super().__init__(
            f"The queue must hold at most {limit} waiting runs, got {waiting}: try again when one has finished."
        )


def _short(value: object) -> str:
    try:
        return _clip(repr(value))
    except (ValueError, RecursionError):  # an integer of thousands of digits, a list nested as deep
        return f"a {type(value).__name__} too long to show"


def _clip(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "…"
