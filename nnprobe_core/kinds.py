"""Kinds of experiment: from a mapping to the config of its kind, and from a config to what yields its frames.

A run, a sweep, a study: each is a config and a generator of frames, named by its kind in the registry's tables
``CONFIGS`` and ``EXPERIMENTS``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from nnprobe_core import registry
from nnprobe_core.base_config import BaseConfig, pairs_of
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import Frame
from nnprobe_core.work import Work

if TYPE_CHECKING:
    from nnprobe_core.training.conductor import Progress
    from nnprobe_core.training.inbox import Inbox


class Config(Protocol):
    """What a job asks of a config of any kind."""

    KIND: ClassVar[str]

    @property
    def planned(self) -> int:
        """The planned amount of work: the last frame of a finished film has this step."""

    @property
    def device(self) -> str:
        """cpu or cuda."""

    @property
    def work(self) -> Work:
        """Multiply-adds, by the field each share grows with."""

    @property
    def room(self) -> Work:
        """Bytes of its film at the least, by the field they grow with."""

    def get(self, name: str, default: Any = None) -> Any:
        """What a field is set to; ``default`` where it has none of this name."""

    def to_mapping(self) -> dict[str, Any]: ...

    def to_json(self) -> str: ...

    def to_query(self) -> str: ...


class Experiment(Protocol):
    """What yields the frames of a config, from the start or from where its checkpoints left it."""

    @property
    def config(self) -> Any: ...

    @property
    def progress(self) -> Progress: ...

    def frames(self, inbox: Inbox | None = None, pace: float = 0) -> Iterator[Frame]:
        """Frames on the film with strictly rising steps, frame 0 with the config in its header; and checkpoints."""


def config_class(kind: object) -> type[BaseConfig]:
    """The class of the configs of a kind; ConfigError for one that there is not."""
    if not isinstance(kind, str):
        raise ConfigError("kind", f"one of {', '.join(registry.CONFIGS)}", kind)
    found: type[BaseConfig] = registry.load(registry.CONFIGS, kind, "kind")
    return found


def config_from_mapping(mapping: Mapping[str, Any]) -> Any:
    """The config of the kind that ``mapping`` names (a run, where it names none); raises ConfigError."""
    if not isinstance(mapping, Mapping):
        raise ConfigError("config", "a mapping of fields", mapping)
    return config_class(mapping.get("kind", "run")).from_mapping(mapping)


def config_from_query(query: str) -> Any:
    """The config in a URL's query string, of the kind it names."""
    return config_from_mapping(pairs_of(query))


def experiment(config: Config, checkpoints: Sequence[Frame] = (), **more: Any) -> Experiment:
    """What yields the frames of ``config``, after the last of ``checkpoints`` (all of its run's, oldest first).

    ``more``: what its kind takes besides, as ``data`` of a run that names points of one's own.
    """
    made: Experiment = registry.load(registry.EXPERIMENTS, config.KIND, "kind")(config, checkpoints=checkpoints, **more)
    return made
