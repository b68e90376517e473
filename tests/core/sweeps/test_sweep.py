"""A sweep's film: each network is its single run, waves follow in turn, a stopped one goes on with the same bytes."""

from dataclasses import replace

import numpy as np
import pytest

from nnprobe_core.attacks.fgsm import Fgsm
from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import load_data
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import CHECKPOINTS, FILM, decode, encode
from nnprobe_core.kinds import experiment
from nnprobe_core.models.mlp import Mlp
from nnprobe_core.record import Command
from nnprobe_core.sweeps import config as sweep_config
from nnprobe_core.sweeps.config import SweepConfig
from nnprobe_core.sweeps.experiment import Sweep, sweep
from nnprobe_core.sweeps.measures import scores, under_noise
from nnprobe_core.sweeps.results import SweepResults
from nnprobe_core.training.ensemble import Ensemble
from nnprobe_core.training.inbox import Inbox
from nnprobe_core.training.trainer import Trainer

#: 12 networks of two activations and three depths, some of them padded.
CONFIG = SweepConfig.from_mapping(
    {
        "over": "hidden", "values": "6-6,4-4,3", "over2": "activation", "values2": "tanh,sigmoid", "seeds": 2,
        "n_train": 60, "n_test": 40, "batch_size": 32, "steps": 30, "frames": 8, "test_noise": "0,0.2",
        "epsilons": "0.05,0.3", "init_gain": 1, "lr": 0.05,
    }
)  # fmt: skip


def film(frames):
    return [frame for frame in frames if frame.track == FILM]


def saved(frames):
    return [decode(encode(frame), track=CHECKPOINTS) for frame in frames if frame.track == CHECKPOINTS]


@pytest.fixture(scope="module")
def whole():
    """The frames of a sweep nobody disturbs, and its results."""
    made = Sweep(CONFIG)
    return list(made.frames()), made.results


@pytest.fixture(scope="module")
def alone():
    """Each network trained by itself: its final figures, and its weights."""
    found = []
    for cell in CONFIG.cells:
        trainer = Trainer(replace(cell.config, frames=2))
        frames = film(trainer.frames())
        layers = [(block[:, :-1], block[:, -1]) for block in trainer._network.kernel.blocks]
        found.append((frames, layers))
    return found


def test_each_network_ends_where_its_single_run_ends(whole, alone):
    frames, results = whole
    assert results.done.all()
    np.testing.assert_array_equal(results.step, 30)
    for index, (single, _) in enumerate(alone):
        np.testing.assert_allclose(results.scores[index], single[-1].arrays["series.loss"], rtol=1e-3, atol=1e-3)
        np.testing.assert_allclose(
            film(frames)[0].arrays["sweep.scores"][index], single[0].arrays["series.loss"], rtol=1e-5, atol=1e-6
        )


def test_norms_and_eigenvalues_are_those_of_the_unpadded_matrices(whole, alone):
    _, results = whole
    for index, (_, layers) in enumerate(alone):
        for place in range(3):
            if place >= len(layers):
                assert np.isnan(results.frobenius[index, place])
                continue
            weight = layers[place][0]
            assert results.frobenius[index, place] == pytest.approx(np.linalg.norm(weight), rel=1e-3)
            if weight.shape[0] != weight.shape[1]:
                assert np.isnan(results.eigen[index, place]).all()
            else:
                moduli = np.abs(np.linalg.eigvals(weight.astype(np.float64)))
                assert results.eigen[index, place, 1] == pytest.approx(np.ptp(moduli), rel=0.02, abs=5e-3)


def test_noise_of_nothing_is_the_test_accuracy_and_attacks_are_fgsm(whole, alone):
    _, results = whole
    np.testing.assert_array_equal(results.noise[:, 0], results.scores[:, 3])
    for index, (_, layers) in enumerate(alone):
        config, data = CONFIG.cells[index].config, load_data(CONFIG.cells[index].config)
        network = Mlp(layers, config.activation)
        for place, epsilon in enumerate(CONFIG.epsilons):
            moved = Fgsm().perturb(network, data.x_test, data.y_test, epsilon)
            expected = (network.logits(moved).argmax(1) == data.y_test).mean()
            assert results.attack[index, place] == pytest.approx(expected, abs=0.0126)  # a point of 80


@pytest.mark.parametrize("height", [0, 3000])
def test_the_loss_of_a_sure_and_wrong_network_is_finite(height):
    """Its first logit is 200 above the other, for every point: half of them are of the other class."""
    ensemble = Ensemble([RunConfig(hidden=(), n_train=10, n_test=10)])
    ensemble.kernel.blocks[0][...] = 0
    ensemble.kernel.blocks[0][..., -1] = [height + 200, height]
    np.testing.assert_allclose(scores(ensemble), [[100, 100, 0.5, 0.5]], rtol=1e-6)


