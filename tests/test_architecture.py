"""The shape of the code: what may import what, what a name in the registry leads to, and how long a file may be."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from pkgutil import walk_packages

import pytest

import app
import nnprobe_core
from nnprobe_core import registry

ROOT = Path(__file__).parents[1]
TABLES = {name: table for name, table in vars(registry).items() if name.isupper()}
ENTRIES = [(table, name) for table, names in TABLES.items() for name in names]

#: What the web process consists of: it starts fast, stays small, and leaves CUDA to jobs.
WEB = [
    "nnprobe_core.config",
    "nnprobe_core.frame",
    "nnprobe_core.record",
    "nnprobe_core.registry",
    "nnprobe_core.datasets.data",
    "app.__main__",
    "app.factory",
    "app.services",
]
#: What draws and serves pages, which the science must do without.
SCREEN = {"dash", "plotly", "flask", "diskcache", "flask_caching", "redis", "celery"}


def modules_after(*names: str) -> set[str]:
    """The top-level modules there are once ``names`` were imported in a process of their own."""
    script = (
        "import json, sys\nfrom importlib import import_module\n"
        f"for name in {list(names)!r}: import_module(name)\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def every_module() -> list[str]:
    found = [package.__name__ for package in (app, nnprobe_core)]
    for package in (app, nnprobe_core):
        found += [module.name for module in walk_packages(package.__path__, package.__name__ + ".")]
    return found


@pytest.mark.parametrize(("table", "name"), ENTRIES, ids=map("-".join, ENTRIES))
def test_every_name_in_the_registry_leads_to_an_attribute(table, name):
    assert registry.load(TABLES[table], name, table.lower()) is not None


def test_the_web_process_imports_no_torch():
    assert "torch" not in modules_after(*WEB)


def test_every_data_set_needs_numpy_at_most():
    modules = {target.split(":")[0] for target in registry.DATASETS.values()}
    assert not {"torch", "scipy", "sklearn", *SCREEN} & modules_after(*modules)


def test_probes_and_maths_need_no_torch():
    packages = ("nnprobe_core.maths.", "nnprobe_core.probes.")
    assert "torch" not in modules_after(*(name for name in every_module() if name.startswith(packages)))


@pytest.mark.parametrize(
    ("what", "where"),
    [
        (r"^(from dash|import) .*(Diskcache|Celery)Manager", "jobs/background.py"),  # an indented one is for types
        (r"\bDiskFrameLog\(", "store/logs.py"),
        (r"\bfcntl\b", "jobs/locks.py"),
        (r"^from app\.jobs\.locks import", "jobs/liveness.py"),
    ],
    ids=["the background managers", "which log there is", "locks of files", "how liveness is told"],
)
def test_one_file_alone_knows(what, where):
    sources = {path.relative_to(ROOT / "app").as_posix(): path.read_text() for path in (ROOT / "app").rglob("*.py")}
    assert [name for name, text in sources.items() if re.search(what, text, re.MULTILINE)] == [where]


def test_the_core_stands_without_a_screen_and_a_store():
    core = [name for name in every_module() if name.startswith("nnprobe_core")]
    assert not SCREEN & modules_after(*core)


def test_every_module_can_be_imported_first(tmp_path):
    """So no import depends on another one having gone before: there is no circle."""
    script = (
        "import sys\nfrom importlib import import_module\n"
        f"names = {every_module()!r}\n"
        "for name in names: import_module(name)\n"  # and all that is not ours, once
        # Compiled once, too, also where nothing compiled may be kept beside the code.
        f"sys.pycache_prefix, sys.dont_write_bytecode = {str(tmp_path)!r}, False\n"
        "for name in names:\n"
        "    for loaded in [other for other in sys.modules if other.split('.')[0] in ('app', 'nnprobe_core')]:\n"
        "        del sys.modules[loaded]\n"
        "    import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr


def test_imports_run_one_way():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_a_file_holds_one_idea():
    sources = [path for folder in ("app", "nnprobe_core", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    sources += [path for pattern in ("*.js", "*.css") for path in (ROOT / "assets").rglob(pattern)]
    assert len(sources) > 50
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_a_line_of_a_script_is_as_short_as_one_of_python():
    """120 letters at most; a picture within a style sheet is one word."""
    sources = [path for pattern in ("*.js", "*.css") for path in (ROOT / "assets").rglob(pattern)]
    sources += (ROOT / "app").rglob("*.js")
    assert len(sources) > 80
    lines = [(path, line) for path in sources for line in path.read_text("utf-8").splitlines()]
    assert [f"{path.name}: {line}" for path, line in lines if len(line) > 120 and 'url("data:' not in line] == []
