"""Tensor: an array that remembers how it was computed, and the walk back along that memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .math_fns import Add, Array, Function, Inv, MatMul, Mul, Neg, Reshape, Slice


class Tensor:
    """An array and its place in the computation graph.

    Parameters
    ----------
    data : array_like
        Copied.
    requires_grad : bool
        Whether :meth:`backward` is to compute a gradient for it.
    dtype : optional
        float32 unless asked otherwise (float64 serves to check gradients).

    Attributes
    ----------
    data : ndarray
    grad : Tensor or None
        The sum of the gradients that every :meth:`backward` since the last :meth:`zero_grad` has brought. Results of
        operations keep theirs, too; it may share memory with that of another result, so read it, don't write to it.
    requires_grad : bool
        A result's is True where any argument's is.
    grad_fn : Function or None
        The operation it is the result of; its ``args`` are the next tensors back. None: nobody computed it, a leaf.
    """

    __array_priority__ = 1000  # so that ``ndarray + Tensor`` is a Tensor

    def __init__(self, data: ArrayLike | Tensor, requires_grad: bool = False, dtype: DTypeLike = np.float32) -> None:
        self.data: Array = np.array(data, dtype)
        self.grad: Tensor | None = None
        self.requires_grad = requires_grad
        self.grad_fn: Function | None = None

    @staticmethod
    def apply_fn(fn_type: type[Function], *args: Tensor, **settings: Any) -> Tensor:
        """The result of one operation: the only place where the graph grows."""
        fn = fn_type(*args, **settings)
        result = _wrap(fn.forward())
        fn.wanted = tuple([arg.requires_grad for arg in args])
        if True in fn.wanted:
            result.requires_grad, result.grad_fn = True, fn
        return result

    def backward(self, gradient: Tensor | ArrayLike | None = None) -> None:
        """Add to the ``grad`` of every tensor below this one its gradient: reverse-mode differentiation.

        Parameters
        ----------
        gradient : Tensor, optional
            Of the thing to be differentiated, with respect to this tensor; a scalar stands for one of this shape.
            Left out: ones, the gradient of the sum of this tensor, or of this tensor itself where it is a scalar.

        A tensor that several operations used is passed once, after all of them. Nothing recurses: graphs may be deep.
        Raises ValueError for a gradient of another shape.
        """
        if not self.requires_grad:
            return
        arrived = {self: self._seed(gradient)}  # the gradient that a tensor's uses have brought so far
        for tensor in backward_order(self):
            grad = arrived.pop(tensor)
            tensor._accumulate(grad)
            fn = tensor.grad_fn
            if fn is None:
                continue
            for arg, part in zip(fn.args, fn.backward(grad), strict=True):
                if not arg.requires_grad or part is None:
                    continue
                if arg in arrived:
                    arrived[arg] = arrived[arg] + part
                elif arg.grad_fn is None and (part is grad or part.base is not None):
                    arrived[arg] = part.copy()  # a leaf's gradient may be written to, so it is nobody else's
                else:
                    arrived[arg] = part

    def _seed(self, gradient: Tensor | ArrayLike | None) -> Array:
        if gradient is None:
            return np.ones_like(self.data)
        seed = np.asarray(gradient, self.data.dtype)
        if seed.size != 1 and seed.shape != self.shape:
            raise ValueError(f"gradient must be a scalar or of this tensor's shape {self.shape}, got {seed.shape}.")
        return np.full_like(self.data, seed.item()) if seed.shape != self.shape else seed.copy()

    def _accumulate(self, grad: Array) -> None:
        if self.grad is not None:
            grad = self.grad.data + grad
        self.grad = _wrap(grad if grad.dtype == self.data.dtype else grad.astype(self.data.dtype))

    def zero_grad(self) -> None:
        """Make ``grad`` a tensor of zeros; None stays None."""
        if self.grad is not None:
            self.grad = _wrap(np.zeros_like(self.grad.data))

    def detach(self) -> Tensor:
        """The same data as a constant: no gradient flows back through it."""
        return _wrap(self.data)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.data.shape

    @property
    def ndim(self) -> int:
        return self.data.ndim

    @property
    def size(self) -> int:
        return self.data.size

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.data.dtype

    def item(self) -> float:
        """The one number of a tensor of one element."""
        return float(self.data.item())

    def reshape(self, *shape: int) -> Tensor:
        """The same elements in another shape."""
        return Tensor.apply_fn(Reshape, self, shape=shape)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> Array:
        return np.array(self.data, dtype, copy=copy)

    def __float__(self) -> float:
        return self.item()

    def __repr__(self) -> str:
        note = f", grad_fn={type(self.grad_fn).__name__}" if self.grad_fn else ""
        return f"Tensor({np.array2string(self.data, precision=4, separator=', ')}{note})"

    def __add__(self, other: Tensor | ArrayLike) -> Tensor:
        return Tensor.apply_fn(Add, self, self._operand(other))

    def __mul__(self, other: Tensor | ArrayLike) -> Tensor:
        return Tensor.apply_fn(Mul, self, self._operand(other))

    def __neg__(self) -> Tensor:
        return Tensor.apply_fn(Neg, self)

    def __sub__(self, other: Tensor | ArrayLike) -> Tensor:
        return self + -self._operand(other)

    def __truediv__(self, other: Tensor | ArrayLike) -> Tensor:
        return self * Tensor.apply_fn(Inv, self._operand(other))

    def __matmul__(self, other: Tensor | ArrayLike) -> Tensor:
        return Tensor.apply_fn(MatMul, self, self._operand(other))

    def __getitem__(self, index: Any) -> Tensor:
        return Tensor.apply_fn(Slice, self, slice_obj=index)

    def __radd__(self, other: ArrayLike) -> Tensor:
        return self._operand(other) + self

    def __rmul__(self, other: ArrayLike) -> Tensor:
        return self._operand(other) * self

    def __rsub__(self, other: ArrayLike) -> Tensor:
        return self._operand(other) - self

    def __rtruediv__(self, other: ArrayLike) -> Tensor:
        return self._operand(other) / self

    def __rmatmul__(self, other: ArrayLike) -> Tensor:
        return self._operand(other) @ self

    def _operand(self, other: Tensor | ArrayLike) -> Tensor:
        return other if isinstance(other, Tensor) else Tensor(other, dtype=self.data.dtype)


def backward_order(root: Tensor) -> Iterator[Tensor]:
    """``root`` and every tensor below it that asks for a gradient, each once, after all that were computed from it.

    A topological order of the graph (Kahn 1962), in time linear in its size: count the uses of every tensor, then
    give out those with no use left.
    """
    uses = {root: 0}
    found = [root]
    while found:
        for arg in _parents(found.pop()):
            if arg in uses:
                uses[arg] += 1
            else:
                uses[arg] = 1
                found.append(arg)
    ready = [root]
    while ready:
        tensor = ready.pop()
        yield tensor
        for arg in _parents(tensor):
            uses[arg] -= 1
            if not uses[arg]:
                ready.append(arg)


def _parents(tensor: Tensor) -> list[Tensor]:
    return [] if tensor.grad_fn is None else [arg for arg in tensor.grad_fn.args if arg.requires_grad]


def _wrap(data: Any) -> Tensor:
    """A constant around ``data`` without a copy; operations on scalars give NumPy scalars, made arrays here."""
    tensor = Tensor.__new__(Tensor)
    tensor.data = data if type(data) is np.ndarray else np.asarray(data)
    tensor.grad = tensor.grad_fn = None
    tensor.requires_grad = False
    return tensor