def test_noise_is_even_to_both_sides_and_each_networks_own():
    """Of a strength s it is U(−s, s) on each coordinate of the test points, drawn by the run's data seed alone."""
    configs = [RunConfig(hidden=(5,), n_train=20, n_test=150, seed_data=k, seed_init=7 - k) for k in (0, 3, 1)]
    ensemble, strengths = Ensemble(configs), (0.1, 0.5, 1.5)
    found = under_noise(ensemble, strengths)
    for row, config in enumerate(ensemble.configs):
        network, data = Mlp(ensemble.weights()[row], config.activation), load_data(config)
        drawn = np.random.default_rng([config.seed_data, 7]).uniform(-1, 1, (300, 2))
        for place, strength in enumerate(strengths):
            answers = network.logits(data.x_test + strength * drawn).argmax(axis=1)
            assert found[row, place] == pytest.approx((answers == data.y_test).mean(), abs=0.0034)  # a point of 300


def test_fates_are_the_networks_answers_on_their_own_grid(whole, alone):
    last = film(whole[0])[-1].arrays
    extent = film(whole[0])[0].arrays["fates.extent"]
    for index, (single, layers) in enumerate(alone):
        x0, x1, y0, y1 = extent[index]
        np.testing.assert_allclose(extent[index], single[0].arrays["data.extent"])
        middles = (np.arange(24) + 0.5) / 24
        grid = np.stack(np.meshgrid(x0 + middles * (x1 - x0), y0 + middles * (y1 - y0)), -1).reshape(-1, 2)
        logits = Mlp(layers, CONFIG.cells[index].config.activation).logits(grid)
        sure = np.abs(logits[:, 0] - logits[:, 1]) > 0.02
        assert (last["fates.class"][index].reshape(-1) == logits.argmax(1))[sure].all()
        confidence = 255 / (1 + np.exp(-np.abs(logits[:, 0] - logits[:, 1])))
        np.testing.assert_allclose(last["fates.confidence"][index].reshape(-1), confidence, atol=2)


def test_the_film_says_what_it_is_of_and_rises_to_what_was_planned(whole):
    frames = film(whole[0])
    first = frames[0]
    assert SweepConfig.from_mapping(first.header["config"]) == CONFIG
    assert [axis["values"] for axis in first.header["axes"]] == [["6-6", "4-4", "3"], ["tanh", "sigmoid"]]
    assert first.header["links"] == [cell.config.to_query() for cell in CONFIG.cells]
    np.testing.assert_array_equal(first.arrays["sweep.cells"][[0, 3, 11]], [[0, 0, 0], [0, 1, 1], [2, 1, 1]])
    steps = [frame.step for frame in frames]
    assert steps[0] == 0
    assert steps == sorted(set(steps))
    assert steps[-1] == CONFIG.planned == 30
    assert all((frame.arrays["sweep.state"] == 1).all() for frame in frames[:-1])
    mean = frames[3].arrays["sweep.scores"].mean(axis=0)
    np.testing.assert_allclose(frames[3].arrays["series.loss"], mean, rtol=1e-5)


def test_the_same_config_gives_the_same_bytes(whole):
    assert [encode(frame) for frame in Sweep(CONFIG).frames()] == [encode(frame) for frame in whole[0]]
    assert type(experiment(CONFIG)) is Sweep


@pytest.fixture
def waves_of_five(monkeypatch):
    monkeypatch.setattr(sweep_config, "WAVE", 5)
    config = SweepConfig.from_mapping(CONFIG.to_mapping())
    assert [len(wave) for wave in config.waves] == [5, 5, 2]
    return config


def test_waves_follow_one_another_and_give_the_same_results(whole, waves_of_five):
    made = Sweep(waves_of_five)
    frames = list(made.frames())
    steps = [frame.step for frame in film(frames)]
    assert steps == sorted(set(steps))
    assert steps[-1] == waves_of_five.planned == 90
    states = [frame.arrays["sweep.state"].tolist() for frame in film(frames)]
    assert states[0] == [1] * 5 + [0] * 7
    assert [2] * 5 + [0] * 7 in states
    assert states[-1] == [2] * 12
    assert np.isnan(film(frames)[0].arrays["sweep.scores"][5:]).all()
    assert [("fates.class" in frame.arrays) for frame in film(frames)] == [step <= 30 for step in steps]
    done = [frame for frame in film(frames) if "sweep.eigen" in frame.arrays]
    assert [frame.step for frame in done] == [30, 60, 90]
    assert np.isnan(done[0].arrays["sweep.noise"][5:]).all()
    for name, array in made.results.arrays().items():
        np.testing.assert_allclose(array, whole[1].arrays()[name], rtol=2e-3, atol=0.026, err_msg=name)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_stopped_sweep_goes_on_without_repeating_what_is_done(waves_of_five, count):
    complete = list(Sweep(waves_of_five).frames())
    made = Sweep(waves_of_five, checkpoints=saved(complete)[:count])
    assert made.progress.step == 30 * count
    rest = list(made.frames())
    at = [index for index, frame in enumerate(complete) if frame.track == CHECKPOINTS][count - 1]
    assert [encode(frame) for frame in rest] == [encode(frame) for frame in complete[at + 1 :]]
    np.testing.assert_array_equal(made.results.scores, film(complete)[-1].arrays["sweep.scores"])


