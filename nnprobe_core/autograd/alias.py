"""The course's names: after ``import nnprobe_core.autograd.alias`` (or ``pytest -p nnprobe_core.autograd.alias``),
``nn_lib`` and ``toy_mlp`` are this package, in this process and nowhere else.

They are entries in ``sys.modules`` and no files, so that installing nnprobe takes no name from anybody; a folder
``nn_lib`` of one's own that is on the path is passed over as long as the alias is there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

#: Further places in which courses look for the same things.
SYNONYMS = {
    "mdl.layers": "mdl",
    "mdl.loss_functions": "mdl",
    "mdl.losses": "mdl",
    "math_fns.matmul": "math_fns.mat_mul",
    "math_fns.reduce": "math_fns.sum_reduce",
    "data.data_loader": "data.dataloader",
    "tests.utils": "testing",
}


class _Anywhere:
    """The path of ``nn_lib.tests``: that folder below every entry of ``sys.path``, as it is when asked.

    So a test file that lies in a package ``nn_lib/tests`` can still be imported under its name.
    """

    def __iter__(self) -> Iterator[str]:
        return iter([str(Path(entry, "nn_lib", "tests")) for entry in sys.path])


def install() -> None:
    """Put ``nn_lib``, ``toy_mlp`` and all their submodules into ``sys.modules``; again is harmless."""
    own = sys.modules[__package__]
    for found in walk_packages(own.__path__, f"{own.__name__}."):
        if not found.name.endswith("__main__"):
            sys.modules[_alias(found.name)] = import_module(found.name)
    sys.modules["nn_lib"] = own
    tests = ModuleType("nn_lib.tests", "Where a course keeps its tests.")
    tests.__path__ = _Anywhere()  # type: ignore[assignment]  # any iterable will do
    sys.modules["nn_lib.tests"] = own.tests = tests  # type: ignore[attr-defined]
    for name, real in SYNONYMS.items():
        module = sys.modules[f"nn_lib.{name}"] = sys.modules[f"nn_lib.{real}"]
        folder, _, attribute = name.rpartition(".")
        if not hasattr(sys.modules[f"nn_lib.{folder}"], attribute):
            setattr(sys.modules[f"nn_lib.{folder}"], attribute, module)
    for name in [name for name in sys.modules if f"{name}.".startswith("nn_lib.toy_mlp.")]:
        sys.modules[name.removeprefix("nn_lib.")] = sys.modules[name]


def _alias(name: str) -> str:
    return "nn_lib" + name.removeprefix(str(__package__))


install()
