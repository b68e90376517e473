"""What a preset's sentence says, as numbers: networks of many seeds trained side by side, and looked at as they learn.

A quantity is a function of :class:`Seen`, one network of one seed; its name is a claim's
(:class:`app.pages.presets.Claim`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

import numpy as np
from scipy.ndimage import label

from app.pages.presets import Claim, Preset
from nnprobe_core.config import RunConfig
from nnprobe_core.maths.linear_probe import linear_probe
from nnprobe_core.probes.boundary import CELLS, BoundaryProbe
from nnprobe_core.probes.gradients import GradientsProbe
from nnprobe_core.probes.protocol import Setup
from nnprobe_core.training.ensemble import Ensemble
from nnprobe_core.training.network import Perceptron
from nnprobe_core.training.schedule import frame_steps
from nnprobe_core.training.view import View, make_setup

Array = np.ndarray

TOGETHER = 25  #: networks a kernel trains at once: their buffers should stay near the processor
TESTS: Mapping[str, Callable[[Array, float], Array]] = {
    ">=": np.greater_equal,
    ">": np.greater,
    "<": np.less,
    "==": np.equal,
}


@dataclass(frozen=True)
class Look:
    """One frame: its step, train loss, test loss and both accuracies, δ per layer, the verdict's code, the layers whose
    every ReLU is off, the share of ReLU units that are, and the class in each cell of the plane that is shown (in the
    last quarter of the frames; before it None)."""

    step: int
    losses: tuple[float, float, float, float]
    signals: Array
    verdict: int
    dead_layers: frozenset[int]
    dead: float
    classes: Array | None


@dataclass(frozen=True)
class Seen:
    """One network of one seed, as it ended, and the frames of its film."""

    config: RunConfig
    setup: Setup
    network: Perceptron
    view: View
    frames: Sequence[Look]

    @property
    def end(self) -> Look:
        return self.frames[-1]

    def before(self, step: int) -> Look:
        """The last frame up to ``step``."""
        return [frame for frame in self.frames if frame.step <= step][-1]


def watch(config: RunConfig, seeds: Sequence[int]) -> list[Seen]:
    """Train ``config`` with every seed, a draw of data, first weights and order of points of its own, and look on.

    The network of seed s is, but for rounding, that of the film that the lab shows for ``seed=s``.
    """
    configs = [replace(config, seed_data=seed, seed_init=seed, seed_batch=seed) for seed in seeds]
    ensemble = Ensemble(configs)
    networks = [Perceptron(each) for each in configs]
    setups = [make_setup(*parts) for parts in zip(configs, ensemble.data, networks, strict=True)]
    probes = [(GradientsProbe(setup), BoundaryProbe(setup)) for setup in setups]
    seen: list[list[Look]] = [[] for _ in seeds]
    views: list[View] = []
    parameters = ensemble.kernel.parameters
    steps = frame_steps(config.steps, config.frames)
    for index, step in enumerate(steps):
        before, late = None, index >= 3 * len(steps) // 4
        if step:
            ensemble.advance(step - 1)
            before = parameters.numpy().copy()
            ensemble.advance(step)
        views = []
        for k, (network, setup) in enumerate(zip(networks, setups, strict=True)):
            network.restore(parameters[k].numpy().copy())
            views.append(View(network, setup, step, config.lr, 0.0, None if before is None else before[k]))
            gradients, boundary = probes[k]
            seen[k].append(_look(views[-1], gradients, boundary if late else None, config.activation == "relu"))
    return [Seen(*parts) for parts in zip(configs, setups, networks, views, seen, strict=True)]


def _look(view: View, gradients: GradientsProbe, boundary: BoundaryProbe | None, relu: bool) -> Look:
    with np.errstate(all="ignore"):
        found = gradients.look(view, first=False)
        classes = boundary.look(view, first=False)["boundary.class"] if boundary else None
    off = [(output <= 0).all(axis=0) for output in view.shown()[1:-1]] if relu else []
    layers = frozenset(layer for layer, units in enumerate(off) if units.all())
    dead = float(np.mean(np.concatenate(off))) if off else 0.0
    signals = found["series.gradients"][:-1, 4]
    return Look(view.step, view.losses(), signals, int(found["series.verdict"][0]), layers, dead, classes)


def quantity(name: str) -> Callable[[Seen], float]:
    """The function of a claim's quantity; ``test@300`` is ``test`` as it was at the last frame up to step 300."""
    if "@" in name:
        own, _, step = name.partition("@")
        return lambda seen: AT_A_FRAME[own](seen.before(int(step)))
    if name in AT_A_FRAME:
        return lambda seen: AT_A_FRAME[name](seen.end)
    return OF_A_NETWORK[name]


def measured(preset: Preset, claim: Claim, seeds: Sequence[int], known: dict[RunConfig, list[Seen]]) -> Array:
    """The claim's quantity for every seed; less that of the settings it is held ``against``, where there are any.

    ``known`` keeps what has been trained.
    """

    def values(change: Mapping[str, object]) -> Array:
        config = RunConfig.from_mapping({**preset.settings, **change})
        if config not in known:
            parts = [seeds[at : at + TOGETHER] for at in range(0, len(seeds), TOGETHER)]
            known[config] = [each for part in parts for each in watch(config, part)]
        return np.array([quantity(claim.quantity)(each) for each in known[config]])

    found = values(claim.change)
    return found if claim.against is None else found - values(claim.against)


