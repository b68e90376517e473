"""A guest's code: a module of the user's own, whose mistakes are told as one sentence and end nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from torch import Tensor, nn

from nnprobe_core.errors import ConfigError, NnprobeError


class _ExitedError(BaseException):
    """In place of the end of the process: no ``except Exception`` of the guest's may swallow it."""


@contextmanager
def guest(bound: str, target: str, more: list[str] | None = None) -> Iterator[None]:
    """Around the code of ``target``: whatever it raises becomes ConfigError, with what it was and what ``more`` says.

    So does sys.exit, and os._exit, which would else end the process without a word.
    """
    kept = os._exit

    def leave(status: int) -> NoReturn:
        raise _ExitedError(f"os._exit({status})")

    os._exit = leave
    try:
        yield
    except NnprobeError:
        raise
    except (SystemExit, _ExitedError, Exception) as error:
        if isinstance(error, Exception):
            reason = " ".join(f"{type(error).__name__}: {error}".split())
        else:
            how = f"sys.exit({error.code!r})" if isinstance(error, SystemExit) else str(error)
            reason = f"it ended itself by {how}"
        raise ConfigError("module", f"{bound} ({'; '.join([reason, *(more or [])])})", target) from error
    finally:
        os._exit = kept


def guarded(module: nn.Module, target: str) -> nn.Module:
    """``module``, whose every pass tells, where it fails, the inputs' shape, and the layer and shape it came to."""
    forward = module.forward
    came_to: list[str] = []

    def enter(name: str, item: nn.Module, given: tuple[Any, ...]) -> None:
        shapes = " and ".join(str(tuple(one.shape)) for one in given if isinstance(one, Tensor))
        came_to[:] = [f"its layer {name}, {' '.join(str(item).split())}, was handed {shapes}"]

    def told(*inputs: Any, **named: Any) -> Any:
        leaves = [(name, item) for name, item in module.named_modules() if name and not any(item.children())]
        came_to.clear()
        hooks = [
            item.register_forward_pre_hook(lambda layer, given, name=name: enter(name, layer, given))
            for name, item in leaves
        ]
        shape = tuple(inputs[0].shape) if inputs and isinstance(inputs[0], Tensor) else ()
        try:
            with guest(f"one that takes inputs {shape}", target, came_to):
                return forward(*inputs, **named)
        finally:
            for hook in hooks:
                hook.remove()

    module.forward = told
    return module
