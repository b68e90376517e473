"""Mapping: where every layer puts every point.

Width 1 to 3: the layer's own coordinates. Above: the plane of the two main components, turned and flipped onto the
points of the frame before, since a plane fitted anew would jump. When a film has ended, its maps can be drawn again
in the one plane of the final frame (:meth:`MappingProbe.settled`): then all motion is the network's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nnprobe_core.maths.pca import Components, align, main_plane, turn
from nnprobe_core.maths.quantise import quantise_axes
from nnprobe_core.probes.protocol import Array, ArraySpec, Setup, StepView

_NAN = float("nan")


class MappingProbe:
    """Looks at every frame. Carries per wide layer the plane shown last, and the points in it."""

    def __init__(self, setup: Setup) -> None:
        self._widths = setup.widths
        self._n = len(setup.shown)
        self._planes: dict[int, Components] = {}
        self._points: dict[int, Array] = {}

    def declare(self) -> Mapping[str, ArraySpec]:
        arrays = {
            "data.widths": ArraySpec("int32", (len(self._widths),)),
            "series.mapping": ArraySpec("float32", (len(self._widths), 4)),
        }
        for layer, width in enumerate(self._widths[1:], 1):
            axes = 3 if width == 3 else 2
            arrays[f"map.{layer}"] = ArraySpec("uint16", (self._n, axes))
            arrays[f"map.{layer}.range"] = ArraySpec("float32", (axes, 2))
        return arrays

    def due(self, index: int, last: int) -> bool:
        del index, last
        return True

    def look(self, view: StepView, *, first: bool) -> Mapping[str, Array]:
        layers = view.shown()
        series = np.zeros((len(layers), 4))
        arrays: dict[str, Array] = {}
        for layer, output in enumerate(layers):
            shown, share, turned = self._show(layer, output)
            series[layer] = share, turned, *_displacement(output, layers[0])
            if layer:
                arrays |= _encoded(layer, shown)
        with np.errstate(over="ignore"):  # a displacement beyond float32 is infinite
            arrays["series.mapping"] = series.astype(np.float32)
        if first:
            arrays["data.widths"] = np.array(self._widths, np.int32)
        return arrays

    def settled(self, layers: Sequence[Array]) -> dict[str, Array]:
        """The ``map.*`` arrays of any moment's layer outputs, in the planes shown last; nothing is carried."""
        arrays: dict[str, Array] = {}
        for layer, output in enumerate(layers):
            if layer == 0:
                continue
            if output.shape[1] <= 3:
                shown = _raw(output)
            elif layer in self._planes and np.isfinite(output).all():
                shown = self._planes[layer].project(output)
            else:
                shown = np.full((len(output), 2), np.nan, np.float32)
            arrays |= _encoded(layer, shown)
        return arrays

    def state(self) -> Mapping[str, Array]:
        state: dict[str, Array] = {}
        for layer, plane in self._planes.items():
            state[f"centre.{layer}"] = plane.centre
            state[f"basis.{layer}"] = plane.basis
            state[f"share.{layer}"] = np.array([plane.share])
            state[f"points.{layer}"] = self._points[layer]
        return state

    def restore(self, state: Mapping[str, Array]) -> None:
        layers = [int(key.removeprefix("basis.")) for key in state if key.startswith("basis.")]
        self._points = {layer: state[f"points.{layer}"] for layer in layers}
        self._planes = {
            layer: Components(state[f"centre.{layer}"], state[f"basis.{layer}"], float(state[f"share.{layer}"][0]))
            for layer in layers
        }

    def _show(self, layer: int, output: Array) -> tuple[Array, float, float]:
        """A layer's points as shown, the share of variance in the plane and its turn in degrees."""
        if output.shape[1] <= 3:
            return _raw(output), 1.0, 0.0
        plane = main_plane(output)
        if plane is None:
            return np.full((len(output), 2), np.nan, np.float32), _NAN, _NAN
        turned = 0.0
        if layer in self._planes:
            rotation = align(plane.project(output), self._points[layer])
            basis = np.ascontiguousarray((plane.basis @ rotation).astype(plane.basis.dtype))
            plane = Components(plane.centre, basis, plane.share)
            turned = turn(basis, self._planes[layer].basis)
        self._planes[layer] = plane
        self._points[layer] = plane.project(output)
        return self._points[layer], plane.share, turned


def _raw(output: Array) -> Array:
    """The layer's own coordinates; a single one lies on the line y = 0."""
    return output if output.shape[1] > 1 else np.concatenate([output, np.zeros_like(output)], axis=1)


def _encoded(layer: int, points: Array) -> dict[str, Array]:
    codes, span = quantise_axes(points)
    return {f"map.{layer}": codes, f"map.{layer}.range": span}


def _displacement(output: Array, x: Array) -> tuple[float, float]:
    """Mean and maximum of ‖h(x) − x‖ over the points; NaN unless the layer has two units, and where it has diverged."""
    if output.shape[1] != 2 or not np.isfinite(output).all():
        return _NAN, _NAN
    moved = np.subtract(output, x, dtype=np.float64)
    distance = np.sqrt(np.einsum("nd,nd->n", moved, moved))
    return float(distance.mean()), float(distance.max())
