"""What every attack must keep to: the ball, the range, targets, starts and restarts; and what the curve counts."""

import numpy as np
import pytest
from nets import Plane, pictures, plane

from nnprobe_core.attacks.bim import Bim
from nnprobe_core.attacks.curve import aimed_at, assess, default_epsilons, robustness_curve
from nnprobe_core.attacks.fgsm import Fgsm
from nnprobe_core.attacks.gradient_attack import margin
from nnprobe_core.attacks.midline import distances, midline
from nnprobe_core.attacks.norms import NORMS, norm_of
from nnprobe_core.attacks.pgd import Pgd
from nnprobe_core.attacks.torch_classifier import TorchClassifier
from nnprobe_core.config import RunConfig
from nnprobe_core.errors import ConfigError
from nnprobe_core.models.mlp import Mlp
from nnprobe_core.registry import ATTACKS, load


class Linear:
    """Two classes parted by the line x₀ = 0: the loss of class 1 rises to the left, that of class 0 to the right."""

    def logits(self, x):
        return np.stack([-x[:, 0], x[:, 0]], axis=1)

    def input_gradient(self, x, y):
        return np.stack([np.where(y == 1, -1.0, 1.0), np.zeros(len(x))], axis=1) / (1 + np.exp(2 * np.abs(x[:, :1])))


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("norm", NORMS)
def test_no_step_leaves_the_ball_around_the_original_point(name, norm):
    network, (x, y) = Plane().numpy(), plane()
    attack = load(ATTACKS, name, "attack")(norm=norm)
    epsilon = np.linspace(0, 2, len(x))  # each point its own
    path = attack.path(network, x, y, epsilon, rng=np.random.default_rng(3))
    assert path.shape == (attack.steps + 1, *x.shape)
    assert path.dtype == x.dtype
    sizes = [norm_of(norm).size(points - x) for points in path.astype(np.float64)]
    assert (np.array(sizes) <= epsilon + 1e-6).all()
    np.testing.assert_array_equal(path[:, 0], np.broadcast_to(x[0], path[:, 0].shape))
    np.testing.assert_array_equal(attack.perturb(network, x, y, epsilon, rng=np.random.default_rng(3)), path[-1])
    if name != "pgd":
        np.testing.assert_array_equal(path[0], x)


def test_a_ball_around_the_iterate_would_drift():
    """The thesis's own fault: four steps of ε/2 from a start at ε reach 3ε. Ours stay within ε."""
    x, y = np.full((1, 2), 5.0), np.array([1])
    path = Pgd(steps=4, rel_step_size=0.5, restarts=1).path(Linear(), x, y, 1.0)
    assert path[-1, 0, 0] == 4.0


def test_a_line_is_crossed_where_it_lies():
    x, y = np.array([[0.3, 7.0], [0.3, -2.0], [-0.3, 0.0]]), np.array([1, 1, 0])
    for attack in (Fgsm(), Bim(), Fgsm(norm="l2"), Bim(norm="l2")):
        for epsilon, wins in ((0.29, False), (0.31, True)):
            found = attack.perturb(Linear(), x, y, epsilon)
            assert ((margin(Linear().logits(found), y) > 0) == wins).all()
            np.testing.assert_allclose(found[:, 1], x[:, 1])
    outcome = assess(Linear(), x, y, 0.4, Fgsm(norm="l2"))
    assert outcome.accuracy == 0
    assert outcome.success == 1
    assert outcome.transitions.tolist() == [[0, 1], [2, 0]]
    np.testing.assert_allclose(outcome.l2, 0.4)
    np.testing.assert_allclose(outcome.confidence_before, 1 / (1 + np.exp(-0.6)))
    np.testing.assert_allclose(outcome.confidence_after, 1 / (1 + np.exp(-0.2)))


def test_targets_are_reached_and_the_points_of_a_target_left_out():
    network, (x, y) = Plane(seed=2).numpy(), plane(400)
    y = network.logits(x).argmax(axis=1)
    for target in range(3):
        points, classes = aimed_at(x, y, target)
        assert (classes != target).all()
        few, many = (assess(network, points, classes, e, Bim(), target=target) for e in (0.1, 3.0))
        assert few.success <= many.success
        assert few.transitions[target].sum() == 0
        assert many.success == pytest.approx(many.transitions[:, target].sum() / len(points))
    with pytest.raises(ConfigError, match="a class from 0 to 2, got 3"):
        assess(network, x, y, 0.1, Fgsm(), target=3)
    with pytest.raises(ConfigError, match="at least one point"):
        assess(network, x[:0], y[:0], 0.1, Fgsm())


def test_pictures_stay_in_their_range():
    module, x, y = pictures()
    for attack in (Fgsm, Bim, Pgd):
        path = attack(clip_values=(0.0, 1.0)).path(TorchClassifier(module), x, y, 0.4)
        assert path.min() >= 0  # each of its places, also a random start
        assert path.max() <= 1
        assert np.abs(path - x).max() <= 0.4 + 1e-6
        assert path[-1].min() < x.min()


