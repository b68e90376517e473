"""Where the scripts and styles lie: within the package in a wheel, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_APP = Path(__file__).resolve().parents[1]


def assets_folder() -> Path:
    """The folder of the scripts and styles; FileNotFoundError names both places looked at."""
    packaged, checkout = _APP / "assets", _APP.parent / "assets"
    for folder in (packaged, checkout):
        if (folder / "styles" / "app.css").is_file():
            return folder
    raise FileNotFoundError(f"The page's scripts must lie in {packaged} or {checkout}, got neither.")
