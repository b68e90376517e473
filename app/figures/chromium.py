"""Where Chromium is on this machine: for figures, the browser tests and the film benchmark."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

#: The shell comes first: nobody looks at what is drawn here, and without a browser's own windows it takes less time.
NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
)  # fmt: skip
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PLAYWRIGHT = (Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright")
BUILDS = (
    "chromium_headless_shell-*/chrome-*/*headless*shell",
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def chromium_path() -> str | None:
    """The Chromium or Chrome to use, None where there is none; ``NNPROBE_CHROMIUM`` overrides what is found."""
    chosen = os.environ.get("NNPROBE_CHROMIUM")
    if chosen:
        found = shutil.which(chosen)
        if not found:
            raise FileNotFoundError(f"NNPROBE_CHROMIUM must be a program, got {chosen!r}.")
        return found
    on_path = (shutil.which(name) for name in NAMES)
    of_playwright = (str(path) for path in _playwright_builds())
    return next((path for path in (*on_path, *MAC, *of_playwright) if path and os.access(path, os.X_OK)), None)


def _playwright_builds() -> list[Path]:
    own = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    folders = [Path(own)] if own and own != "0" else PLAYWRIGHT
    return sorted(path for folder in folders for build in BUILDS for path in folder.glob(build))
