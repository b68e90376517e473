"""The gradients' columns against differences, and each verdict from networks that deserve it."""

import numpy as np
import pytest
from numpy_view import NumpyView, diverged, make_setup

from nnprobe_core.probes import verdict as v
from nnprobe_core.probes.gradients import VERDICTS, GradientsProbe, verdict_sentence


def verdicts(setup, views):
    probe = GradientsProbe(setup)
    return [tuple(probe.look(view, first=i == 0)["series.verdict"].tolist()) for i, view in enumerate(views)]


def scaled(setup, layer, factor, **how):
    """A network whose matrix ``layer`` (from 1) is multiplied."""
    plain = NumpyView(setup)
    weights = [w * np.float32(factor if i == layer else 1) for i, w in enumerate(plain.weights, 1)]
    return [NumpyView(setup, weights, step=10 * step, **how) for step in range(6)]


def test_columns():
    setup = make_setup((2, 5, 5, 2), activation="relu")
    view = NumpyView(setup, biases=[np.array([-9, 0, 0, 0, 0], np.float32), np.zeros(5, "f"), np.zeros(2, "f")])
    series = GradientsProbe(setup).look(view, first=True)["series.gradients"]
    norms = [np.linalg.norm(g) for g in view.gradients()]
    np.testing.assert_allclose(series[:, 0], norms, rtol=1e-5)
    np.testing.assert_allclose(series[:, 2], np.array(norms) / norms[-1], rtol=1e-5)
    np.testing.assert_allclose(series[:, 4], view.signals(), rtol=1e-5)
    assert series[0, 1] >= 2  # a unit that is never on has no gradient at its two weights
    assert series[:, 1].tolist() == [np.count_nonzero(g == 0) for g in view.gradients()]
    np.testing.assert_allclose(series[:, 3], 1e-3, rtol=1e-5)


def test_healthy_from_the_start():
    setup = make_setup()
    assert verdicts(setup, scaled(setup, 1, 1))[-1] == (v.HEALTHY, 0, 0, 0)


@pytest.mark.parametrize(("optimiser", "code"), [("sgd", v.VANISHING), ("adam", v.WEAK_SIGNAL)])
def test_vanishing_needs_three_frames_and_a_loss_that_stays(optimiser, code):
    setup = make_setup((2, 6, 6, 6, 2), optimiser=optimiser)
    views = scaled(setup, 3, 1e-4)  # nothing comes back through the third matrix
    found = verdicts(setup, views)
    assert [each[0] for each in found] == [v.HEALTHY] * 2 + [code] * 4
    assert found[-1][1] in (1, 2)
    assert found[-1][2] == 0
    falling = [NumpyView(setup, view.weights, step=i, loss=1 - 0.1 * i) for i, view in enumerate(views)]
    assert verdicts(setup, falling)[-1][0] == v.HEALTHY


def test_exploding():
    relu = make_setup((2, 6, 6, 2), activation="relu")
    found = verdicts(relu, scaled(relu, 2, 1e5, loss=1.0))
    assert found[-1] == (v.EXPLODING, 1, 0, 0)


def test_a_frozen_layer_is_named():
    setup = make_setup()
    found = verdicts(setup, scaled(setup, 1, 1, loss=0.7, updates=[1e-3, 1e-6, 1e-3]))
    assert found[-1] == (v.FROZEN, 2, 0, 0)
    solved = [
        NumpyView(setup, step=step, loss=loss, updates=[1e-6] * 3)
        for step, loss in enumerate([0.7, 0.2, 0.1, 0.1, 0.1])
    ]
    assert verdicts(setup, solved)[-1][0] == v.HEALTHY


