"""Films in files that are not what they say: one sentence, a status that is not 0, and no gigabytes."""

from __future__ import annotations

import gzip
import lzma
import random
import resource
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.cli import main
from app.store.film_file import MAX_FRAME, TornFilmError, read_film
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import FilmError
from nnprobe_core.frame import CHECKPOINTS, FILM, TRACKS, Frame, encode, pack, unpack
from nnprobe_core.training.trainer import train

PACKED = {"plain": bytes, "gzip": gzip.compress, "xz": lzma.compress}
MEMORY = 1 << 30  #: address space of the real process: the interpreter and its libraries take half of it


@pytest.fixture(scope="module")
def tracks() -> dict[str, bytes]:
    config = RunConfig(n_train=20, n_test=10, hidden=(4,), steps=12, frames=6)
    frames = list(train(config, tracks=TRACKS))
    return {track: pack(encode(frame) for frame in frames if frame.track == track) for track in TRACKS}


@pytest.fixture(scope="module")
def film(tracks) -> bytes:
    return tracks[FILM]


@pytest.mark.parametrize("kind", PACKED)
def test_a_film_is_read_however_it_is_packed(film, kind, tmp_path):
    path = tmp_path / "run.film"
    path.write_bytes(PACKED[kind](film))
    assert list(read_film(path)) == list(unpack(film))
    path.write_bytes(PACKED[kind](film[:5000]) + PACKED[kind](film[5000:]))  # as `cat` puts them together
    assert list(read_film(path)) == list(unpack(film))


@pytest.mark.parametrize("kind", PACKED)
def test_wherever_a_film_is_cut_off_it_says_so_after_what_is_whole(film, kind, tmp_path):
    whole, packed, path = list(unpack(film)), PACKED[kind](film), tmp_path / "run.film"
    cuts = [3, 20, len(packed) // 3, len(packed) // 2, len(packed) - 9, *([] if kind == "plain" else [len(packed) - 1])]
    for cut in cuts:
        path.write_bytes(packed[:cut])
        frames, seen = read_film(path), []
        with pytest.raises(FilmError, match=str(path)) as told:
            seen.extend(frames)
        assert seen == whole[: len(seen)]
        assert isinstance(told.value, TornFilmError) == bool(seen)


def shown(path: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A real process that may not have more than ``MEMORY``."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    words = [sys.executable, "-m", "app", *(command or ("show",)), str(path)]
    return subprocess.run(words, preexec_fn=limit, capture_output=True, text=True, timeout=120)


def bombs(film: bytes, tmp_path: Path) -> dict[str, Path]:
    zeros = bytes(1 << 24)
    paths = {
        name: tmp_path / f"{name}.film" for name in ("gzip", "xz", "frame", "sparse", "header", "curves", "nested")
    }
    paths["gzip"].write_bytes(200 * gzip.compress(zeros, 1))  # 3 GB, one part behind the other
    paths["xz"].write_bytes(lzma.compress(film) + 200 * lzma.compress(zeros, preset=0))  # and after a film that is one
    paths["frame"].write_bytes(film + struct.pack("<QQ", 6 << 30, 100) + film)
    with paths["sparse"].open("wb") as file:
        file.write(struct.pack("<QQ", 4 << 30, 1 << 30))
        file.truncate(8 << 30)
    paths["header"].write_bytes(film + struct.pack("<QQ", 60 << 20, 50 << 20) + bytes(60 << 20))
    text = b"[" * (7 << 20)
    paths["nested"].write_bytes(struct.pack("<QQ", 8 + len(text), len(text)) + text)
    curve = pack([encode(Frame(1, {"series.loss": np.zeros(1 << 22)}))])
    paths["curves"].write_bytes(gzip.compress(film) + 60 * gzip.compress(curve, 1))  # 2 GB of them
    return paths


def test_no_bomb_takes_gigabytes(film, tmp_path):
    for name, path in bombs(film, tmp_path).items():
        done = shown(path)
        assert done.returncode == 2, (name, done)
        assert done.stderr.startswith("nnprobe: "), (name, done.stderr)
        assert done.stderr.count("\n") == 1, (name, done.stderr)
        path.unlink()


def test_other_commands_that_read_films_are_as_careful(film, tracks, tmp_path):
    saved, path = tracks[CHECKPOINTS], tmp_path / "bomb"
    for data in (film, saved[:-1000], struct.pack("<QQ", MAX_FRAME[CHECKPOINTS] + 1, 90) + bytes(99)):
        path.write_bytes(lzma.compress(data))
        done = shown(path, "weights", "--out", str(tmp_path / "w"))
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    done = shown(path, "attack", "--film")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    path.write_bytes(gzip.compress(saved))
    assert main(["weights", str(path), "--out", str(tmp_path / "w")]) == 0


def test_a_damaged_film_never_ends_in_a_traceback(film, tmp_path, capsys):
    path, dice = tmp_path / "run.film", random.Random(0)
    for _ in range(100):
        data = bytearray(film)
        for _ in range(dice.choice([1, 3, 50])):
            # Most damage to arrays cannot be seen; half of it is done to headers.
            data[dice.randrange(600 if dice.random() < 0.5 else len(data))] = dice.randrange(256)
        path.write_bytes(data)
        status = main(["show", str(path)])
        err = capsys.readouterr().err
        assert (status, err.count("\n")) in ((0, 0), (2, 1)), err
