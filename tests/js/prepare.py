"""What the tests beside this file need, written into a folder: films as they ship, unpacked; the pages with their
scripts, as the server names them; of each film what Python reads in it; and of each data set what Python makes.

    python tests/js/prepare.py FOLDER && NNPROBE_PREPARED=FOLDER node --test tests/js/
"""

from __future__ import annotations

import json
import lzma
import re
import struct
import sys
from hashlib import sha256
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from safetensors.numpy import load

from app.factory import create_app
from app.pages import PAGES
from app.services import build_services
from app.settings import Settings
from app.store.shipped import films_folder
from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import load_data
from nnprobe_core.datasets.own import own_data
from nnprobe_core.differences import pack_differences
from nnprobe_core.registry import DATASETS

ROOT = Path(__file__).parents[2]
FILMS = (
    "default", "narrow", "plane", "hole", "two-neurons", "non-finite", "vanishing", "64-fates", "sweep-rate",
    "sweep-width", "entanglement", "attack-spiral", "attack-digits", "separation-spiral", "separation-digits",
)  # fmt: skip
PACKED = "narrow"  #: the film whose first frames are also packed as differences
FACTS = re.compile(r'name="nnprobe-page" content="([^"]*)"')
SCRIPTS = re.compile(r'<script src="[^"]*?/(assets/[^"?]*\.js)')


def pages() -> dict[str, Any]:
    """Of each page: what its head says of it, its own scripts in their order, and its panels."""
    found: dict[str, Any] = {}
    with TemporaryDirectory() as home:
        services = build_services(Settings.from_environment({"NNPROBE_HOME": home}))
        try:
            client = create_app(services).server.test_client()
            for page in PAGES:
                html = client.get(page.path).get_data(as_text=True)
                found[page.name] = {
                    "facts": json.loads(unescape(FACTS.findall(html)[0])),
                    "scripts": SCRIPTS.findall(html),
                    "panels": [
                        {
                            "name": one.name,
                            "title": one.title,
                            "meta": dict(one.meta),
                            "width": one.width,
                            "height": one.height,
                        }
                        for one in page.panels
                    ],
                }
        finally:
            services.close()
    return found


def frames_of(film: bytes) -> list[bytes]:
    """The frames of a film: each behind its length, padded to 8."""
    frames, at = [], 0
    while at < len(film):
        (size,) = struct.unpack_from("<Q", film, at)
        frames.append(film[at + 8 : at + 8 + size])
        at += 8 + size + -size % 8
    return frames


def data_sets() -> list[dict[str, Any]]:
    """Runs of every data set, and of points of one's own, with the classes and points counted in what is then made."""
    square = np.random.default_rng(0).random((90, 2), dtype=np.float32)
    own = own_data(square, np.arange(90) % 5)
    runs = [{"dataset": name, **more} for name in DATASETS for more in ({}, {"n_train": 37})]
    runs += [{"dataset": "spiral", "arms": 4}, {"dataset": "blobs", "classes": 5, "n_train": 9}, {"data": own.name}]
    found = []
    for config in map(RunConfig.from_mapping, runs):
        labels = load_data(config, own if config.data else None).y_train
        found.append({"run": config.to_mapping(), "classes": len(np.unique(labels)), "points": len(labels)})
    return found


def read(frame: bytes) -> dict[str, Any]:
    """Of each array its type, its shape and a digest of its numbers."""
    return {
        name: [array.dtype.name, list(array.shape), sha256(array.tobytes()).hexdigest()]
        for name, array in load(frame).items()
    }


def prepare(folder: Path) -> None:
    """Write all of it into ``folder``."""
    films = {}
    for name in FILMS:
        film = lzma.decompress((films_folder() / f"{name}.film.xz").read_bytes())
        (folder / f"{name}.film").write_bytes(film)
        frames = frames_of(film)
        if name == PACKED:
            (folder / f"{name}.pack").write_bytes(pack_differences(frames[:24]))
        seen = sorted({0, len(frames) // 2, len(frames) - 1})
        films[name] = {"frames": len(frames), "arrays": {seq: read(frames[seq]) for seq in seen}}
    told = {"root": str(ROOT), "pages": pages(), "films": films, "packed": PACKED, "data_sets": data_sets()}
    (folder / "prepared.json").write_text(json.dumps(told))


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    prepare(Path(sys.argv[1]))
