"""Pictures from files: MNIST's IDX files, NumPy archives as CIFAR's copies come in, and folders of a class each.

No file is trusted: arrays are read without pickle, and sizes are checked before memory is taken.
"""

from __future__ import annotations

import gzip
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from nnprobe_core.datasets.images import Images, split
from nnprobe_core.errors import ConfigError

Array = np.ndarray

_IDX_TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
NAMES = {"x": ("x", "images", "data"), "y": ("y", "labels", "targets")}
_CHANNELS = (1, 3)
_MOST = 4 << 30  #: bytes of a file's arrays
_KINDS = "MNIST's IDX files, .npy files, .npz files, or folders named train and test or after classes"


def read_images(path: Path, *, seed: int, test_share: float) -> Images:
    """The pictures in ``path``; see :func:`nnprobe_core.datasets.images.load_images` for ``seed`` and ``test_share``.

    A ``.npz`` file with ``x_train``, ``y_train``, ``x_test``, ``y_test``, or with ``x`` and ``y`` (``images`` or
    ``data``, ``labels`` or ``targets``) alone; a folder with ``.npy`` files of these names; a folder with MNIST's four
    IDX files (``train-images-idx3-ubyte`` …, gzipped or not), or torchvision's above it, in which they lie in
    ``MNIST/raw``; or a folder that holds one folder of ``.npz`` files per class, or ``train`` and ``test`` with such
    folders in them: each file holds one picture, or several in one array. Several pictures are (n, height, width) or
    (n, height, width, channels), channels 1 or 3, first or last; one alone (height, width) or (height, width,
    channels).

    Raises ConfigError for anything else.
    """
    if path.is_file():
        if path.suffix != ".npz":
            raise ConfigError("data", "digits, a .npz file, or a folder", str(path))
        return _from_arrays(read_archive(path), path, seed, test_share)
    if not path.is_dir():
        raise ConfigError("data", "digits, or a file or folder that is there", str(path))
    # As torchvision lays them out, several sets may lie below one root.
    found = [place for place in (path, path / "raw", *sorted(path.glob("*/raw"))) if any(place.glob("train-images*"))]
    if len(found) > 1:
        raise ConfigError("data", f"one of the sets in it, {' or '.join(map(str, found))}", str(path))
    if found:
        return _from_idx(found[0])
    named = {file.stem: file for file in path.glob("*.npy")}
    if named:
        return _from_arrays({name: read_array(file) for name, file in named.items()}, path, seed, test_share)
    if (path / "train").is_dir() and (path / "test").is_dir():
        classes = _class_folders(path / "train")
        if _class_folders(path / "test") != classes:
            raise ConfigError(f"{path / 'test'}", f"with the classes of train ({', '.join(classes)})", "others")
        return Images(*_from_folders(path / "train", classes), *_from_folders(path / "test", classes), classes)
    classes = _class_folders(path)
    if not classes:
        raise ConfigError("data", f"a folder with {_KINDS}", str(path))
    return split(*_from_folders(path, classes), classes, seed=seed, test_share=test_share)


def read_idx(path: Path) -> Array:
    """The array in an IDX file, gzipped or not (LeCun, Cortes & Burges, "The MNIST database", file formats)."""
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (OSError, EOFError, ValueError) as error:
        raise ConfigError(str(path), f"a whole IDX file ({error})", "one that cannot be read") from None
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] not in _IDX_TYPES or len(data) < 4 + 4 * data[3]:
        raise ConfigError(str(path), "an IDX file", data[:4])
    shape = struct.unpack_from(f">{data[3]}I", data, 4)
    kind, begin = np.dtype(_IDX_TYPES[data[2]]), 4 + 4 * data[3]
    if len(data) != begin + math.prod(shape) * kind.itemsize:
        raise ConfigError(str(path), f"an IDX file with the {shape} values it tells of", f"{len(data)} bytes")
    return np.frombuffer(data, kind, offset=begin).reshape(shape).astype(kind.newbyteorder("="))


def _from_idx(path: Path) -> Images:
    parts = []
    for name in ("train-images", "train-labels", "t10k-images", "t10k-labels"):
        found = sorted(path.glob(f"{name}*idx*"))
        if not found:
            raise ConfigError("data", f"a folder with all of MNIST's files, {name}-idx… among them", str(path))
        parts.append(read_idx(found[0]))
    return _images(*parts)


def _from_arrays(arrays: Mapping[str, Array], path: Path, seed: int, test_share: float) -> Images:
    wanted = ("x_train", "y_train", "x_test", "y_test")
    if all(name in arrays for name in wanted):
        return _images(*(arrays[name] for name in wanted))
    x, y = (next((arrays[name] for name in NAMES[side] if name in arrays), None) for side in "xy")
    if x is None or y is None:
        raise ConfigError(str(path), f"arrays {', '.join(wanted)}, or x and y", sorted(arrays))
    labels, classes = _numbered(y)
    return split(_pictures(x, len(labels)), labels, classes, seed=seed, test_share=test_share)


