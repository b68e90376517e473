"""The adversary of one shown point at one moment of a run, seen in every layer's map; and how all test points stand.

NumPy only: the web process asks a recorded network itself.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.panels.attack import LARGEST
from app.store.weights import Weights, weights_at
from nnprobe_core.attacks.curve import robustness_curve, verdicts
from nnprobe_core.attacks.gradient_attack import GradientAttack
from nnprobe_core.attacks.midline import distances, midline
from nnprobe_core.attacks.norms import norm_of
from nnprobe_core.errors import ConfigError, NnprobeError
from nnprobe_core.fields import whole
from nnprobe_core.frame import FILM, SETTLED, Frame, decode, header
from nnprobe_core.maths.affine import AffineMap, fit_affine
from nnprobe_core.maths.evenly import evenly
from nnprobe_core.maths.quantise import dequantise_axes
from nnprobe_core.maths.softmax import softmax
from nnprobe_core.models.layout import matrices
from nnprobe_core.models.mlp import Mlp
from nnprobe_core.record import FrameLog
from nnprobe_core.registry import ATTACKS, load

Array = np.ndarray

PLACES = 32  #: about so many on a path: it is straight in the input, and bent in every map
SIZES = 13  #: of the ε-curve
_WORK = 4e6  #: parameters times points that one gradient of the curve may cost
_TRIES = {"fgsm": 1, "bim": 10, "pgd": 20}  #: gradients per size
_FEWEST = 100
_PARTS = ("origin", "centre", "basis")  #: of an affine map


@dataclass(frozen=True)
class Ask:
    """What is asked of one point: which of those shown, how far it may go, by which attack, toward which class."""

    point: int
    epsilon: float
    attack: str
    norm: str
    target: int | None = None


class Moment:
    """A run's network as it was at the newest recorded weights at or before frame ``seq``."""

    def __init__(self, log: FrameLog, run: str, seq: int) -> None:
        self._log, self._run = log, run
        self.weights: Weights = weights_at(log, run, seq)
        config, flat = self.weights.config, self.weights.flat
        self.network = Mlp(matrices(config.widths, flat), config.activation)
        self.head = decode(log.range(run, 0, 1)[0]).arrays
        if not np.isfinite(self.network.logits(self.head["data.x"])).all():
            raise NnprobeError(f"At step {self.weights.step} the network's outputs must be finite to be attacked.")

    def adversary(self, ask: Ask, *, settled: bool = False, planes: dict[int, AffineMap] | None = None) -> Frame:
        """The way of one point to its adversary.

        Returns a frame with ``path.0`` float32 (m, 2), the way in the input plane, and ``path.i`` (m, 2 or 3), the same
        in layer i's map (of the settled track where ``settled``; absent where there is none); ``iterates`` int32
        (steps + 1,), the places on it where the attack stood; ``probabilities`` float32 (m, classes). Its header says
        the class predicted before and after with its confidence, the size of the change (``linf``, ``l2``), and
        ``midline``: the smallest ε that reaches the true midline between two arms, null where there is none.
        """
        x, y = self.head["data.x"], self.head["data.y"]
        point = whole("point", ask.point, 0, len(x) - 1)
        if ask.target is not None and whole("target", ask.target, 0, self.network.widths[-1] - 1) == y[point]:
            raise ConfigError("target", f"another class than the point's own ({y[point]})", ask.target)
        attack = _attack(ask.attack, ask.norm)
        targets = None if ask.target is None else np.array([ask.target])
        start = x[point : point + 1].astype(np.float64)
        path = attack.path(self.network, start, y[point : point + 1], ask.epsilon, targets=targets)[:, 0]
        # From the point itself, also where the attack began somewhere else.
        places, stood = _dense(path if np.array_equal(path[0], start[0]) else np.concatenate([start, path]))
        layers = self.network.layers(places)
        arrays = {"path.0": places.astype(np.float32), "iterates": stood[-len(path) :].astype(np.int32)}
        for layer, found in (self.planes(settled=settled) if planes is None else planes).items():
            arrays[f"path.{layer}"] = found(layers[layer]).astype(np.float32)
        classes, confidence = verdicts(layers[-1])
        arrays["probabilities"] = softmax(layers[-1]).astype(np.float32)
        change = (places[-1] - places[0])[None]
        curve = midline(self.weights.config)
        return Frame(
            self.weights.step,
            arrays,
            header={
                **self._when(),
                **vars(ask),
                "label": int(y[point]),
                "before": int(classes[0]),
                "after": int(classes[-1]),
                "confidence": [float(confidence[0]), float(confidence[-1])],
                "linf": float(norm_of("linf").size(change)[0]),
                "l2": float(norm_of("l2").size(change)[0]),
                "midline": None if curve is None else float(distances(start, curve, ask.norm)[0]),
            },
        )

    def planes(self, *, settled: bool = False) -> dict[int, AffineMap]:
        """Per layer from 1 the affine map from its outputs to the coordinates recorded of the shown points."""
        arrays = self._maps(settled)
        layers = self.network.layers(self.head["data.x"])
        found = {}
        for layer in range(1, len(layers)):
            if f"map.{layer}" in arrays:
                coordinates = dequantise_axes(arrays[f"map.{layer}"], arrays[f"map.{layer}.range"])
                fitted = fit_affine(layers[layer], coordinates)
                if fitted is not None:
                    found[layer] = fitted
        return found

    def robustness(self, attack: str, norm: str) -> Frame:
        """How the test points stand an attack, and noise, of rising size.

        Returns a frame with ``epsilon`` float32 (E,), ``accuracy`` float32 (E, 2) under attack and under noise,
        ``confidence`` float32 (E,) after it, and ``midline`` float32 (E,), the share of points within ε of the true
        midline (NaN where there is none). A wide network is asked about fewer points; the header says how many.
        """
        x, y = self.head["data.x_test"], self.head["data.y_test"]
        cost = self.weights.flat.size * _TRIES.get(attack, 1)
        shown = evenly(len(x), max(_FEWEST, int(_WORK // cost)), ends=True)
        x0, x1, y0, y1 = self.head["data.extent"]
        epsilons = np.linspace(0, LARGEST * float(max(x1 - x0, y1 - y0)), SIZES)
        made = _attack(attack, norm, restarts=2)
        outcomes = robustness_curve(self.network, x[shown].astype(np.float64), y[shown], epsilons.tolist(), made)
        curve = midline(self.weights.config)
        reach = None if curve is None else distances(x[shown], curve, norm)
        crossed = [np.nan if reach is None else (reach <= epsilon).mean() for epsilon in epsilons]
        arrays = {
            "epsilon": epsilons.astype(np.float32),
            "accuracy": np.array([[one.accuracy, one.noise_accuracy] for one in outcomes], np.float32),
            "confidence": np.array([one.confidence_after.mean() for one in outcomes], np.float32),
            "midline": np.array(crossed, np.float32),
        }
        head = {**self._when(), "attack": attack, "norm": norm, "points": len(shown), "test": len(x)}
        return Frame(self.weights.step, arrays, header=head)

    def _when(self) -> dict[str, Any]:
        return {"seq": self.weights.seq}

    def _maps(self, settled: bool) -> dict[str, Array]:
        seq, track = self.weights.seq, FILM
        if settled:
            # The settled track has one frame for each scheduled one.
            steps = range(self._log.last(self._run, SETTLED) + 1)
            seq, track = bisect_left(steps, self.weights.step, key=self._settled_step), SETTLED
        data = self._log.range(self._run, seq, seq + 1, track)
        return dict(decode(data[0], track=track).arrays) if data else {}

    def _settled_step(self, at: int) -> int:
        return int(header(self._log.range(self._run, at, at + 1, SETTLED)[0])["step"])


def _attack(name: str, norm: str, **more: int) -> GradientAttack:
    made: GradientAttack = load(ATTACKS, name, "attack")(norm=norm, **(more if name == "pgd" else {}))
    return made


def _dense(path: Array) -> tuple[Array, Array]:
    """A path (k, 2) with places between its corners, about :data:`PLACES` in all, and where the corners are (k,)."""
    between = max(1, -(-PLACES // max(1, len(path) - 1)))
    corners = np.arange(len(path)) * between
    at = np.arange(corners[-1] + 1)
    places = np.stack([np.interp(at, corners, path[:, k]) for k in range(path.shape[1])], axis=1)
    places[corners] = path
    return places, corners


def planes_frame(planes: dict[int, AffineMap]) -> Frame:
    """``planes`` as a frame, to be kept; see :func:`planes_of`."""
    return Frame(0, {f"{name}.{layer}": getattr(plane, name) for layer, plane in planes.items() for name in _PARTS})


def planes_of(frame: Frame) -> dict[int, AffineMap]:
    layers = sorted(int(name.rpartition(".")[2]) for name in frame.arrays if name.startswith(_PARTS[0]))
    return {layer: AffineMap(*(frame.arrays[f"{name}.{layer}"] for name in _PARTS)) for layer in layers}