def test_checkpoints_of_another_sweep_or_not_all_of_them_are_refused(waves_of_five):
    checkpoints = saved(Sweep(waves_of_five).frames())
    with pytest.raises(ConfigError, match="from its first on"):
        Sweep(waves_of_five, checkpoints=checkpoints[1:])
    with pytest.raises(ConfigError, match="all of this sweep's"):
        Sweep(replace(waves_of_five, run=replace(waves_of_five.run, lr=0.1)), checkpoints=checkpoints)


def test_stop_ends_it_and_pause_and_steps_change_no_byte(waves_of_five):
    complete = [encode(frame) for frame in Sweep(waves_of_five).frames()]
    inbox, made = Inbox(), Sweep(waves_of_five)
    frames, seen = made.frames(inbox), []
    inbox.put(Command("step"))
    for _ in range(6):
        inbox.put(Command("step"))
        seen.append(encode(next(frames)))
    inbox.put(Command("resume"))
    inbox.put(Command("lr", 0.5))  # a sweep's rates are its config's
    seen.append(encode(next(frames)))
    inbox.put(Command("stop"))
    seen += [encode(frame) for frame in frames]
    assert made.progress.stopped
    assert len(seen) == 7
    assert seen == complete[:7]


def test_networks_that_diverge_are_nan_and_do_no_harm():
    config = SweepConfig.from_mapping(
        {
            "over": "lr", "values": "0.01,50", "activation": "leaky_relu", "optimiser": "sgd", "init_gain": 20,
            "seeds": 2, "n_train": 40, "n_test": 20, "steps": 40, "frames": 3,
        }
    )  # fmt: skip
    results = sweep(config)
    assert results.done.all()
    assert np.isnan(results.scores[2:]).all()
    assert np.isnan(results.frobenius[2:]).all()
    assert np.isnan(results.attack[2:]).all()
    rows = list(results.rows())
    assert rows[3]["test_accuracy"] is None


def test_the_table_goes_out_as_csv_and_json_and_comes_back(whole):
    results = whole[1]
    rows = list(results.rows())
    assert len(rows) == 12
    assert rows[0]["hidden"] == "6-6"
    assert (rows[7]["hidden"], rows[7]["activation"], rows[7]["seed"]) == ("4-4", "sigmoid", 1)
    assert rows[11]["frobenius_3"] is None
    for index, row in enumerate(rows):
        columns = {name: results.scores[index, k] for k, name in enumerate(
            ("train_loss", "test_loss", "train_accuracy", "test_accuracy"))}  # fmt: skip
        columns |= {f"noise_{s:g}": results.noise[index, k] for k, s in enumerate(CONFIG.test_noise)}
        columns |= {f"fgsm_{e:g}": results.attack[index, k] for k, e in enumerate(CONFIG.epsilons)}
        for layer in range(3):
            columns[f"frobenius_{layer + 1}"] = results.frobenius[index, layer]
            columns[f"complex_{layer + 1}"], columns[f"spread_{layer + 1}"] = results.eigen[index, layer]
        assert {name: np.nan if row[name] is None else row[name] for name in columns} == pytest.approx(
            columns, nan_ok=True
        )
    assert rows[0]["query"] == CONFIG.cells[0].config.to_query()
    for again in (SweepResults.from_json(results.to_json()), SweepResults.from_csv(results.to_csv(), CONFIG)):
        assert again.config == CONFIG
        for name, array in results.arrays().items():
            np.testing.assert_array_equal(again.arrays()[name], array, err_msg=name)
    with pytest.raises(ConfigError, match="with config and rows"):
        SweepResults.from_json("[1]")
    with pytest.raises(ConfigError, match="those of the sweep's 12 networks"):
        SweepResults.from_csv(results.to_csv().replace("sigmoid", "relu"), CONFIG)
    with pytest.raises(ConfigError, match="with every column"):
        SweepResults.from_csv(results.to_csv().replace("frobenius_2", "frobenius_9"), CONFIG)