def _images(x_train: Array, y_train: Array, x_test: Array, y_test: Array) -> Images:
    labels, classes = _numbered(np.concatenate([np.ravel(y_train), np.ravel(y_test)]))
    count = np.size(y_train)
    train, test = _pictures(x_train, count), _pictures(x_test, np.size(y_test))
    if train.shape[1:] != test.shape[1:]:
        raise ConfigError("x_test", f"pictures {train.shape[1:]} like x_train", test.shape[1:])
    return Images(train, labels[:count], test, labels[count:], classes)


def _numbered(y: Array) -> tuple[Array, tuple[str, ...]]:
    """Labels counted from 0 in the order of their values, and their names."""
    y = np.ravel(y)
    if y.dtype.kind not in "iuUb":
        raise ConfigError("y", "whole numbers or names", y.dtype)
    names, index = np.unique(y, return_inverse=True)
    if not 2 <= len(names) <= 256:
        raise ConfigError("y", "of 2 to 256 classes", len(names))
    return index.astype(np.uint8), tuple(map(str, names))


def _pictures(x: Array, count: int) -> Array:
    """``x`` as float32 (n, channels, height, width)."""
    x = np.asarray(x)
    if x.dtype.kind not in "iufb" or x.ndim not in (3, 4) or len(x) != count or not x.size:
        raise ConfigError("x", f"{count} pictures, (n, height, width) or with channels", (x.dtype.name, x.shape))
    if x.ndim == 3:
        x = x[:, None]
    elif x.shape[1] not in _CHANNELS:
        if x.shape[3] not in _CHANNELS:
            raise ConfigError("x", "pictures of 1 or 3 channels, first or last", x.shape)
        x = x.transpose(0, 3, 1, 2)
    scale = 255 if x.dtype == np.uint8 else 1
    x = np.ascontiguousarray(x, np.float32) / np.float32(scale)
    if not np.isfinite(x).all():
        raise ConfigError("x", "finite", f"{np.count_nonzero(~np.isfinite(x))} values that are not")
    return np.asarray(x)


def _class_folders(path: Path) -> tuple[str, ...]:
    return tuple(sorted(folder.name for folder in path.iterdir() if folder.is_dir() and any(folder.glob("*.npz"))))


def _from_folders(path: Path, classes: tuple[str, ...]) -> tuple[Array, Array]:
    """Pictures (n, channels, height, width) and labels (n,) of the folders ``classes`` in ``path``."""
    x: list[Array] = []
    y: list[int] = []
    for label, name in enumerate(classes):
        for picture in _stacks(path / name):
            if x and picture.shape[1:] != x[0].shape[1:]:
                raise ConfigError(str(path / name), f"pictures {x[0].shape[1:]} like the others", picture.shape[1:])
            x.append(picture)
            y += [label] * len(picture)
    if not 2 <= len(classes) <= 256:
        raise ConfigError(str(path), "folders of 2 to 256 classes", len(classes))
    return np.concatenate(x), np.array(y, np.uint8)


def _stacks(folder: Path) -> Iterator[Array]:
    for file in sorted(folder.glob("*.npz")):
        arrays = read_archive(file)
        if not arrays:
            raise ConfigError(str(file), "a file with a picture", "one without an array")
        name = next((name for name in NAMES["x"] if name in arrays), min(arrays))
        array = arrays[name]
        # Two axes are a picture, and so are three with channels last; else the first axis counts pictures.
        one = array.ndim == 2 or (array.ndim == 3 and array.shape[2] in _CHANNELS)
        yield _pictures(array[None] if one else array, 1 if one else len(array))


def read_archive(path: Path) -> dict[str, Array]:
    try:
        with zipfile.ZipFile(path) as parts:
            size = sum(part.file_size for part in parts.infolist())
        if size > _MOST:
            raise ConfigError(str(path), f"arrays of at most {_MOST:,} bytes", f"{size:,}")
        with np.load(path, allow_pickle=False) as found:
            return {name: np.asarray(found[name]) for name in found.files}
    except ConfigError:
        raise
    except (OSError, ValueError, EOFError, MemoryError, zipfile.BadZipFile, zlib.error) as error:
        raise ConfigError(str(path), f"a .npz file of plain arrays ({error})", "one that cannot be read") from None


def read_array(path: Path) -> Array:
    try:
        return np.asarray(np.load(path, allow_pickle=False))
    except (OSError, ValueError, EOFError, MemoryError) as error:
        raise ConfigError(str(path), f"a .npy file of plain numbers ({error})", "one that cannot be read") from None
