"""The study's film: what is in its frames against the library, the same bytes however it is interrupted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from sklearn.decomposition import PCA

from nnprobe_core.datasets.images import load_images
from nnprobe_core.errors import ConfigError, UnknownFieldError
from nnprobe_core.frame import CHECKPOINTS, FILM, decode, encode
from nnprobe_core.kinds import config_from_mapping, experiment
from nnprobe_core.maths.permutation import fisher_test, sign_flip_test
from nnprobe_core.models.networks import build
from nnprobe_core.record import Command
from nnprobe_core.separation.config import SeparationConfig
from nnprobe_core.separation.experiment import SeparationStudy
from nnprobe_core.separation.planes import PairPlanes, decoded, encoded
from nnprobe_core.separation.study import Study
from nnprobe_core.studies.learner import Learner
from nnprobe_core.training.inbox import Inbox

SMALL = SeparationConfig(per_class=12, hidden=(8,), epochs=2, stages=3, seeds=9, permutations=200)


def film_of(config: SeparationConfig, **given):
    frames = list(SeparationStudy(config, **given).frames())
    return [frame for frame in frames if frame.track == FILM], [frame for frame in frames if frame.track == CHECKPOINTS]


@pytest.fixture(scope="module")
def small():
    return film_of(SMALL)


def test_a_frame_for_every_stage_and_further_seed(small):
    film, checkpoints = small
    assert [frame.step for frame in film] == list(range(3 + 8 + 1))
    assert film[-1].step == SMALL.planned
    assert [frame.step for frame in checkpoints] == [frame.step for frame in film]
    head = film[0].header
    assert head["config"] == SMALL.to_mapping()
    assert head["layers"] == ["input", "fc1", "relu1", "fc2"]
    assert head["classes"] == [str(k) for k in range(10)]
    assert head["steps"] == [0, *head["steps"][1:]]
    assert len(head["steps"]) == 4
    assert "separation.resamples" not in film[0].arrays  # of 45 pairs, a histogram of their own values
    first = film[0].arrays
    assert first["separation.pairs"].shape == (45, 2)
    assert first["pca.y"].tolist() == [0] * 12 + [1] * 12
    for frame in film[:4]:
        assert frame.arrays["series.loss"].shape == (4,)
        assert frame.arrays["separation.train"].shape == frame.arrays["separation.test"].shape == (4, 45)
        assert frame.arrays["series.probe"].shape == (4, 4)
        assert frame.arrays["series.baseline"].shape == (4, 2)
        assert frame.arrays["pca.3"].shape == (45, 24, 2)
        assert decode(encode(frame)).arrays.keys() == frame.arrays.keys()
    assert film[3].arrays["series.loss"][2] > film[0].arrays["series.loss"][2]  # it learns


def test_what_a_stage_shows_is_what_the_library_says(small):
    film, _ = small
    images = load_images("digits", seed=0)
    net = build("mlp", images.shape, 10, seed=0, hidden=(8,))
    learner = Learner(net, images.x_train, images.y_train, lr=SMALL.lr, batch_size=SMALL.batch_size, seed=0)
    learner.advance(film[0].header["steps"][2])
    table = Study(images, per_class=12).look(net, "now")
    for index, layer in enumerate(table.layers):
        for name in ("train", "test"):
            ours = film[2].arrays[f"separation.{name}"][index]
            np.testing.assert_allclose(ours, table.values(name, "now", layer), atol=1e-6)
        assert film[2].arrays["series.probe"][index, 0] == pytest.approx(table.probe("now", layer).accuracy)


def test_the_tests_at_the_end_are_those_of_the_library(small):
    film, _ = small
    tests = film[-1].header["tests"]
    first, last = film[0].arrays["separation.train"], film[3].arrays["separation.train"]
    found = {(each["kind"], each["test"], each["layer"]): each for each in tests}
    alone = fisher_test(first[1], last[1], permutations=200, seed=0)
    assert found["fisher", "training", 1]["p_value"] == alone.p_value
    assert "share classes" in found["fisher", "training", 1]["warning"]
    seeds = np.stack([frame.arrays["series.seed"] for frame in film[3:]])
    assert seeds.shape == (9, 2, 4)
    flips = sign_flip_test((seeds[:, 1] - seeds[:, 0])[:, 1:])
    ours = [found["seeds", "training", layer] for layer in range(1, 4)]
    assert [each["p_value"] for each in ours] == pytest.approx(flips.p_value.tolist())
    assert [each["adjusted"] for each in ours] == pytest.approx(flips.adjusted.tolist())
    assert {each["runs"] for each in ours} == {9}
    assert len(tests) == 2 * (3 + 3)
    np.testing.assert_allclose(seeds[0, 0], first.mean(axis=1), atol=1e-6)


@pytest.mark.parametrize("after", [0, 2, 3, 6])
def test_a_study_goes_on_from_its_checkpoints_with_the_same_bytes(small, after):
    film, checkpoints = small
    saved = [decode(encode(frame), track=CHECKPOINTS) for frame in checkpoints[: after + 1]]
    rest, _ = film_of(SMALL, checkpoints=saved)
    assert [encode(frame) for frame in rest] == [encode(frame) for frame in film[after + 1 :]]


def test_a_finished_study_has_nothing_left_and_another_ones_checkpoints_are_refused(small):
    _, checkpoints = small
    assert film_of(SMALL, checkpoints=checkpoints) == ([], [])
    with pytest.raises(ConfigError, match="checkpoints must be of the same config"):
        SeparationStudy(SeparationConfig(), checkpoints=checkpoints)


def test_stop_and_pause_are_obeyed(small):
    film, _ = small
    inbox, seen = Inbox(), []
    study = SeparationStudy(SMALL)
    for frame in study.frames(inbox):
        if frame.track == FILM:
            seen.append(frame)
            if frame.step == 1:
                for kind in ("pause", "step", "stop"):
                    inbox.put(Command(kind))
    assert [frame.step for frame in seen] == [0, 1]
    assert study.progress.stopped
    assert [encode(frame) for frame in seen] == [encode(frame) for frame in film[:2]]


def test_points_in_the_plane_have_resamples_and_fewer_pairs():
    config = SeparationConfig(
        dataset="spiral", n_train=40, per_class=30, hidden=(6, 6), epochs=3, stages=2, seeds=1, permutations=100
    )
    film, _ = film_of(config)
    assert film[0].header["layers"] == ["input", "fc1", "relu1", "fc2", "relu2", "fc3"]
    assert film[1].arrays["separation.train"].shape == (6, 1)
    assert film[1].arrays["separation.resamples"].shape == (6, 30)
    assert {each["kind"] for each in film[-1].header["tests"]} == set()  # one seed, one pair


def test_a_cnn_has_the_thesis_layers():
    config = SeparationConfig(model="cnn", per_class=10, epochs=1, stages=1, seeds=1, batch_size=500)
    film, _ = film_of(config)
    names = ["input", "conv1", "relu1", "maxpool1", "conv2", "relu2", "maxpool2", "fc1", "relu3", "fc2"]
    assert film[0].header["layers"] == names


def test_planes_are_pca_turned_onto_those_before():
    rng = np.random.default_rng(1)
    labels = np.repeat([0, 1, 2], 20)
    output = rng.normal(size=(60, 9)) * np.linspace(3, 0.5, 9) + labels[:, None]
    planes = PairPlanes(labels, [0, 1, 2])
    flat, share = planes.project(output, None)
    for (a, b), ours, kept in zip(planes.pairs, flat, share, strict=True):
        both = output[np.concatenate([np.flatnonzero(labels == a), np.flatnonzero(labels == b)])]
        theirs = PCA(2).fit(both)
        np.testing.assert_allclose(np.abs(ours), np.abs(theirs.transform(both)), atol=1e-8)
        assert kept == pytest.approx(theirs.explained_variance_ratio_.sum())
    before = rng.normal(size=flat.shape)
    turned, _ = planes.project(output, before)
    rotation, _ = orthogonal_procrustes(flat[1], before[1])
    np.testing.assert_allclose(turned[1], flat[1] @ rotation, atol=1e-8)
    codes, radius = encoded(turned)
    np.testing.assert_allclose(decoded(codes, radius), turned, atol=radius.max() / 60000)


def test_planes_of_what_is_not_finite_are_missing_and_of_one_place_are_a_point():
    labels = np.repeat([0, 1, 2], 4)
    output = np.ones((12, 3))
    output[0] = np.nan
    flat, share = PairPlanes(labels, [0, 1, 2]).project(output, np.full((3, 8, 2), np.nan))
    assert np.isnan(flat[:2]).all()
    assert (flat[2] == 0).all()
    assert share[2] == 1
    codes, radius = encoded(flat)
    assert (codes[0] == 65535).all()
    assert np.isnan(decoded(codes, radius)[0]).all()


def test_a_config_comes_back_from_mapping_json_and_query():
    config = SeparationConfig(model="cnn", epochs=3, seeds=1, hidden=(16,))
    assert config_from_mapping(config.to_mapping()) == config
    assert SeparationConfig.from_json(config.to_json()) == config
    assert SeparationConfig.from_query(config.to_query()) == config
    assert config.to_mapping()["kind"] == "separation"
    assert SeparationConfig(seed=2**31 - 9, seeds=9).seed + 8 == 2**31 - 1  # the last seed there is
    assert isinstance(experiment(config), SeparationStudy)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"model": "cnn", "dataset": "moons"}, "model must be mlp for points in the plane"),
        ({"stages": 0}, "stages must be a whole number from 1 to 200"),
        ({"dataset": "mnist"}, "dataset must be one of digits, spiral"),
        ({"seed": 2**31 - 8, "seeds": 9}, "seed must be at most 2147483639 with 9 seeds, got 2147483640"),
        ({"seed": 2**31, "seeds": 1}, "seed must be a whole number from 0 to 2147483647"),
        ({"dataset": "spiral", "noise": 9}, "noise must be"),
    ],
)
def test_what_no_study_can_be_is_a_sentence(given, sentence):
    with pytest.raises(ConfigError, match=sentence):
        SeparationConfig.from_mapping(given)
    with pytest.raises(UnknownFieldError, match="Unknown field width"):
        SeparationConfig.from_mapping({"width": 3})


def test_more_stages_than_steps_are_refused():
    config = SeparationConfig(dataset="moons", n_train=10, epochs=1, batch_size=20, stages=5)
    with pytest.raises(ConfigError, match="stages must be at most 1"):
        list(SeparationStudy(config).frames())
