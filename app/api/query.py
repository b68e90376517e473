"""What a request to the API says, checked: its JSON object, and the numbers of its query string."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import request

from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import whole


def body() -> Mapping[str, Any]:
    """The request's JSON object."""
    data = request.get_data()
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise ConfigError("body", "a JSON object", data[:40]) from None
    if not isinstance(found, dict):
        raise ConfigError("body", "a JSON object", found)
    return found


def argument(name: str, default: int, lo: int, hi: int) -> int:
    """A whole number of the query string."""
    text = request.args.get(name)
    return default if text is None else whole(name, text, lo, hi)
