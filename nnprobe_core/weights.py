"""Weights over time: the weight matrices of every recorded frame of a run, out of its checkpoints; NumPy only.

A run's checkpoints hold its parameters at every scheduled frame of its film (some 300 unless asked otherwise), not only
at the steps from which it can be continued. They come out as copies: as arrays, or as one safetensors file.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from nnprobe_core.config import RunConfig
from nnprobe_core.errors import FilmError
from nnprobe_core.frame import Frame
from nnprobe_core.models.layout import matrices, shapes, size

Array = np.ndarray


@dataclass(frozen=True)
class Snapshots:
    """Some consecutive ones of a run: ``steps`` int32 (k,) and the flat parameters ``flat`` float32 (k, size)."""

    config: RunConfig
    steps: Array
    flat: Array

    @classmethod
    def of(cls, checkpoint: Frame) -> Snapshots:
        """Those in a checkpoint; FilmError where there are none, or not of the network that its config describes."""
        config, arrays = checkpoint.header.get("config", {}), checkpoint.arrays
        if "history" not in arrays or "history.steps" not in arrays or "kind" in config:
            raise FilmError(f"a checkpoint must hold the parameters of one run, got only {sorted(arrays)[:5]}.")
        known, flat = RunConfig.from_mapping(config), arrays["history"]
        if flat.ndim != 2 or flat.shape[1] != size(known.widths):
            widths = "-".join(map(str, known.widths))
            raise FilmError(f"a checkpoint of a network {widths} must hold vectors of {size(known.widths)} numbers, "
                            f"got {flat.shape}.")  # fmt: skip
        return cls(known, arrays["history.steps"], flat)


def named(widths: tuple[int, ...], flat: Array) -> dict[str, Array]:
    """``weight.i`` (…, out, in) and ``bias.i`` (…, out) for i = 1, 2, …, copied from vectors ``flat`` (…, size)."""
    out = {}
    for index, (weight, bias) in enumerate(matrices(widths, flat), 1):
        out[f"weight.{index}"], out[f"bias.{index}"] = weight, bias
    return out


def weights_over_time(checkpoints: Iterable[Frame]) -> dict[str, Array]:
    """All weights that ``checkpoints`` (all of a run's, oldest first) hold, as copies.

    Returns
    -------
    dict
        ``step`` int32 (F,); and for each layer i, from 1 to the logits, ``weight.i`` float32 (F, out, in) and
        ``bias.i`` float32 (F, out).

    Raises FilmError where there are no checkpoints, or those of something else than one run.
    """
    found = [Snapshots.of(checkpoint) for checkpoint in checkpoints]
    if not found:
        raise FilmError("weights must come from at least one checkpoint, got none.")
    flat = np.concatenate([part.flat for part in found])
    return {"step": np.concatenate([part.steps for part in found]), **named(found[0].config.widths, flat)}


def safetensors_stream(read: Callable[[], Iterable[Frame]]) -> Iterator[bytes]:
    """What :func:`weights_over_time` gives, as the bytes of one safetensors file, piece by piece.

    ``read`` gives the checkpoints anew each time it is called, once per layer and once more: only one of them is
    held at a time, however many there are.
    """
    steps, config = [], None
    for checkpoint in read():
        part = Snapshots.of(checkpoint)
        steps.append(part.steps)
        config = part.config
    if config is None:
        raise FilmError("weights must come from at least one checkpoint, got none.")
    step = np.concatenate(steps).astype("<i4")
    yield _head(config, len(step))
    yield step.tobytes()
    for index in range(len(config.widths) - 1):
        biases = []
        for checkpoint in read():
            weight, bias = matrices(config.widths, Snapshots.of(checkpoint).flat.astype("<f4"))[index]
            biases.append(bias.tobytes())
            yield weight.tobytes()
        yield b"".join(biases)


def _head(config: RunConfig, count: int) -> bytes:
    """The header of the safetensors file: where each array lies, and the config."""
    table: dict[str, object] = {"__metadata__": {"config": config.to_json()}}
    at = 0
    entries: list[tuple[str, str, tuple[int, ...]]] = [("step", "I32", (count,))]
    for index, (out, units) in enumerate(shapes(config.widths), 1):
        entries += [(f"weight.{index}", "F32", (count, out, units)), (f"bias.{index}", "F32", (count, out))]
    for name, dtype, shape in entries:
        stop = at + 4 * int(np.prod(shape))
        table[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, stop]}
        at = stop
    text = json.dumps(table, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text
