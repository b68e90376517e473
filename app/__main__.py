"""``nnprobe`` and ``python -m app``."""

from __future__ import annotations

import app.threads  # isort: skip  # noqa: F401  (before NumPy)

import sys

from app.cli import main

if __name__ == "__main__":
    sys.exit(main())