def test_rate_too_high_by_the_size_of_steps_and_by_the_loss():
    """Ten frames long: a few wild steps are no trouble, nor is a loss that comes down from far above ln 2."""
    setup = make_setup()
    nan, wild = float("nan"), [0.01, 0.3, 0.01]
    views = [NumpyView(setup, step=0, loss=0.6, updates=[nan] * 3)]
    views += [NumpyView(setup, step=step, loss=0.6, updates=wild) for step in range(1, 12)]
    assert verdicts(setup, views)[9:] == [(v.HEALTHY, 0, 0, 0), *[(v.RATE_TOO_HIGH, 2, 1, 0)] * 2]

    def of_losses(*losses):
        return verdicts(setup, [NumpyView(setup, step=step, loss=loss) for step, loss in enumerate(losses)])

    assert of_losses(0.6, 0.8, *[0.95] * 10)[-2:] == [(v.HEALTHY, 0, 0, 0), (v.LOSS_RISES, 0, 2, 0)]
    assert of_losses(0.9, *[1.1] * 10)[-1] == (v.LOSS_RISES, 0, 1, 0)  # 1.1 is 1.5 ln 2 and more, if not 1.5 · .9
    assert of_losses(0.9, *[1.0] * 10)[-1][0] == v.HEALTHY
    assert of_losses(*np.linspace(3, 1.1, 12))[-1][0] == v.HEALTHY
    assert of_losses(3.0, 0.5, *[1.2] * 10)[-1] == (v.LOSS_RISES, 0, 2, 0)


@pytest.mark.parametrize("classes", [2, 5])
def test_a_loss_that_falls_to_that_of_a_blind_guess_is_no_progress(classes):
    setup = make_setup((2, 6, 6, 6, classes), classes=classes)
    guess = np.log(classes)
    for start, end, expected in (
        (1.4 * guess, guess, v.VANISHING),
        (1.4 * guess, 0.94 * guess, v.HEALTHY),
        (0.9 * guess, 0.88 * guess, v.VANISHING),
    ):
        losses = [start, *[end] * 4]
        views = [scaled(setup, 3, 1e-4, loss=loss)[step] for step, loss in enumerate(losses)]
        assert verdicts(setup, views)[-1][0] == expected, (start, end)


@pytest.mark.parametrize(
    ("losses", "end"), [([1.2, 0.7, 0.7, *[1.1] * 12], v.LOSS_RISES), ([3.0, 2.9, *[2.5] * 12], v.HEALTHY)]
)
def test_a_run_continued_judges_as_if_it_had_not_stopped(losses, end):
    setup = make_setup((2, 6, 6, 6, 2))
    views = [NumpyView(setup, step=step, loss=loss) for step, loss in enumerate(losses)]
    whole = verdicts(setup, views)
    for cut in (1, 4, 9):
        probe, later = GradientsProbe(setup), GradientsProbe(setup)
        for view in views[:cut]:
            probe.look(view, first=False)
        later.restore({key: np.array(value) for key, value in probe.state().items()})
        found = [tuple(later.look(view, first=False)["series.verdict"].tolist()) for view in views[cut:]]
        assert found == whole[cut:]
    assert whole[-1][0] == end


def test_a_checkpoint_of_before_ln_k_counted_goes_on_with_it():
    setup = make_setup((2, 6, 6, 6, 2))
    probe = GradientsProbe(setup)
    probe.restore({**probe.state(), "start": np.array([1.2])})
    views = [scaled(setup, 3, 1e-4, loss=0.69)[step] for step in range(4)]
    assert probe.look(views[0], first=False)["series.verdict"][0] == v.HEALTHY
    assert [probe.look(view, first=False)["series.verdict"][0] for view in views[1:]][-1] == v.VANISHING


def test_diverged_at_once_and_for_good():
    setup = make_setup()
    found = verdicts(setup, [NumpyView(setup), diverged(setup, 5), diverged(setup, 6)])
    assert [each[:3] for each in found] == [(v.HEALTHY, 0, 0), (v.NOT_FINITE, 1, 5), (v.NOT_FINITE, 1, 5)]


def test_a_dead_layer_comes_before_its_constant_logits():
    setup = make_setup((2, 5, 5, 2), activation="relu")
    biases = [np.zeros(5, "f"), np.full(5, -50, "f"), np.zeros(2, "f")]
    views = [NumpyView(setup, biases=biases, step=step) for step in range(4)]
    assert verdicts(setup, views)[-1] == (v.DEAD_LAYER, 2, 0, 0)
    tanh = make_setup((2, 5, 5, 2))
    flat = [NumpyView(tanh, [np.zeros(s, "f") for s in tanh.weight_shapes], step=step) for step in range(4)]
    assert verdicts(tanh, flat)[-1][0] == v.CONSTANT


