"""Where Chromium is on this machine: for the browser tests, the film benchmark and the Makefile.

``python tests/find_chromium.py`` prints its path; with ``--install`` it installs one first where there is none.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the folder beside this file that is called app is not the package

from app.figures.chromium import chromium_path


def install() -> None:
    """Install Chromium: Debian's own where we may (its shell, where Debian has it), else the one Playwright brings.

    Ubuntu's package is a snap, which sees no temporary folders.
    """
    import apt  # beside this file; the film benchmark, which imports from elsewhere, installs nothing

    of_debian = apt.distribution() == "debian"
    if not (of_debian and any(map(apt.install, ("chromium-headless-shell", "chromium")))):
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True, stdout=sys.stderr)


def main() -> int:
    if "--install" in sys.argv[1:] and not chromium_path():
        print("No Chromium here: installing one for the browser tests.", file=sys.stderr)
        install()
    path = chromium_path()
    print(path or "There is no Chromium: install one, or name it in NNPROBE_CHROMIUM.")
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
