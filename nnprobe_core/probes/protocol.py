"""What a probe is given (Setup, StepView) and what it must offer (Probe)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class ArraySpec:
    """Declared dtype and shape of one array of a frame."""

    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Setup:
    """What stays the same for a whole run.

    ``shown`` indexes the training points that maps, gradients and separations are taken on (at most 1 000, evenly
    chosen, all classes alike), ``shown_test`` the test points likewise; ``extent`` is the part of the plane that they
    are shown in: x0, x1, y0, y1, float64 (4,). ``weight_shapes`` are (out, in) per weight matrix, ``init_sigma`` the
    standard deviation its entries were drawn with. ``widths`` counts units per layer, input and logits included.
    """

    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array
    shown: Array
    shown_test: Array
    extent: Array
    n_classes: int
    widths: tuple[int, ...]
    weight_shapes: tuple[tuple[int, int], ...]
    init_sigma: tuple[float, ...]
    activation: str
    optimiser: str
    seed: int


class StepView(Protocol):
    """A read-only window on one step; everything costly is computed once, when first asked for.

    Layers count from 0 (the input) to the logits; weight matrix i (from 1) leads to layer i and stands at index
    i − 1 of the lists. All arrays float32; but a layer's outputs are float64 where its points differ by so little of
    what they have in common that float32 would show its rounding.
    """

    step: int
    lr: float
    epoch: float
    #: Mean cross-entropy of each batch since the last scheduled frame, taken before its step, float32 (steps,).
    batch_losses: Array

    @property
    def weights(self) -> Sequence[Array]:
        """Weight matrices, each (out, in)."""

    @property
    def updates(self) -> Sequence[float]:
        """‖ΔW‖ / ‖W‖ of the last step, per matrix; NaN before the first."""

    def shown(self) -> Sequence[Array]:
        """Every layer's output on the shown training points: (n, width) per layer, input and logits included."""

    def test(self) -> Sequence[Array]:
        """The same on the shown test points (``Setup.shown_test``)."""

    def predict(self, x: Array) -> Array:
        """Logits (n, classes) of any points (n, 2)."""

    def losses(self) -> tuple[float, float, float, float]:
        """Train loss, test loss, train accuracy, test accuracy over all points."""

    def gradients(self) -> Sequence[Array]:
        """∂(mean loss)/∂W on the shown points, each (out, in)."""

    def signals(self) -> Sequence[float]:
        """Per layer from 1: root mean square over the shown points of ‖∂ℓ/∂h‖ (ℓ: each point's own loss)."""

    def input_gradients(self, x: Array, y: Array) -> Array:
        """∂ℓ/∂x at any points (n, 2) with labels (n,), (n, 2); float64, lest a network that is sure has none."""


class Probe(Protocol):
    """One probe. ``__init__(self, setup)`` takes the :class:`Setup`; a probe touches neither weights nor generators.

    What stands in the columns of its arrays has names in :data:`nnprobe_core.columns.COLUMNS`.
    """

    def declare(self) -> Mapping[str, ArraySpec]:
        """Every array the probe may give, with dtype and shape."""

    def due(self, index: int, last: int) -> bool:
        """Whether it looks at the scheduled frame ``index`` of 0…``last``; follows from the config alone."""

    def look(self, view: StepView, *, first: bool) -> Mapping[str, Array]:
        """What it sees now. ``first``: frame 0, where what never changes is said once."""

    def state(self) -> Mapping[str, Array]:
        """What it carries from frame to frame (empty when nothing): part of the checkpoint."""

    def restore(self, state: Mapping[str, Array]) -> None:
        """Continue from a checkpoint's state."""
