"""Outputs of a module's layers, by forward hooks that leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from nnprobe_core.errors import ConfigError

Array = np.ndarray

OUTPUT = "output"  #: the name of the module itself among its layers

_DROPOUT = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)
_UNCHANGING = (nn.Flatten, nn.Unflatten, nn.Identity, *_DROPOUT)  # in eval mode


def layer_names(module: nn.Module) -> tuple[str, ...]:
    """The layers that are looked at unless others are chosen: submodules without submodules, as they are declared.

    Left out are those that in eval mode hand on what they are given: Flatten, Identity, Dropout. What a ``forward``
    computes without a submodule (``functional.relu``) has no name and is not among them.
    """
    leaves = [(name, item) for name, item in module.named_modules() if not any(item.children())]
    return tuple(name or OUTPUT for name, item in leaves if not isinstance(item, _UNCHANGING))


def layer_outputs(
    module: nn.Module,
    x: Array | Tensor,
    layers: Sequence[str] | None = None,
    *,
    batch_size: int = 256,
    device: str | torch.device | None = None,
) -> dict[str, Array]:
    """What each layer puts out for the inputs ``x`` (n, …): name → array (n, units), in the order of their calls.

    Parameters
    ----------
    layers : sequence of str, optional
        Names as in ``module.named_modules()``, or ``output`` for the module itself; :func:`layer_names` unless given.
        A layer that is called several times is there several times: ``relu``, ``relu:2``, …
    device : optional
        Where to compute; the module is brought back afterwards. Unless given, where the module is.

    Outputs are float32 copies on the CPU, taken in eval mode without gradients, so a later in-place operation changes
    none of them. Of a tuple or dictionary, the first tensor with a row per input counts. Whether it returns or raises,
    no hook survives, and every submodule is in the mode it was in.

    Raises
    ------
    ConfigError
        For a name that is not there, a chosen layer that is not called or puts out no such tensor, calls that differ
        from batch to batch, or no inputs.
    """
    if not len(x):
        raise ConfigError("x", "at least one input", tuple(np.shape(x)))
    if batch_size < 1:
        raise ConfigError("batch_size", "a whole number from 1 on", batch_size)
    known = {name or OUTPUT: item for name, item in module.named_modules()}
    known[OUTPUT] = module
    wanted = layer_names(module) if layers is None else tuple(dict.fromkeys(layers))
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise ConfigError("layers", f"among {', '.join(known)}", ", ".join(unknown))
    parts: dict[str, list[Array]] = {}
    with _as_found(module, device) as (place, dtype), torch.no_grad():
        for start in range(0, len(x), batch_size):
            batch = torch.as_tensor(x[start : start + batch_size]).to(place)
            seen = _watch(module, batch.to(dtype) if batch.is_floating_point() else batch, known, wanted)
            if start and list(seen) != list(parts):
                raise ConfigError("layers", "called alike for every batch", f"{list(parts)}, then {list(seen)}")
            for name, output in seen.items():
                parts.setdefault(name, []).append(output)
    missing = [name for name in wanted if name not in parts] if layers is not None else []
    if missing:
        raise ConfigError("layers", "called, and put out a tensor with a row per input", ", ".join(missing))
    return {name: np.concatenate(outputs) for name, outputs in parts.items()}


def _watch(module: nn.Module, x: Tensor, known: Mapping[str, nn.Module], wanted: Sequence[str]) -> dict[str, Array]:
    """Outputs of one pass, in the order of calls."""
    seen: dict[str, Array] = {}

    def look(name: str, output: Any) -> None:
        tensor = _first_tensor(output, len(x))
        if tensor is None:
            return
        calls = 1 + sum(other == name or other.startswith(f"{name}:") for other in seen)
        # A copy, whatever is done with the tensor next; the batch is flattened afterwards, as a view of that copy.
        seen[name if calls == 1 else f"{name}:{calls}"] = (
            tensor.detach().to("cpu", torch.float32, copy=True).reshape(len(x), -1).numpy()
        )

    hooks = []
    try:
        for name in wanted:
            hooks.append(known[name].register_forward_hook(lambda _item, _given, output, name=name: look(name, output)))
        module(x)
    finally:
        for hook in hooks:
            hook.remove()
    return seen


def _first_tensor(output: Any, rows: int) -> Tensor | None:
    """The first floating tensor with ``rows`` rows in a tensor, tuple, list or dictionary."""
    if isinstance(output, Tensor):
        fits = output.ndim >= 1 and len(output) == rows and output.is_floating_point()
        return output if fits else None
    inner = output.values() if isinstance(output, Mapping) else output if isinstance(output, tuple | list) else ()
    return next((found for each in inner if (found := _first_tensor(each, rows)) is not None), None)


@contextmanager
def _as_found(module: nn.Module, device: str | torch.device | None) -> Iterator[tuple[torch.device, torch.dtype]]:
    """The module in eval mode on ``device``; afterwards where it was, every submodule in the mode that it was in."""
    modes = [(item, item.training) for item in module.modules()]
    own = next((item for item in module.parameters() if item.is_floating_point()), None)
    home = own.device if own is not None else torch.device("cpu")
    place = home if device is None else torch.device(device)
    try:
        module.eval()
        if place != home:
            module.to(place)
        yield place, own.dtype if own is not None else torch.get_default_dtype()
    finally:
        if place != home:
            module.to(home)
        for item, mode in modes:
            item.training = mode