def holds(claim: Claim, values: Array) -> int:
    """For how many seeds it is true."""
    return int(np.count_nonzero(TESTS[claim.where](values, claim.value)))


# What a frame says.


def _regions(frame: Look) -> float:
    """Regions of one class in the plane that is shown, specks of less than five cells apart."""
    count = 0
    for each in np.unique(frame.classes):
        parts, _ = label(frame.classes == each)
        count += int(np.count_nonzero(np.bincount(parts.ravel())[1:] >= 5))
    return float(count)


def _closed(frame: Look) -> float:
    """1 where the class in the middle is walled in: its region there does not reach the edge of the plane shown."""
    middle = frame.classes[CELLS // 2, CELLS // 2]
    parts, _ = label(frame.classes == middle)
    own = parts == parts[CELLS // 2, CELLS // 2]
    return float(not (own[0].any() or own[-1].any() or own[:, 0].any() or own[:, -1].any()))


AT_A_FRAME: Mapping[str, Callable[[Look], float]] = {
    "loss": lambda frame: frame.losses[0],
    "test_loss": lambda frame: frame.losses[1],
    "train": lambda frame: frame.losses[2],
    "test": lambda frame: frame.losses[3],
    "verdict": lambda frame: float(frame.verdict),
    "dead": lambda frame: frame.dead,
    "dead_layers": lambda frame: float(len(frame.dead_layers)),
    "reach": lambda frame: float(frame.signals[0] / max(frame.signals[-1], np.finfo(np.float32).tiny)),
    "regions": _regions,
    "closed": _closed,
}


# What a whole run says.


def _line(seen: Seen, layer: int, units: Sequence[int] | None = None) -> float:
    """Test accuracy of the best straight cut through a layer's outputs, or through some of its units."""
    columns = slice(None) if units is None else list(units)
    train, test = (part[layer][:, columns] for part in (seen.view.shown(), seen.view.test()))
    setup = seen.setup
    return linear_probe(train, setup.y_train[setup.shown], test, setup.y_test[setup.shown_test]).accuracy


def _fades(seen: Seen) -> float:
    """The least, over frames and layers, of a layer's signal over that of the layer before it: above 1 it fades."""
    with np.errstate(all="ignore"):
        return float(min((frame.signals[1:] / frame.signals[:-1]).min(initial=np.inf) for frame in seen.frames))


def _revived(seen: Seen) -> float:
    """Layers that were dead in some frame and are not at the end."""
    return float(len(frozenset().union(*(frame.dead_layers for frame in seen.frames)) - seen.end.dead_layers))


def _jumps(seen: Seen) -> float:
    """The share of cells that change their class from frame to frame, the mean over the last quarter of the film."""
    late = [frame.classes for frame in seen.frames if frame.classes is not None]
    return float(np.mean([np.mean(a != b) for a, b in pairwise(late)]))


def _flat(seen: Seen) -> float:
    """The share of places around which the logits have no curvature: along a short line their middle is their mean."""
    x0, x1, y0, y1 = seen.setup.extent
    rng = np.random.default_rng(0)
    middle = rng.uniform((x0, y0), (x1, y1), (400, 2))
    angle = rng.uniform(0, 2 * np.pi, 400)
    step = 1e-3 * max(x1 - x0, y1 - y0) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    before, here, after = (seen.network.layers64(middle + shift * step)[-1] for shift in (-1, 0, 1))
    size = np.abs(after - before).max() + np.abs(here).max() * 1e-6
    return float(np.mean(np.abs(before + after - 2 * here).max(axis=1) <= 1e-9 * size))


def _moved(seen: Seen) -> float:
    """How far the point goes that the first hidden layer moves least."""
    x, h = seen.view.shown()[:2]
    return float(np.linalg.norm(h - x, axis=1).min())


OF_A_NETWORK: Mapping[str, Callable[[Seen], float]] = {
    "finite": lambda seen: float(np.isfinite(seen.network.snapshot()).all()),
    "line_input": lambda seen: _line(seen, 0),
    "line_last": lambda seen: _line(seen, -2),
    "line_of_two": lambda seen: max(_line(seen, -2, pair) for pair in combinations(range(seen.config.hidden[-1]), 2)),
    "least_test_later": lambda seen: min(frame.losses[3] for frame in seen.frames if frame.step >= 350),
    "fades": _fades,
    "revived": _revived,
    "jumps": _jumps,
    "flat": _flat,
    "moved": _moved,
    "units_last": lambda seen: float(seen.config.hidden[-1]),
    "turns": lambda seen: (seen.config.max_phi - seen.config.min_phi) / (2 * np.pi),
    "growth": lambda seen: seen.end.losses[1] / min(frame.losses[1] for frame in seen.frames),
}
