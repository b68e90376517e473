"""``nnprobe train``: one run without a browser, into a film."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping
from dataclasses import Field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from app.commands.film import make_film, print_film
from app.commands.own_points import FIELD, add_data, own_points
from nnprobe_core.base_config import BaseConfig, as_text
from nnprobe_core.config import MAX_DEPTH, MAX_WIDTH, RunConfig
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import MAX_SEED, MAX_STEPS, bounds
from nnprobe_core.frame import CHECKPOINTS, FILM, SETTLED

AnyConfig = TypeVar("AnyConfig", bound=BaseConfig)

SHORTHANDS = {
    "seed": f"all three seeds (0 to {MAX_SEED})",
    "epochs": f"instead of steps: epochs to train (from 1 on, up to {MAX_STEPS} steps)",
    "width": f"with --depth, instead of hidden: units of every hidden layer (1 to {MAX_WIDTH})",
    "depth": f"number of hidden layers (0 to {MAX_DEPTH})",
}


def add(commands: Any) -> None:
    parser = commands.add_parser(
        "train",
        help="train one network and write its film",
        description="Train one network and write its film. Every option of the lab is here under its own name.",
        argument_default=argparse.SUPPRESS,
    )
    parser.add_argument("--out", type=Path, metavar="FILM", help="write the film to this file")
    parser.add_argument(
        "--checkpoints", type=Path, metavar="FILE", help="write what holds the weights of every frame to this file"
    )
    parser.add_argument("--settled", type=Path, metavar="FILM", help="write the settled maps to this file")
    parser.add_argument("--config", type=Path, metavar="JSON", help="read the fields in this file first")
    parser.add_argument("--link", metavar="URL", help="read the fields in a lab's link, or its query string, first")
    add_data(parser)
    add_fields(parser)
    parser.set_defaults(run=run)


def add_fields(
    parser: argparse.ArgumentParser, kind: type[BaseConfig] = RunConfig, without: Collection[str] = ()
) -> None:
    """Every field of ``kind`` and its shorthands as options, without defaults: :func:`config_of` knows them."""
    for name, text in SHORTHANDS.items():
        parser.add_argument(_option(name), metavar="N", help=text)
    groups: dict[str, Any] = {}
    defaults = kind.defaults()
    for item in kind.options():
        if item.name in (*without, FIELD):
            continue
        group = item.metadata["group"]
        groups.setdefault(group, parser.add_argument_group(group))
        add_field(groups[group], item, defaults[item.name])


def add_field(group: Any, item: Field[Any], default: Any, option: str = "") -> None:
    """A field of a config as an option under its own name, or under another ``option``; without a default."""
    when = (f"only with {name} {' or '.join(among)}" for name, among in item.metadata.get("when", {}).items())
    told = "; ".join(filter(None, (*when, bounds(item.metadata), f"default {_shown(default)}")))
    text = f"{item.metadata['help']} ({told})".replace("%", "%%")
    choices = item.metadata.get("choices")
    group.add_argument(_option(option or item.name), metavar="|".join(choices) if choices else "X", help=text)


def run(options: argparse.Namespace) -> int:
    given, own = own_points(vars(options))
    config = config_of(given, RunConfig)
    out, settled, checkpoints = (getattr(options, name, None) for name in ("out", "settled", "checkpoints"))
    elapsed = make_film(config, {FILM: out, SETTLED: settled, CHECKPOINTS: checkpoints}, unit="steps", own=own)
    print(f"trained in   {elapsed:.1f} s, {config.steps / elapsed:,.0f} steps/s")
    print_film(out)
    print_film(checkpoints, "checkpoints")
    return 0


def config_of(options: Mapping[str, Any], kind: type[AnyConfig]) -> AnyConfig:
    """The config of the command line: the fields of ``--config`` and ``--link``, then those given one by one."""
    names = {item.name for item in kind.options()} | set(SHORTHANDS)
    values: dict[str, Any] = {}
    if "config" in options:
        values |= kind.from_json(_read(options["config"])).to_mapping()
    if "link" in options:
        link = options["link"]
        query = urlsplit(link).query if "?" in link else link
        kind.from_query(query)  # refuses what is given twice
        values |= dict(parse_qsl(query, keep_blank_values=True))
    given = {name: value for name, value in options.items() if name in names}
    if values.get(FIELD):  # points are handed over for a config that names its own: they are compared when it begins
        given.pop(FIELD, None)
    # What a shorthand stands for gives way to it: `--link … --width 20`.
    for shorthand, replaced in (("width", "hidden"), ("depth", "hidden"), ("epochs", "steps")):
        if shorthand in given and replaced not in given:
            values.pop(replaced, None)
    if "seed" in given:
        for name in ("seed_data", "seed_init", "seed_batch"):
            values.pop(name, None)
    return kind.from_mapping({**values, **given})


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigError("--config", "a JSON file", str(path)) from None


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return as_text(tuple(value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value).lower() or "none"
