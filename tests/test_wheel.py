"""The wheel, built and installed outside the checkout, trains and serves the page with everything it needs."""

from __future__ import annotations

import json
import os
import re
import signal
import site
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from nnprobe_core.frame import decode, unpack
from nnprobe_core.record import ACTIVE, DONE

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


def call(*command: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Through an sdist, as it is released: what the sdist lacks, the wheel lacks."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    call(*command)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The bin folder of an environment that has the wheel, and this one's other packages, but not the checkout."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    call(*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel))
    own = next((home / "lib").glob("python*/site-packages"))
    # A path named in a .pth file is searched, but its own .pth files, such as an editable install's, are not read.
    (own / "dependencies.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return home / "bin"


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "NNPROBE"))}
    return {**kept, "NNPROBE_HOME": str(tmp_path_factory.mktemp("home")), "NNPROBE_MAX_JOBS": "1"}


@pytest.fixture(scope="module")
def served(installed, environment, tmp_path_factory) -> Iterator[str]:
    """The address of a server that runs from the wheel, outside the checkout."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    outside = tmp_path_factory.mktemp("outside")
    with (outside / "log").open("w") as log:
        server = subprocess.Popen(
            [installed / "nnprobe", "serve", "--host", "127.0.0.1", "--port", str(port)],
            cwd=outside, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(1200):
            if server.poll() is not None:
                pytest.fail(f"the server ended: {(outside / 'log').read_text()}")
            try:
                fetch(f"{address}/api/health")
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        else:
            pytest.fail(f"no answer: {(outside / 'log').read_text()}")
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def fetch(address: str, body: object = None) -> bytes:
    """The answer to a GET, or to a POST of ``body`` as JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return bytes(answer.read())


def files_of(folder: str) -> list[str]:
    files = (path for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc")
    return [str(path.relative_to(ROOT)) for path in files if not path.name.startswith(".")]


def test_the_wheel_holds_every_module_asset_and_film_of_the_checkout(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    assets = [f"app/{path}" for path in files_of("assets")]
    assert "app/assets/styles/app.css" in assets
    assert {*files_of("app"), *files_of("nnprobe_core"), *assets} <= held
    tops = {path.split("/")[0] for path in held}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"app", "nnprobe_core"}  # and no nn_lib


def test_the_packages_are_the_wheels(installed, environment, tmp_path):
    script = "import app, nnprobe_core; print(app.__file__, nnprobe_core.__file__, sep='\\n')"
    places = call(installed / "python", "-c", script, cwd=tmp_path, env=environment).split()
    assert all(Path(place).is_relative_to(installed.parent) for place in places)


@pytest.mark.parametrize("path", ["/", "/compare", "/attack", "/separation"])
def test_the_wheel_serves_every_page_and_all_it_asks_for(served, path):
    page = fetch(served + path).decode()
    assert "nnprobe" in page
    asked = [path for path in re.findall(r'(?:src|href)="([^"]+)"', page) if not path.startswith(("data:", "#"))]
    assert all(not path.startswith(("http:", "https:", "//")) for path in asked), "nothing from another host"
    assert [path for path in asked if "assets/styles/app.css" in path]
    for one in asked:
        assert fetch(served + one), one
    assert json.loads(fetch(f"{served}{path.rstrip('/')}/_dash-layout"))


def test_the_wheel_serves_the_assets_of_the_checkout(served):
    files = [path for path in (ROOT / "assets").rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert fetch(f"{served}/{path.relative_to(ROOT)}") == path.read_bytes()


def test_every_film_that_ships_plays_from_the_wheel(served):
    pages = ("lab", "compare", "attack", "separation")
    presets = [one for page in pages for one in json.loads(fetch(f"{served}/api/presets?page={page}"))["presets"]]
    runs = {preset["name"]: preset["run"] for preset in presets if preset["run"]}
    films = {path.name.split(".")[0] for path in (ROOT / "app" / "films").glob("*.film.*")}
    assert set(runs) == films
    for run in runs.values():
        (first,) = unpack(fetch(f"{served}/api/runs/{run}/frames?limit=1"))
        assert decode(first).step == 0


def test_a_job_of_the_wheel_trains_to_its_end(served):
    run = json.loads(fetch(f"{served}/api/runs", {"steps": 30, "frames": 4, "n_train": 50, "n_test": 50}))["run"]
    for _ in range(1200):
        status = json.loads(fetch(f"{served}/api/runs/{run}"))
        if status["state"] not in ACTIVE:
            break
        time.sleep(0.1)
    assert (status["state"], status["step"]) == (DONE, 30), status
    frames = [decode(data) for data in unpack(fetch(f"{served}/api/runs/{run}/film"))]
    assert [frame.step for frame in frames] == [0, 10, 20, 30]


def test_the_wheel_trains_a_film_and_shows_it(installed, environment, tmp_path):
    nnprobe = installed / "nnprobe"
    call(nnprobe, "train", "--steps", "20", "--frames", "5", "--out", "run.film", cwd=tmp_path, env=environment)
    assert (tmp_path / "run.film").stat().st_size > 10_000
    assert "spiral" in call(nnprobe, "show", "run.film", cwd=tmp_path, env=environment)
