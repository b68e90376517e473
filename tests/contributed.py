"""What CONTRIBUTING.md shows, put into a copy of the code: each file as it stands there, each line in its table."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: `path` and, where lines are added to a table, its name; then the text.
_BLOCK = re.compile(r"^`([^`]+)`(?:[^\n]*last in `([A-Z]+)`)?[^\n]*\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)


def page() -> str:
    return (ROOT / "CONTRIBUTING.md").read_text()


def shown() -> list[tuple[str, str, str]]:
    """Path, table (or nothing) and text of each block."""
    return _BLOCK.findall(page())


def contribute(folder: Path) -> Path:
    """A copy of the code in ``folder`` with everything in it that the page shows, and nothing else changed."""
    for name in ("app", "nnprobe_core", "assets", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for path, table, text in shown():
        file = folder / path
        if table:
            end_of_table = re.compile(rf"^{table}: .*?(?=^[)}}])", re.MULTILINE | re.DOTALL)
            code, found = end_of_table.subn(rf"\g<0>{text}", file.read_text())
            assert found == 1, f"{table} in {path}"
            file.write_text(code)
        else:
            assert not file.exists(), path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    return folder
