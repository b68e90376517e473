"""Debian's and Ubuntu's package manager, for what the browser tests need of the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def distribution() -> str:
    """``debian``, ``ubuntu``, …: the ID in /etc/os-release, empty where there is none (macOS)."""
    release = Path("/etc/os-release")
    lines = release.read_text().splitlines() if release.is_file() else []
    return next((line.removeprefix("ID=").strip('"') for line in lines if line.startswith("ID=")), "")


def command() -> list[str] | None:
    """The apt-get to call, as root or by a sudo that asks nothing; None where there is neither."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    may = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    return ["sudo", "-n", "apt-get"] if may else None


def install(package: str) -> bool:
    """Install ``package``; whether it is there now. What apt says goes to stderr."""
    apt = command()
    if apt is None:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        if subprocess.run([*apt, *arguments], stdout=sys.stderr, env=environment).returncode:
            return False
    return True
