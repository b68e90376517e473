"""gradcheck: is every gradient right, and if not, which operation's is the first that is wrong?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from .math_fns import Array, Function
from .tensor import Tensor, backward_order

DIFFERENCES, TORCH = "finite differences", "torch"


class GradientError(AssertionError):
    """An operation's backward disagrees with the reference.

    Attributes
    ----------
    operation : str
        Name of its Function, or "the whole graph".
    argument : int
        Which of its arguments.
    index : tuple of int
        Which element of it; () where the gradient's shape is already wrong.
    got, expected : float or tuple of int
        What backward gives there, and the reference; shapes, where the shape is wrong.
    """

    def __init__(self, operation: str, place: str, argument: int, index: tuple[int, ...], values: tuple, by: str):  # type: ignore[type-arg]
        self.operation, self.argument, self.index = operation, argument, index
        self.got, self.expected = values
        shown = [f"{value:.6g}" if isinstance(value, float) else f"shape {value}" for value in values]
        where = f" at {index}" if index else ""
        super().__init__(f"{place}: for argument {argument}{where} backward gives {shown[0]}, {by} {shown[1]}.")


def gradcheck(
    fn: Callable[..., Tensor],
    inputs: Sequence[Tensor | ArrayLike],
    *,
    reference: str = DIFFERENCES,
    eps: float = 1e-6,
    tolerance: float = 1e-5,
    elements: int = 64,
) -> bool:
    """True if the gradients of ``fn(*inputs)`` are right; GradientError naming the first operation whose are not.

    Parameters
    ----------
    fn : callable
        Tensors to a tensor.
    inputs : sequence of Tensor or array_like
        Where to look. Gradients of all are checked but those of tensors that ask for none.
    reference : str
        "finite differences": (f(x + h) − f(x − h)) / 2h with h = eps · max(1, |x|), in float64. "torch":
        torch.autograd, for operations that PyTorch has too; differences for the others.
    eps, tolerance : float
        A gradient is right within tolerance · max(1, |reference|).
    elements : int
        At most so many elements of each argument, evenly spaced.

    Each operation is checked on its own, in the order of computation, on the values it met and with a random gradient
    of its result; then the whole, which can only fail where the walk back itself is wrong. Neither reference knows
    a derivative at a jump; at a kink both give the middle.
    """
    if reference not in (DIFFERENCES, TORCH):
        raise ValueError(f"reference must be {DIFFERENCES} or {TORCH}, got {reference!r}.")
    tensors = [Tensor(x, getattr(x, "requires_grad", True), np.float64) for x in inputs]
    result = fn(*tensors)
    order = [tensor.grad_fn for tensor in reversed(list(backward_order(result))) if tensor.grad_fn is not None]
    rng = np.random.default_rng(0)
    check = _Check(eps, tolerance, elements)
    for number, operation in enumerate(order, 1):
        _check_operation(operation, f"operation {number} of {len(order)}", reference, check, rng)
    seed = rng.normal(size=result.shape)
    result.backward(Tensor(seed, dtype=np.float64))
    for index, tensor in enumerate(tensors):
        if tensor.requires_grad:
            got = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.data
            check.differences("the whole graph", "the whole graph", index, tensor, got, lambda: fn(*tensors).data, seed)
    return True


def _check_operation(fn: Function, number: str, reference: str, check: _Check, rng: np.random.Generator) -> None:
    name = type(fn).__name__
    shapes = " and ".join(str(arg.shape) for arg in fn.args)
    place = f"{name} ({number}, of {shapes})"
    originals = fn.args
    # Copies in float64, one for each argument, so that moving one moves nothing else.
    fn.args = tuple(Tensor(arg, arg.requires_grad, np.float64) for arg in originals)
    try:
        seed = rng.normal(size=np.shape(fn.forward()))
        parts = fn.backward(seed)
        expected = None
        if reference == TORCH:
            from .torch_reference import torch_gradients  # torch is not needed for anything else

            expected = torch_gradients(fn, seed)
        for index, (arg, part) in enumerate(zip(fn.args, parts, strict=True)):
            if not arg.requires_grad or part is None:
                continue
            if expected is None:
                check.differences(name, place, index, arg, part, fn.forward, seed)
            else:
                check.array(name, place, index, part, expected[index])
    finally:
        fn.args = originals
        fn.forward()  # what it remembers for its backward is of the originals again


class _Check:
    def __init__(self, eps: float, tolerance: float, elements: int) -> None:
        self.eps, self.tolerance, self.elements = eps, tolerance, elements

    def differences(
        self, name: str, place: str, index: int, arg: Tensor, got: Array, f: Callable[[], Array], seed: Array
    ) -> None:
        """Compare ``got``, the gradient of Σ seed · f() with respect to ``arg``, with differences of it."""
        self._shape(name, place, index, got, arg.shape, DIFFERENCES)
        for at in self._places(arg.shape):
            value = arg.data[at]
            h = self.eps * max(1.0, abs(float(value)))
            sums = []
            for moved in (value + h, value - h):
                arg.data[at] = moved
                sums.append(float(np.sum(seed * f())))
            arg.data[at] = value
            self._compare(name, place, index, at, float(got[at]), (sums[0] - sums[1]) / (2 * h), DIFFERENCES)

    def array(self, name: str, place: str, index: int, got: Array, expected: Array) -> None:
        """Compare ``got`` with a reference gradient."""
        self._shape(name, place, index, got, expected.shape, TORCH)
        for at in self._places(expected.shape):
            self._compare(name, place, index, at, float(got[at]), float(expected[at]), TORCH)

    def _places(self, shape: tuple[int, ...]) -> list[tuple[int, ...]]:
        size = int(np.prod(shape))
        picked = np.unique(np.linspace(0, size - 1, min(size, self.elements)).astype(int))
        return [tuple(int(i) for i in np.unravel_index(flat, shape)) for flat in picked]

    def _shape(self, name: str, place: str, index: int, got: Array, shape: tuple[int, ...], by: str) -> None:
        if np.shape(got) != shape:
            raise GradientError(name, place, index, (), (np.shape(got), shape), by)

    def _compare(
        self, name: str, place: str, index: int, at: tuple[int, ...], got: float, expected: float, by: str
    ) -> None:
        if not abs(got - expected) <= self.tolerance * max(1.0, abs(expected)):  # NaN disagrees, too
            raise GradientError(name, place, index, at, (got, expected), by)
