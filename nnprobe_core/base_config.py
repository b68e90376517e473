"""BaseConfig: the one door of every kind of config, from a mapping, JSON or a URL, and the way back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields
from typing import Any, ClassVar, Protocol, Self
from urllib.parse import parse_qsl, quote

from nnprobe_core.errors import ConfigError, UnknownFieldError
from nnprobe_core.fields import matters
from nnprobe_core.work import Work


class _Stepped(Protocol):
    @property
    def steps(self) -> int: ...


@dataclass(frozen=True)
class BaseConfig:
    """A frozen dataclass whose fields were made by the builders of :mod:`nnprobe_core.fields`, or by :func:`held`.

    A subclass sets ``KIND``, the kind of experiment it describes, which its mapping says under ``kind``; a run's, the
    oldest kind, says nothing. A subclass that checks several fields together does so in ``__post_init__`` after
    ``super().__post_init__()``.
    """

    KIND: ClassVar[str] = "run"
    SHORTHANDS: ClassVar[tuple[str, ...]] = ()  #: names that :meth:`expand` turns into fields

    def __post_init__(self) -> None:
        for item in fields(self):
            object.__setattr__(self, item.name, item.metadata["check"](item.name, getattr(self, item.name)))
        for item in fields(self):
            if not matters(item.metadata, self.__getattribute__) and getattr(self, item.name) != item.default:
                among = " and ".join(f"{name} is {' or '.join(each)}" for name, each in item.metadata["when"].items())
                raise ConfigError(item.name, f"left out unless {among}", getattr(self, item.name))

    @classmethod
    def options(cls) -> tuple[Field[Any], ...]:
        """Its fields as a mapping, a link, a form and the command line have them, in their order: in place of a config
        that it holds, that one's."""
        return tuple(item for _, item in _places(cls))

    def settings(self) -> dict[str, Any]:
        """What each of its options is set to."""
        holders = {item.name: holder for holder, item in _places(type(self))}
        return {
            item.name: getattr(getattr(self, holder) if (holder := holders[item.name]) else self, item.name)
            for item in self.options()
        }

    def get(self, name: str, default: Any = None) -> Any:
        """What the option ``name`` is set to; ``default`` where there is none."""
        return self.settings().get(name, default)

    @classmethod
    def expand(cls, values: dict[str, Any]) -> dict[str, Any]:
        """``values`` with fields in place of shorthands."""
        return values

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """The config that ``mapping`` describes; values may be typed or text.

        Fields left out have their defaults. Raises ConfigError and UnknownFieldError.
        """
        if not isinstance(mapping, Mapping):
            raise ConfigError("config", "a mapping of fields", mapping)
        values = dict(mapping)
        if (kind := values.pop("kind", cls.KIND)) != cls.KIND:
            raise ConfigError("kind", cls.KIND, kind)
        known = [*(item.name for item in cls.options()), *cls.SHORTHANDS]
        unknown = sorted(str(name) for name in values if name not in known)
        if unknown:
            raise UnknownFieldError(unknown, known)
        for item in fields(cls):
            if (config := item.metadata.get("holds")) is not None:
                theirs = {*config.SHORTHANDS, *(each.name for holder, each in _places(cls) if holder == item.name)}
                values[item.name] = config.from_mapping({name: values.pop(name) for name in theirs & values.keys()})
        return cls(**cls.expand(values))

    @property
    def planned(self: _Stepped) -> int:
        """Steps of the whole film: the last frame of a finished one has this step."""
        return self.steps

    @property
    def work(self) -> Work:
        """Multiply-adds that it asks for, by the field each share grows with: see :mod:`nnprobe_core.work`; none
        where nothing is known."""
        return {}

    @property
    def room(self) -> Work:
        """Bytes that its film has at least, by the field they grow with; none where nothing is known."""
        return {}

    @classmethod
    def from_json(cls, text: str) -> Self:
        try:
            mapping = json.loads(text)
        except (ValueError, RecursionError):  # the latter for brackets nested thousands deep
            raise ConfigError("config", "a JSON object", text) from None
        return cls.from_mapping(mapping)

    @classmethod
    def from_query(cls, query: str) -> Self:
        """The config in a URL's query string (with or without its question mark)."""
        return cls.from_mapping(pairs_of(query))

    def to_mapping(self) -> dict[str, Any]:
        """All fields that matter as JSON values, and the kind unless it is a run."""
        values = self.settings()
        out = {item.name: _plain(values[item.name]) for item in self.options() if matters(item.metadata, values.get)}
        return out if self.KIND == "run" else {"kind": self.KIND, **out}

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """The default of every field as a JSON value, those included that do not matter with the others."""
        return {item.name: _plain(item.default) for item in cls.options()}

    def to_json(self) -> str:
        return json.dumps(self.to_mapping(), sort_keys=True)

    def to_query(self) -> str:
        """The fields that differ from their defaults, as a URL's query string; first the kind, unless it is a run."""
        parts = [] if self.KIND == "run" else [f"kind={self.KIND}"]
        for item, value in zip(self.options(), self.settings().values(), strict=True):
            if value != item.default:
                parts.append(f"{item.name}={quote(as_text(value), safe=':,-.')}")
        return "&".join(parts)


def held(config: type[BaseConfig], without: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """Metadata of a field for a config within a config, whose options are from outside as if they were the holder's.

    But for those it goes ``without``: the holder has fields of these names in their place.
    """

    def check(name: str, value: Any) -> BaseConfig:
        if type(value) is not config:
            raise ConfigError(name, f"a {config.__name__}", value)
        return value

    return {"check": check, "holds": config, "without": without}


def _places(cls: type[BaseConfig]) -> list[tuple[str, Field[Any]]]:
    """The options of ``cls``, each after the name of the field with the config whose field it is, empty for its own."""
    own, out = {item.name: item for item in fields(cls)}, dict[str, tuple[str, Field[Any]]]()
    for item in own.values():
        if (config := item.metadata.get("holds")) is None:
            out.setdefault(item.name, ("", item))
            continue
        for each in config.options():
            instead = each.name in item.metadata["without"]
            if each.name in own and not instead:
                raise TypeError(f"{cls.__name__} has a field {each.name}, and so has the {config.__name__} it holds")
            out[each.name] = ("", own[each.name]) if instead else (item.name, each)
    return list(out.values())


def pairs_of(query: str) -> dict[str, str]:
    """The names and values of a query string; ConfigError for a name that is given twice."""
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ConfigError(twice, "given once", [value for name, value in pairs if name == twice])
    return dict(pairs)


def as_text(value: Any) -> str:
    """A field's value as its validator reads it back."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        if value and isinstance(value[0], tuple):
            return ",".join(f"{step}:{rate!r}" for step, rate in value)
        between = "-" if all(isinstance(part, int) for part in value) else ","
        return between.join(as_text(part) for part in value)
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _plain(value: Any) -> Any:
    return [_plain(part) for part in value] if isinstance(value, tuple) else value