def test_one_living_unit_is_enough():
    setup = make_setup((2, 5, 2), activation="relu")
    views = [NumpyView(setup, biases=[np.array([-50] * 4 + [5], "f"), np.zeros(2, "f")], step=s) for s in range(4)]
    assert verdicts(setup, views)[-1][0] == v.HEALTHY


def test_health_returns_with_its_own_step():
    setup = make_setup()
    losses = [0.7, *[2.0] * 10, 0.5, 0.4]
    found = verdicts(setup, [NumpyView(setup, step=10 * i, loss=loss) for i, loss in enumerate(losses)])
    assert found[10] == (v.LOSS_RISES, 0, 10, 0)
    assert found[-1] == (v.HEALTHY, 0, 110, 0)


def test_every_verdict_is_a_sentence():
    assert set(v.ORDER) | {v.HEALTHY} == set(VERDICTS)
    for code in VERDICTS:
        sentence = verdict_sentence(code, 3, 120)
        assert sentence.endswith(".")
        assert "step 120" in sentence
        assert "{" not in sentence


def after(code, frames=12, **signs):
    """After how many frames a network of two hidden layers has this verdict, all frames but the first being alike;
    None if it never has."""
    machine = v.VerdictMachine("sgd", 2, 2)
    usual = {"loss": 0.6, "signals": [1.0] * 3, "updates": [0.01] * 3, "broken": 0, "dead": 0, "constant": False}
    for count in range(1, frames + 1):
        first = {"loss": signs.get("first", 0.6)} if count == 1 else {}
        seen = {**usual, **{name: value for name, value in signs.items() if name != "first"}, **first}
        if machine.judge(v.Signs(step=count, **seen))[0] == code:
            return count
    return None


@pytest.mark.parametrize(
    ("code", "name", "just", "not_quite", "frames"),
    [
        (v.VANISHING, "signals", [0.0099, 1, 1], [0.0101, 1, 1], 3),
        (v.EXPLODING, "signals", [1001, 1, 1], [999, 1, 1], 3),
        (v.FROZEN, "updates", [0.01, 0.99e-5, 0.01], [0.01, 1.01e-5, 0.01], 3),
        (v.RATE_TOO_HIGH, "updates", [0.01, 0.201, 0.01], [0.01, 0.199, 0.01], 10),
        (v.LOSS_RISES, "loss", 0.601 * 1.5, 0.599 * 1.5, 11),  # the first frame is where it began
        (v.CONSTANT, "constant", True, False, 3),
        (v.DEAD_LAYER, "dead", 1, 0, 3),
        (v.NOT_FINITE, "broken", 2, 0, 1),
    ],
)
def test_where_each_verdict_begins(code, name, just, not_quite, frames):
    assert after(code, **{name: just}) == frames
    assert after(code, **{name: not_quite}) is None


@pytest.mark.parametrize(("loss", "frames"), [(0.951 * 0.6, 3), (0.949 * 0.6, None)])
def test_a_weak_signal_counts_while_the_loss_is_95_percent_of_its_start(loss, frames):
    assert after(v.VANISHING, signals=[0.001, 1, 1], loss=loss, first=0.6) == frames


@pytest.mark.parametrize(("spread", "constant"), [(0.7e-6, True), (1.4e-6, False)])
def test_logits_that_differ_by_a_millionth_are_constant(spread, constant):
    setup = make_setup((2, 2))
    slope = spread * 8 / np.ptp(setup.x_train[:, 0])
    weights, biases = [np.array([[slope, 0], [0, 0]], np.float32)], [np.array([8, 4], np.float32)]
    view = NumpyView(setup, weights, biases)
    layers = [each.astype(np.float64) for each in view._layers(setup.x_train.astype(np.float64))]  # unrounded
    view.shown = lambda: layers
    found = verdicts(setup, [view] * 4)
    assert (found[-1][0] == v.CONSTANT) == constant