class Inside:
    """Class 0 in the square from 0 to 1, class 1 beyond it."""

    def logits(self, x):
        within = ((x >= 0) & (x <= 1)).all(axis=1)
        return np.stack([within, ~within], axis=1).astype(float)

    def input_gradient(self, x, _):
        return np.ones_like(x)


@pytest.mark.parametrize("norm", NORMS)
def test_noise_stays_in_the_range_of_an_attack(norm):
    x = np.random.default_rng(0).choice([0.01, 0.99], (200, 2))
    y = np.zeros(200, int)
    inside, beyond = (assess(Inside(), x, y, 0.1, Fgsm(norm=norm, clip_values=c)) for c in ((0.0, 1.0), None))
    assert inside.noise_accuracy == 1
    assert beyond.noise_accuracy < 0.6


def test_each_draw_of_noise_and_each_start_follows_from_the_seed():
    """The draws of [seed, 1] are the noise's, here by NumPy alone; those of [seed, 0] the starts'."""
    x, y = np.random.default_rng(1).normal(size=(60, 2)), np.arange(60) % 2
    for seed in (0, 3):
        rng, right = np.random.default_rng([seed, 1]), []
        for _ in range(3):
            noisy = x + 0.8 * rng.choice((-1.0, 1.0), x.shape)
            right.append(((noisy[:, 0] > 0) == (y == 1)).mean())
        made = assess(Linear(), x, y, 0.8, Pgd(steps=1, rel_step_size=0.01, restarts=1), seed=seed, noise_draws=3)
        assert made.noise_accuracy == pytest.approx(np.mean(right))
        start = x + 0.8 * np.random.default_rng([seed, 0]).uniform(-1, 1, x.shape)
        np.testing.assert_allclose(made.x, start, atol=0.0081)  # one step of a hundredth of ε follows


def test_restarts_never_lose_and_sometimes_win():
    rng = np.random.default_rng(0)
    layers = [(3 * rng.normal(size=s), rng.normal(size=s[0])) for s in ((24, 2), (24, 24), (2, 24))]
    network, (x, _) = Mlp(layers, "sine"), plane(300, 2)  # many bumps
    y = network.logits(x).argmax(axis=1)
    reached = [margin(network.logits(Pgd(steps=3, restarts=r).perturb(network, x, y, 0.05)), y) for r in (1, 10)]
    assert (reached[1] >= reached[0]).all()
    assert (reached[1] > 0).mean() > (reached[0] > 0).mean()


class Ridge:
    """Class 1 on two ridges, at x₀ = −1 and at x₀ = 1, of which the right one is the higher; a gradient of none."""

    def logits(self, x):
        height = np.exp(-((x[:, 0] + 1) ** 2) * 50) + 2 * np.exp(-((x[:, 0] - 1) ** 2) * 50)
        return np.stack([np.full(len(x), 0.5), height], axis=1)

    def input_gradient(self, x, _):
        return np.zeros_like(x)


@pytest.mark.parametrize("targets", [None, np.ones(40, int)])
def test_of_all_tries_each_point_keeps_the_one_that_came_farthest(targets):
    """Without a gradient a try is its start: so the tries are known, and the best of them for each point."""
    x, y = np.zeros((40, 2)), np.zeros(40, int)
    rng = np.random.default_rng(5)
    starts = np.stack([2 * rng.uniform(-1, 1, x.shape) for _ in range(6)])
    heights = np.stack([Ridge().logits(start)[:, 1] for start in starts])
    expected = starts[heights.argmax(axis=0), np.arange(40)]
    assert len(np.unique(heights.argmax(axis=0))) == 6
    attack = Pgd(steps=2, restarts=6)
    path = attack.path(Ridge(), x, y, 2.0, targets=targets, rng=np.random.default_rng(5))
    np.testing.assert_array_equal(path, np.broadcast_to(expected, path.shape))


