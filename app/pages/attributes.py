"""Names of HTML attributes that are no Python names."""

from __future__ import annotations

from typing import Any


def attrs(**values: Any) -> dict[str, Any]:
    """``attrs(aria_label="Help")`` is ``{"aria-label": "Help"}``, for ``html.Button(..., **attrs(...))``."""
    return {name.replace("_", "-"): value for name, value in values.items()}
