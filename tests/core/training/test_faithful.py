"""What a map shows of a layer whose points differ in their last digits alone: the layer, not its rounding."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import pdist
from torch import nn

from nnprobe_core.config import RunConfig
from nnprobe_core.datasets.data import load_data
from nnprobe_core.frame import FILM, SETTLED, TRACKS
from nnprobe_core.maths.pca import main_plane
from nnprobe_core.maths.quantise import dequantise_axes, quantise_axes
from nnprobe_core.probes.mapping import MappingProbe
from nnprobe_core.training.autograd_network import AutogradNetwork
from nnprobe_core.training.faithful import faithful_layers, narrow
from nnprobe_core.training.module import ModuleNetwork
from nnprobe_core.training.network import Perceptron
from nnprobe_core.training.trainer import train
from nnprobe_core.training.view import View, make_setup

#: The preset of vanishing gradients, a little smaller still, before its first step and after a few.
CONFIG = RunConfig.from_mapping(
    {
        "hidden": "16-16-16-16-16-16",
        "activation": "sigmoid",
        "init_gain": 0.6,
        "optimiser": "momentum",
        "lr": 0.03,
        "steps": 6,
        "frames": 5,
        "n_train": 100,
        "n_test": 60,
    }
)


def in_float64(network: Perceptron, x: np.ndarray) -> list[np.ndarray]:
    """Every layer's output, written out."""
    out = [x.astype(np.float64)]
    for index, block in enumerate(network.kernel.blocks):
        weights = np.asarray(block, np.float64)
        z = out[-1] @ weights[:, :-1].T + weights[:, -1]
        out.append(1 / (1 + np.exp(-z)) if index < len(network.kernel.blocks) - 1 else z)
    return out


def share(layer: np.ndarray) -> float:
    """The part of the variance in the plane of the two main components."""
    values = np.linalg.svd(layer - layer.mean(axis=0), compute_uv=False) ** 2
    return float(values[:2].sum() / values.sum())


def alike(a: np.ndarray, b: np.ndarray) -> float:
    """How alike two maps of the same points are, however turned: the correlation of their distances."""
    return float(np.corrcoef(pdist(a), pdist(b))[0, 1])


@pytest.fixture(scope="module")
def six() -> tuple[Perceptron, np.ndarray]:
    data = load_data(CONFIG)
    return Perceptron(CONFIG), data.x_train


def test_a_maps_share_and_points_are_those_of_float64(six):
    network, x = six
    data, exact = load_data(CONFIG), in_float64(network, x)
    setup = make_setup(CONFIG, data, network)
    arrays = MappingProbe(setup).look(View(network, setup, 0, 0.1, 0.0), first=True)
    rough = network.layers(x)
    plane = main_plane(rough[6])
    assert abs(plane.share - share(exact[6])) > 0.004  # float32 shows its rounding there
    assert alike(plane.project(rough[6]), exact[6]) < 0.98
    for layer in range(1, 7):
        assert arrays["series.mapping"][layer, 0] == pytest.approx(share(exact[layer]), abs=1e-4)
        shown = dequantise_axes(arrays[f"map.{layer}"], arrays[f"map.{layer}.range"])
        centred = exact[layer] - exact[layer].mean(axis=0)
        flat = centred @ np.linalg.svd(centred, full_matrices=False)[2][:2].T
        assert alike(shown, flat) > 0.99999


def test_the_finished_films_maps_too():
    frames = list(train(CONFIG, tracks=TRACKS))
    last = next(frame for frame in reversed(frames) if frame.track == FILM)
    settled = next(frame for frame in reversed(frames) if frame.track == SETTLED)
    live = dequantise_axes(last.arrays["map.6"], last.arrays["map.6.range"])
    assert alike(dequantise_axes(settled.arrays["map.6"], settled.arrays["map.6.range"]), live) > 0.99999
    assert last.arrays["series.mapping"][6, 0] > 0.999


def test_a_layer_that_float32_can_show_stays_as_it_is(six):
    network, x = six
    rough, found = network.layers(x), faithful_layers(network, x)
    assert [layer.dtype == np.float64 for layer in found] == [index and narrow(h) for index, h in enumerate(rough)]
    assert found[0].dtype == found[1].dtype == np.float32
    assert found[6].dtype == np.float64
    plain = Perceptron(RunConfig())
    data = load_data(RunConfig())
    for again, once in zip(faithful_layers(plain, data.x_train), plain.layers(data.x_train), strict=True):
        np.testing.assert_array_equal(again, once)
        assert again.dtype == np.float32


def test_narrow_is_a_spread_of_a_ten_thousandth_of_the_means_size():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(1000, 4)) / 2  # their spread is 1
    for away, expected in ((0, False), (5_000, False), (20_000, True)):
        assert narrow((points + np.array([away, 0, 0, 0])).astype(np.float32)) == expected
    assert not narrow(np.full((30, 4), 0.5, np.float32))  # one place: nothing to see
    assert not narrow(np.full((30, 4), np.nan, np.float32))
    assert not narrow(np.zeros((0, 4), np.float32))


def sigmoids() -> nn.Sequential:
    torch.manual_seed(0)
    parts: list[nn.Module] = []
    for fan_in, out in ((2, 5), (5, 5), (5, 5), (5, 5)):
        parts += [nn.Linear(fan_in, out), nn.Sigmoid()]
    return nn.Sequential(*parts, nn.Linear(5, 2))


class Rounds(nn.Module):
    """A module that works in float32, whatever it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = sigmoids()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.inner(x.float())


def test_every_engine_and_any_module_can_be_looked_at_in_float64(six):
    kernel, x = six
    exact = in_float64(kernel, x)
    for network in (kernel, AutogradNetwork(CONFIG)):
        for again, expected in zip(network.layers64(x), exact, strict=True):
            np.testing.assert_allclose(again, expected, rtol=1e-12)
        assert network.layers(x)[3].dtype == np.float32  # and is itself again
    module = sigmoids()
    twin = sigmoids().double()
    network = ModuleNetwork(module, 2, 0)
    found = network.layers64(x)
    np.testing.assert_allclose(found[-1], twin(torch.from_numpy(x).double()).detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(found[-1], network.layers(x)[-1], rtol=1e-5)
    assert all(item.dtype == torch.float32 for item in module.parameters())
    network.close()


def test_a_module_that_rounds_by_itself_is_shown_as_it_is(six):
    _, x = six
    network = ModuleNetwork(Rounds(), 2, 0)
    assert network.layers64(x) is None
    for again, once in zip(faithful_layers(network, x), network.layers(x), strict=True):
        np.testing.assert_array_equal(again, once)
    network.close()


def test_points_of_float64_are_kept_finer_than_float32_could():
    points = 0.5 + np.arange(9)[:, None] * np.array([1e-9, -3e-10])
    codes, span = quantise_axes(points)
    assert span.dtype == np.float32
    assert (span[:, 0] <= points.min(axis=0)).all()
    assert (span[:, 1] >= points.max(axis=0)).all()
    back = span[:, 0] + codes / 65534 * (span[:, 1].astype(np.float64) - span[:, 0])
    np.testing.assert_allclose(back, points, atol=float(np.ptp(span, axis=1).max()) / 65534, rtol=0)
    assert len(np.unique(codes[:, 0])) == 9
