"""A process beside this one, to do something at just the wrong moment."""

from __future__ import annotations

import subprocess
import sys


def second_process(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def asked(process: subprocess.Popen[str], question: str = "") -> str:
    """What another process answers."""
    print(question, file=process.stdin, flush=True)
    return process.stdout.readline().strip()
