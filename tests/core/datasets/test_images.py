"""The digits against scikit-learn's own, and loaders of picture files against files made here."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest
from sklearn.datasets import load_digits

from nnprobe_core.datasets.image_files import read_idx
from nnprobe_core.datasets.images import load_images, split
from nnprobe_core.errors import ConfigError

RNG = np.random.default_rng(0)
X, Y = RNG.integers(256, size=(12, 5, 4), dtype=np.uint8), np.tile([0, 1, 2], 4)


def test_the_digits_are_all_there_once_and_the_split_is_by_class():
    images = load_images("digits", seed=3)
    assert images.shape == (1, 8, 8)
    assert images.n_classes == 10
    assert len(images.x_train) + len(images.x_test) == 1797
    both = np.concatenate([images.x_train, images.x_test]).reshape(1797, 64)
    labels = np.concatenate([images.y_train, images.y_test])
    data, target = load_digits(return_X_y=True)
    ours = sorted(map(tuple, np.column_stack([labels, both * 16]).astype(int)))
    assert ours == sorted(map(tuple, np.column_stack([target, data]).astype(int)))
    shares = np.bincount(images.y_test) / np.bincount(target)
    assert np.abs(shares - 0.3).max() < 0.01


def test_a_seed_gives_one_split_and_another_seed_another():
    first, again, other = load_images("digits"), load_images("digits"), load_images("digits", seed=1)
    np.testing.assert_array_equal(first.x_train, again.x_train)
    assert not np.array_equal(first.y_train, other.y_train)


def test_so_many_of_each_class():
    few = load_images("digits").per_class(20, 7)
    assert np.bincount(few.y_train).tolist() == [20] * 10
    assert np.bincount(few.y_test).tolist() == [7] * 10
    with pytest.raises(ConfigError, match="per class must be a whole number from 1"):
        few.per_class(0)


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


@pytest.mark.parametrize("zipped", [False, True])
def test_idx_files(tmp_path, zipped):
    parts = {
        "train-images-idx3": X[:9],
        "train-labels-idx1": Y[:9],
        "t10k-images-idx3": X[9:],
        "t10k-labels-idx1": Y[9:],
    }
    for name, array in parts.items():
        data = idx(np.asarray(array))
        (tmp_path / f"{name}-ubyte{'.gz' if zipped else ''}").write_bytes(gzip.compress(data) if zipped else data)
    images = load_images(tmp_path)
    np.testing.assert_array_equal(images.x_train[:, 0], X[:9].astype(np.float32) / np.float32(255))
    np.testing.assert_array_equal(images.y_test, Y[9:])
    assert images.classes == ("0", "1", "2")


def test_an_idx_file_that_is_cut_off_is_told(tmp_path):
    (tmp_path / "a").write_bytes(idx(X)[:-1])
    with pytest.raises(ConfigError, match=r"12, 5, 4.* values it tells of"):
        read_idx(tmp_path / "a")
    (tmp_path / "a").write_bytes(b"GIF89a")
    with pytest.raises(ConfigError, match="must be an IDX file"):
        read_idx(tmp_path / "a")


def test_cifar_style_archives_have_their_channels_put_first(tmp_path):
    x = RNG.integers(256, size=(8, 6, 5, 3), dtype=np.uint8)
    y = np.array([[3], [7]] * 4)
    np.savez(tmp_path / "c.npz", x_train=x[:6], y_train=y[:6], x_test=x[6:], y_test=y[6:])
    images = load_images(tmp_path / "c.npz")
    assert images.shape == (3, 6, 5)
    np.testing.assert_allclose(images.x_test[1, 2], x[7, :, :, 2] / 255, rtol=1e-6)
    assert images.classes == ("3", "7")
    assert images.y_train.tolist() == [0, 1] * 3


def test_an_archive_in_one_piece_is_split(tmp_path):
    np.savez(tmp_path / "one.npz", images=X, labels=Y)
    images = load_images(tmp_path / "one.npz", seed=5, test_share=0.25)
    assert np.bincount(images.y_test).tolist() == [1, 1, 1]
    assert sorted(images.x_train.sum((1, 2, 3)).tolist() + images.x_test.sum((1, 2, 3)).tolist()) == pytest.approx(
        sorted((X / 255).sum((1, 2)))
    )


def test_a_folder_of_npy_files(tmp_path):
    for name, array in {"x_train": X[:9] / 255, "y_train": Y[:9], "x_test": X[9:] / 255, "y_test": Y[9:]}.items():
        np.save(tmp_path / f"{name}.npy", array)
    np.testing.assert_allclose(load_images(tmp_path).x_test[:, 0], X[9:] / 255, rtol=1e-6)


def test_folders_of_a_class_each(tmp_path):
    for part in ("train", "test"):
        for label, name in enumerate(("cat", "dog")):
            folder = tmp_path / part / name
            folder.mkdir(parents=True)
            np.savez(folder / "a.npz", X[label])  # one picture
            np.savez(folder / "b.npz", images=X[label + 2 : label + 6])  # and several
    images = load_images(tmp_path)
    assert images.classes == ("cat", "dog")
    assert np.bincount(images.y_train).tolist() == [5, 5]
    np.testing.assert_allclose(images.x_test[images.y_test == 1][0, 0], X[1] / 255, rtol=1e-6)
    split_here = load_images(tmp_path / "train")  # no train and test in it: it is parted
    assert np.bincount(split_here.y_test).tolist() == [2, 2]


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"x": X}, "arrays x_train, .*or x and y"),
        ({"x": X, "y": Y[:-1]}, "x must be 11 pictures"),
        ({"x": X, "y": Y / 2}, "y must be whole numbers or names"),
        ({"x": X, "y": np.zeros(12, int)}, "y must be of 2 to 256 classes, got 1"),
        ({"x": np.full((12, 5, 4), np.nan), "y": Y}, "x must be finite"),
        ({"x": X.reshape(12, 20), "y": Y}, "x must be 12 pictures"),
        ({"x": np.zeros((12, 5, 7, 9)), "y": Y}, "channels, first or last"),
        ({"x": X[:3], "y": Y[:3]}, "class 0 must be of two pictures or more"),
        ({"x": np.array([object()] * 12), "y": Y}, "of plain arrays"),
    ],
)
def test_what_is_wrong_with_an_archive_is_a_sentence(tmp_path, arrays, sentence):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(ConfigError, match=sentence):
        load_images(tmp_path / "a.npz")


def test_what_is_not_there_is_told(tmp_path):
    for name, sentence in ((tmp_path / "none", "that is there"), (tmp_path, "a folder with MNIST's IDX files")):
        with pytest.raises(ConfigError, match=sentence):
            load_images(name)
    (tmp_path / "a.npz").write_bytes(b"PK nothing")
    with pytest.raises(ConfigError, match="one that cannot be read"):
        load_images(tmp_path / "a.npz")
    with pytest.raises(ConfigError, match="test_share must be above 0"):
        split(X[:, None], Y.astype(np.uint8), ("0", "1", "2"), test_share=1.0)