def test_random_starts_come_from_the_generator_given():
    network, (x, y) = Plane().numpy(), plane()
    one, two, other = (Pgd(restarts=2).path(network, x, y, 1, rng=np.random.default_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one[0], other[0])


@pytest.mark.parametrize("norm", NORMS)
def test_noise_has_the_size_of_the_attack_and_starts_fill_the_ball(norm):
    rng, shape, epsilon = np.random.default_rng(0), (2000, 3, 2), np.linspace(0.5, 2, 2000)
    np.testing.assert_allclose(norm_of(norm).size(norm_of(norm).noise(shape, epsilon, rng)), epsilon)
    share = norm_of(norm).size(norm_of(norm).inside(shape, epsilon, rng)) / epsilon
    assert share.max() <= 1
    assert (share**6).mean() == pytest.approx(0.5, abs=0.03)  # uniform in a ball of six dimensions


def test_nothing_pulls_where_there_is_no_gradient():
    gradient = np.array([[0.0, 0], [np.nan, 1], [np.inf, -1], [1e-300, -1e-300]])
    np.testing.assert_array_equal(norm_of("linf").direction(gradient), [[0, 0], [0, 1], [0, -1], [1, -1]])
    half = np.sqrt(0.5)
    np.testing.assert_allclose(norm_of("l2").direction(gradient), [[0, 0], [0, 1], [0, -1], [half, -half]])


def test_the_curve_falls_below_noise_of_its_size():
    network, (x, _) = Plane(seed=2).numpy(), plane(500)
    y = network.logits(x).argmax(axis=1)
    outcomes = robustness_curve(network, x, y, (0, 0.1, 0.3, 1), Fgsm(), noise_draws=3)
    rows = [outcome.row() for outcome in outcomes]
    assert rows[0]["accuracy"] == rows[0]["noise_accuracy"] == 1
    assert all(row["accuracy"] < row["noise_accuracy"] for row in rows[1:3])
    assert all(row["linf"] == pytest.approx(row["epsilon"]) for row in rows)
    assert [outcome.transitions.sum() for outcome in outcomes] == [500] * 4


def test_sizes_worth_looking_at_follow_from_the_box_that_the_points_fill():
    x = np.array([[0.0, 0], [4, 1], [2, 0.5]])
    assert default_epsilons(x) == (0, 0.04, 0.08, 0.12, 0.2, 0.4)
    assert default_epsilons(x, "l2") == (0, 0.0566, 0.113, 0.17, 0.283, 0.566)  # √2 times as much, to three digits
    pictures = np.stack([np.zeros((1, 4, 4)), np.ones((1, 4, 4))])
    assert default_epsilons(pictures, "l2") == (0, 0.04, 0.08, 0.12, 0.2, 0.4)


def test_a_row_of_the_table_has_each_figure_under_its_name():
    x = np.array([[0.3, 7.0], [0.5, -2.0], [-0.1, 0.0]])
    row = assess(Linear(), x, np.array([1, 1, 0]), 0.4, Fgsm()).row()
    moved = np.array([-0.1, 0.1, 0.3])  # by .4 over the line, or toward it
    sure = 1 / (1 + np.exp(-2 * np.abs(x[:, 0]))), 1 / (1 + np.exp(-2 * np.abs(moved)))
    expected = {"epsilon": 0.4, "accuracy": 1 / 3, "success": 2 / 3, "linf": 0.4, "l2": 0.4}
    expected |= {"confidence_before": sure[0].mean(), "confidence_after": sure[1].mean()}
    assert {name: row[name] for name in expected} == pytest.approx(expected)


def test_the_midline_of_the_thesiss_spiral():
    """rules.md: with R = 2 and entanglement 8, ε = 2 crosses for 10 % of the points and ε = 3 for 94 %."""
    config = RunConfig(radius=2, min_phi=1, max_phi=9)
    phi = np.linspace(1, 9, 1000)
    arm = 2 * np.stack([phi * np.cos(phi), phi * np.sin(phi)], axis=1)
    curve = midline(config)
    reach = distances(np.concatenate([arm, -arm]), curve)
    assert np.mean(reach <= 2) == pytest.approx(0.10, abs=0.02)
    assert np.mean(reach <= 3) == pytest.approx(0.94, abs=0.04)
    # Halfway: the nearest places of both arms, continued, are equally far.
    phi = np.linspace(0, 14, 20000)
    arm = 2 * np.stack([phi * np.cos(phi), phi * np.sin(phi)], axis=1)
    own, other = (distances(curve[800:2000:100], sign * arm, "l2") for sign in (1, -1))
    np.testing.assert_allclose(own, other, rtol=0.05)
    assert midline(RunConfig(dataset="moons")) is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"norm": "l1"}, "norm must be one of linf, l2"),
        ({"steps": 0}, "steps must be 1 or more"),
        ({"rel_step_size": 0}, "rel_step_size must be above 0"),
        ({"clip_values": (1, 0)}, "clip_values must be a smaller and a larger number"),
    ],
)
def test_settings_out_of_bounds(given, sentence):
    with pytest.raises(ConfigError, match=sentence):
        Bim(**given)


def test_arrays_that_do_not_fit():
    network, (x, y) = Plane().numpy(), plane()
    for given, sentence in [
        ((x.astype(int), y, 1), "x must be floating-point"),
        ((x, y[:-1], 1), "y must be one class for each of 100 points"),
        ((x, y, -1), "epsilon must be a number from 0 on"),
        ((x, y, [1, 2]), "epsilon must be"),
        ((x, y, np.nan), "epsilon must be"),
        ((x, y, 1), "x must be within clip_values"),
    ]:
        with pytest.raises(ConfigError, match=sentence):
            Fgsm(clip_values=(0, 1)).perturb(network, *given)
