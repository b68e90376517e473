"""Does Playwright's own driver start here? It is a Node.js that wants libatomic, which a small Debian lacks.

``python tests/playwright_driver.py`` says what is missing, in a sentence; with ``--install`` it installs that first.
"""

from __future__ import annotations

import subprocess
import sys

import apt
from playwright._impl._driver import compute_driver_executable

#: The Debian and Ubuntu packages that hold libraries the driver is linked with.
PACKAGES = {"libatomic.so.1": "libatomic1", "libstdc++.so.6": "libstdc++6"}


def complaint() -> str:
    """What the driver says when it does not start; empty when it does."""
    try:
        done = subprocess.run([compute_driver_executable()[0], "--version"], capture_output=True, text=True)
    except OSError as error:
        return str(error)
    return "" if done.returncode == 0 else (done.stderr.strip() or f"exit status {done.returncode}")


def advice(said: str) -> str:
    """One sentence: what is wrong, and what to install."""
    package = missing_package(said)
    todo = f"install {package} (Debian, Ubuntu: sudo apt-get install {package})" if package else "see what it says"
    return f"Playwright's driver, which the browser tests need, does not start: {todo}. It said: {said}"


def missing_package(said: str) -> str | None:
    """The package that holds the library named in ``said``."""
    return next((package for library, package in PACKAGES.items() if library in said), None)


def main() -> int:
    said, tried = complaint(), set[str]()
    while "--install" in sys.argv[1:] and (package := missing_package(said)) and package not in tried:
        print(f"Playwright's driver needs {package}: installing it.", file=sys.stderr)
        tried.add(package)
        apt.install(package)
        said = complaint()
    if said:
        print(advice(said), file=sys.stderr)
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
