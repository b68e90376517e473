"""A user's own network and checkpoints, from the command line: ``my_module.py:Net`` and files of weights.

The module's file is Python code and is run: it is the user's own. Checkpoints are data, and are read as data alone.
"""

from __future__ import annotations

import pickle
import sys
import zipfile
from collections.abc import Mapping
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from nnprobe_core.errors import ConfigError
from nnprobe_core.models.guest import guest

_WITHIN = ("state_dict", "model_state_dict", "model")  # where training scripts commonly keep the weights
_PARALLEL = "module."


def load_module(target: str) -> nn.Module:
    """The network that ``target`` names: ``path/to/file.py:Name`` or ``package.module:Name``.

    ``Name`` is a torch.nn.Module, or a class or function that gives one when it is called without arguments. The
    file may import its neighbours. Raises ConfigError, a sentence, for whatever keeps it from being loaded.
    """
    place, colon, name = target.rpartition(":")
    if not colon or not place or not name.isidentifier():
        raise ConfigError("module", "given as file.py:Name", target)
    found = getattr(_imported(place), name, None)
    if found is None:
        raise ConfigError("module", f"a name that {place} defines", name)
    if not isinstance(found, nn.Module) and callable(found):
        with guest(f"one that {name}() makes", target):
            found = found()
    if not isinstance(found, nn.Module):
        raise ConfigError("module", "a torch.nn.Module, or a class or function that makes one", type(found).__name__)
    return found


def load_weights(module: nn.Module, path: str | Path) -> None:
    """Put the weights in the file ``path`` into ``module``.

    A file of torch.save, read with ``weights_only=True`` so that no code in it is run, or a ``.safetensors`` file: a
    state_dict, or a dictionary with one under ``state_dict``, ``model_state_dict`` or ``model``. The prefix
    ``module.``, of DataParallel, is taken off. Raises ConfigError, a sentence that names the file.
    """
    path = Path(path)
    weights = _state_dict(path)
    if all(name.startswith(_PARALLEL) for name in weights) and not any(
        name.startswith(_PARALLEL) for name in module.state_dict()
    ):
        weights = {name.removeprefix(_PARALLEL): value for name, value in weights.items()}
    try:
        missing, unexpected = module.load_state_dict(weights, strict=False)
    except RuntimeError as error:  # sizes that do not fit
        reason = " ".join(str(error).split())
        raise ConfigError(f"checkpoint {path}", f"of this network ({reason})", "one of another") from None
    if missing or unexpected:
        lack = f"lacks {', '.join(missing)}" if missing else f"has {', '.join(unexpected)}, which it does not"
        raise ConfigError(f"checkpoint {path}", "of this network", f"one that {lack}")


def _imported(place: str) -> ModuleType:
    is_file = place.endswith(".py")
    path = Path(place)
    if is_file and not path.is_file():
        raise ConfigError("module", "in a file that is there", place)
    folder = str((path.parent if is_file else Path()).resolve())
    sys.path.insert(0, folder)  # as Python itself does for a script: neighbours can be imported
    try:
        if not is_file:
            with guest("in a file that runs", place):
                return import_module(place)
        spec = spec_from_file_location(f"nnprobe_user_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        sys.modules[spec.name] = module  # dataclasses look themselves up there
        with guest("in a file that runs", place):
            spec.loader.exec_module(module)
    except ConfigError:
        sys.modules.pop(f"nnprobe_user_{path.stem}", None)
        raise
    finally:
        if folder in sys.path:
            sys.path.remove(folder)
    return module


def _state_dict(path: Path) -> dict[str, Tensor]:
    field = f"checkpoint {path}"
    if not path.is_file():
        raise ConfigError(field, "a file that is there", str(path))
    found: Any
    try:
        found = (
            load_file(path)
            if path.suffix == ".safetensors"
            else torch.load(path, map_location="cpu", weights_only=True)
        )
    except pickle.UnpicklingError:
        raise ConfigError(field, "weights alone (torch.save of a state_dict)", "a file with other objects") from None
    except (SafetensorError, RuntimeError, EOFError, ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        reason = " ".join(str(error).split())
        raise ConfigError(field, f"a whole file of weights ({reason[:200]})", "one that cannot be read") from None
    for name in _WITHIN:
        if isinstance(found, Mapping) and isinstance(found.get(name), Mapping):
            found = found[name]
            break
    if not isinstance(found, Mapping) or not found or not all(isinstance(value, Tensor) for value in found.values()):
        raise ConfigError(field, "a state_dict, names to tensors", type(found).__name__)
    return {str(name): value for name, value in found.items()}
