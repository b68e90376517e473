"""About: a config in a line, as the list of runs says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.pages import PAGES
from app.pages.form import NAMES

_MOST = 5  #: fields that are named


def about(config: Mapping[str, Any]) -> str:
    """A config from its mapping, what differs from the default first; never an error, whatever an old film may hold."""
    page = next((page for page in PAGES if page.kind == config.get("kind", "run")), None)
    if page is None or page.form is None:
        return ""
    changes = _of_changes(config, page.form.default_values, page.form.labels)
    return f"{changes or 'the default'} — {_of_run(config)}" if page.kind == "run" else changes or "as it stands"


def caption(config: Mapping[str, Any]) -> str:
    """A config under a picture of its film, in a line with the step: a run's without what differs from the default."""
    return _of_run(config) if config.get("kind", "run") == "run" else about(config)


def _of_run(config: Mapping[str, Any]) -> str:
    dataset, hidden = str(config.get("dataset", "")), config.get("hidden") or ()
    network = "-".join(map(str, hidden)) or "no hidden layer"
    training = f"{config.get('optimiser')} {config.get('lr')}"
    engine = str(config.get("engine", "kernel"))
    by = "" if engine == "kernel" else f" · {NAMES.get(engine, engine)}"
    return f"{NAMES.get(dataset, dataset)} · {network} · {config.get('activation')} · {training}{by}"


def _of_changes(config: Mapping[str, Any], defaults: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    names = [name for name in labels if name in config and config[name] != defaults[name]]
    changed = [f"{labels[name]} {_text(config[name])}" for name in names[:_MOST]]
    more = " · …" if len(names) > _MOST else ""
    return " · ".join(changed) + more


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ("-" if all(isinstance(part, int) for part in value) else ", ").join(_text(part) for part in value)
    if isinstance(value, float):
        return f"{value:g}"
    return NAMES.get(value, value) if isinstance(value, str) else str(value)
