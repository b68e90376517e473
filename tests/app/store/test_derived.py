"""The cache of derived things holds bytes, and nothing in it is ever run."""

from __future__ import annotations

import os
import pickle
import sqlite3

from app.store.derived import Derived


class Trap:
    """Unpickled, it makes a folder."""

    def __init__(self, where):
        self.where = str(where)

    def __reduce__(self):
        return os.mkdir, (self.where,)


def test_values_come_back_and_the_oldest_go(tmp_path):
    cache = Derived(tmp_path, most=60)
    for number in range(150):
        cache.set(f"key {number}", number.to_bytes(4, "big"))
        os.utime(cache._path(f"key {number}"), (number, number))
    assert cache.get("key 149") == (149).to_bytes(4, "big")
    assert cache.get("key 0") is None
    assert len(list(tmp_path.iterdir())) <= 60
    assert Derived(tmp_path).get("key 149") is not None  # for every process


def test_a_cache_that_cannot_be_written_is_only_slow(tmp_path):
    cache = Derived(tmp_path / "nowhere")
    cache.set("key", b"value")
    assert cache.get("key") is None


def test_what_somebody_planted_in_the_home_is_not_unpickled(lab, tmp_path):
    trap = pickle.dumps(Trap(tmp_path / "sprung"))
    film = "/api/runs/preset-default"
    paths = ["/api/preview?noise=0.31", f"{film}/robustness", f"{film}/attack?point=3"]
    first = [lab.ask("GET", path)[::2] for path in paths]
    files = list((lab.home / "cache").iterdir())
    assert len(files) >= 2
    for path in files:
        path.write_bytes(trap)
    again = [lab.ask("GET", path)[::2] for path in paths]
    assert [code for code, _ in first] == [200] * 3
    assert again == first  # what cannot be read is made again
    assert not (tmp_path / "sprung").exists()
    for folder in ("servers", "films"):
        for path in (lab.home / folder).rglob("cache.db"):
            with sqlite3.connect(path) as base:
                modes = {mode for (mode,) in base.execute("SELECT mode FROM Cache")}
                assert 4 not in modes  # diskcache's mark of a pickle
            base.close()
