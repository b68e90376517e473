"""Points of one's own: from arrays and files, named by their content, and the same film wherever they came from."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from nnprobe_core.attacks.fgsm import Fgsm
from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.own import own_data
from nnprobe_core.datasets.own_files import read_points
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import encode
from nnprobe_core.sweeps.config import SweepConfig
from nnprobe_core.sweeps.experiment import sweep
from nnprobe_core.training.trained import trained
from nnprobe_core.training.trainer import train

RNG = np.random.default_rng(3)
X = RNG.normal(size=(90, 2)).round(3)
Y = np.digitize(X[:, 0], [-0.5, 0.5])  # three classes, of unequal size
SMALL = {"hidden": "4", "steps": 12, "frames": 5, "batch_size": 16}


def files(folder):
    """The same points in every form that is read."""
    lines = [f"{a},{b},{k}" for (a, b), k in zip(X, Y, strict=True)]
    texts = {
        "plain.csv": "\n".join(lines),
        "named.csv": "\n".join(["x,y,class", *lines, ""]),
        "tabs.tsv": "\n".join(line.replace(",", "\t") for line in lines),
        "blanks.txt": "\n".join(line.replace(",", "  ") for line in lines),
        "semicolons.csv": "\ufeff" + "\r\n".join(["x;y;k", *(line.replace(",", ";") for line in lines)]),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    np.save(folder / "table.npy", np.column_stack([X, Y]))
    np.savez(folder / "arrays.npz", x=X, y=Y)
    np.savez_compressed(folder / "packed.npz", data=X.astype(np.float64), labels=Y.astype(np.int16))
    own = own_data(X, Y)
    np.savez(folder / "parted.npz", **{name: getattr(own, name) for name in ("x_train", "y_train", "x_test", "y_test")})
    return [*texts, "table.npy", "arrays.npz", "packed.npz", "parted.npz"]


def test_every_form_holds_the_same_points_and_has_the_same_name(tmp_path):
    own = own_data(X, Y)
    for name in files(tmp_path):
        found = read_points(tmp_path / name)
        assert found.name == own.name, name
        np.testing.assert_array_equal(found.x_train, own.x_train)
    assert own.name.endswith(f":{len(own.x_train)}:{len(own.x_test)}:3")
    assert len(own.x_train) + len(own.x_test) == 90
    for label in range(3):  # the share of each class
        assert np.count_nonzero(own.y_test == label) == round(0.3 * np.count_nonzero(label == Y))
    together = np.concatenate([own.x_train, own.x_test])
    np.testing.assert_array_equal(np.unique(together, axis=0), np.unique(X.astype(np.float32), axis=0))
    for x, y in zip(own.x_train, own.y_train, strict=True):
        assert y == Y[np.flatnonzero((X.astype(np.float32) == x).all(axis=1))[0]]


def test_a_name_changes_with_any_number_and_not_with_the_order_of_loading():
    own, moved, relabelled = own_data(X, Y), X.copy(), Y.copy()
    moved[5, 1] += 0.001
    relabelled[5] = (Y[5] + 1) % 3
    assert len({own.name, own_data(moved, Y).name, own_data(X, relabelled).name, own_data(X, Y, seed=1).name}) == 4
    assert own_data(X.astype(np.float32), Y.astype(np.uint8)).name == own.name
    assert own_data(X, np.array(["a", "b", "c"])[Y]).classes == ("a", "b", "c")
    assert own_data(X, np.array([9, 10, 100])[Y]).classes == ("9", "10", "100")


def test_a_class_of_many_digits_comes_after_one_of_few(tmp_path):
    (tmp_path / "p.csv").write_text("\n".join(f"{at},{at % 5},{(2, 10)[at % 2]}" for at in range(20)))
    assert read_points(tmp_path / "p.csv").classes == ("2", "10")


def test_a_film_follows_from_config_and_content(tmp_path):
    own = own_data(X, Y)
    config = RunConfig.from_mapping({**SMALL, "data": own.name})
    assert (config.n_classes, config.points, config.widths) == (3, len(own.x_train), (2, 4, 3))
    assert RunConfig.from_query(config.to_query()) == config
    (tmp_path / "p.csv").write_text("\n".join(f"{a},{b},{k}" for (a, b), k in zip(X, Y, strict=True)))
    films = [
        [encode(frame) for frame in train(config, data=points)] for points in (own, read_points(tmp_path / "p.csv"))
    ]
    assert films[0] == films[1]
    first = next(train(config, data=own)).arrays
    np.testing.assert_array_equal(first["data.x"], own.x_train)
    np.testing.assert_array_equal(first["data.y"], own.y_train)
    np.testing.assert_array_equal(first["data.x_test"], own.x_test)


def test_a_sweep_and_an_attack_take_them_too():
    own = own_data(X, Y)
    config = SweepConfig.from_mapping({**SMALL, "data": own.name, "over": "lr", "values": "0.01,0.1", "seeds": 2})
    found = sweep(config, data=own)
    assert found.done.all()
    alone = [list(train(cell.config, data=own))[-1].arrays["series.loss"] for cell in config.cells]
    np.testing.assert_allclose(found.scores, alone, rtol=1e-3, atol=1e-3)
    network = trained(config.cells[0].config, own)
    assert Fgsm().perturb(network, own.x_test, own.y_test.astype(int), 0.1).shape == own.x_test.shape


def test_other_points_than_the_config_names_are_refused():
    own, others = own_data(X, Y), own_data(X, Y, seed=1)
    config = RunConfig.from_mapping({**SMALL, "data": own.name})
    with pytest.raises(ConfigError, match=f"data must be the points that the config names .{own.name}., unchanged"):
        train(config, data=others)
    with pytest.raises(ConfigError, match="data must be handed over"):
        train(config)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ((X, Y[:9]), "as many as one another .90 points., got 9"),
        ((X[:, 0], Y), r"x must be points \(n, d\), numbers each, got 'float64 \(90,\)'"),
        ((np.where(X > 2, np.nan, X), Y), "x must be finite"),
        ((X, np.zeros(90)), "y must be of 2 to 256 classes, got 1"),
        ((X, Y + 0.5), "y must be whole numbers or names"),
        ((X, [0] * 89 + [1]), "class 1 must be of two points or more"),
        ((X, Y, X), "x_test and y_test must be given both"),
        ((X, Y, X[:, :1], Y), "x_test must be points of 2 numbers like x"),
        ((X, np.minimum(Y, 1), X, Y), "y must be with a training point of every class, got 'none of 2'"),
    ],
)
def test_arrays_that_are_no_points_are_told(given, sentence):
    with pytest.raises(ConfigError, match=sentence):
        own_data(*given)


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        (np.ones((40, 3)) * np.arange(40)[:, None], np.arange(40) % 2, r"points in the plane \(n, 2\).*got \(28, 3\)"),
        (np.arange(160.0).reshape(80, 2), np.arange(80) % 8, "of 2 to 6 classes, got 8"),
    ],
)
def test_what_the_labs_networks_do_not_take_is_told_with_its_shape(x, y, sentence):
    with pytest.raises(ConfigError, match=sentence):
        _ = own_data(x, y).name


class Trap:
    """Ends the test run where it is unpickled."""

    def __reduce__(self):
        return (exec, ("raise SystemExit('unpickled')",))


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.csv", b"", "a row a point, with its class last"),
        ("a.csv", b"1,2,0\n1,2\n", "line 2 must be of 3 columns like the others, got 2"),
        ("a.csv", b"1,2,0\n1,two,1\n", "line 2 must be numbers, and the class last, got 'two'"),
        ("a.csv", b"\xff\xfe1,2", "text must be in UTF-8"),
        ("a.npz", b"PK no zip", "a .npz file of plain arrays"),
        ("a.npy", pickle.dumps(Trap()), "a .npy file of plain numbers"),
        ("a.parquet", b"PAR1", ".npy or .npz file of points"),
    ],
)
def test_files_that_hold_no_points_are_told_by_name(name, data, sentence, tmp_path):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ConfigError, match=sentence):
        read_points(tmp_path / name)
    with pytest.raises(ConfigError, match="data must be a file that is there"):
        read_points(tmp_path / "nothing.csv")


def test_nothing_is_unpickled(tmp_path):
    objects = np.array([Trap()], dtype=object)
    np.save(tmp_path / "a.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "a.npz", x=objects, y=Y)
    for name in ("a.npy", "a.npz"):
        with pytest.raises(ConfigError, match="Object arrays cannot be loaded"):
            read_points(tmp_path / name)


@pytest.mark.parametrize("text", ["x", "0123456789abcdef:1:2:7", "0123456789ABCDEF:10:10:2", 3])
def test_a_name_that_is_none_is_refused_at_the_door(text):
    with pytest.raises(ConfigError, match="data must be the name of points"):
        RunConfig.from_mapping({"data": text})
