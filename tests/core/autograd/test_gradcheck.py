"""gradcheck names the first operation that is wrong, with both values."""

import numpy as np
import pytest

from nnprobe_core.autograd import GradientError, Tensor, gradcheck, math_fns, mdl
from nnprobe_core.autograd import tensor_fns as F
from nnprobe_core.autograd.torch_reference import torch_gradients

X = np.random.default_rng(0).normal(size=(5, 3))
REFERENCES = ["finite differences", "torch"]


class WrongTanh(math_fns.Tanh):
    def backward(self, grad):
        return (grad * (1 - self.result),)


class WrongAdd(math_fns.Add):
    def backward(self, grad):
        return grad, grad  # forgets that broadcasting is reversed by a sum


@pytest.mark.parametrize("reference", REFERENCES)
def test_a_whole_network_is_right(reference):
    network = mdl.Sequential(mdl.Linear(3, 5, "relu"), mdl.Linear(5, 4, "gelu"), mdl.Linear(4, 2, "none"))
    before = [parameter.data.copy() for parameter in network.parameters()]
    loss = mdl.CELoss()
    assert gradcheck(lambda x: loss(network(x), Tensor([0, 1, 1, 0, 1])), [X], reference=reference)
    assert gradcheck(lambda x: F.clip(x, -1, 1) / (x * x + 1) @ X.T, [Tensor(X, True)], reference=reference)
    for parameter, data in zip(network.parameters(), before, strict=True):
        assert parameter.data.dtype == np.float32
        assert (parameter.data == data).all()


@pytest.mark.parametrize("reference", REFERENCES)
def test_the_first_wrong_operation_is_named_with_both_values(reference):
    def fn(x):
        return F.exp(Tensor.apply_fn(WrongTanh, 2 * x))

    with pytest.raises(GradientError) as caught:
        gradcheck(fn, [X], reference=reference)
    error = caught.value
    assert (error.operation, error.argument, error.index) == ("WrongTanh", 0, (0, 0))
    h = np.tanh(np.float32(2) * X[0, 0])
    ratio = error.got / error.expected  # the seed cancels
    assert ratio == pytest.approx((1 - h) / (1 - h * h), rel=1e-5)
    assert "operation 2 of 3, of (5, 3)" in str(error)
    assert f"backward gives {error.got:.6g}, finite differences {error.expected:.6g}." in str(error)


def test_torch_judges_the_operations_it_has():
    class Tanh(WrongTanh):
        pass

    with pytest.raises(GradientError, match=r"^Tanh \(operation 1 of 1, of \(5, 3\)\): .* torch "):
        gradcheck(lambda x: Tensor.apply_fn(Tanh, x), [X], reference="torch")


def test_a_wrong_shape_is_named():
    sentence = r"WrongAdd \(operation 1 of 2, of \(5, 3\) and \(2, 5, 3\)\): for argument 0 backward gives shape"
    with pytest.raises(GradientError, match=sentence) as caught:
        gradcheck(lambda x: F.exp(Tensor.apply_fn(WrongAdd, x, Tensor(np.ones((2, 5, 3))))), [X])
    assert (caught.value.got, caught.value.expected) == ((2, 5, 3), (5, 3))


def test_a_fault_of_the_walk_itself_shows_in_the_whole(monkeypatch):
    from nnprobe_core.autograd import tensor

    whole = tensor.Tensor._accumulate
    monkeypatch.setattr(tensor.Tensor, "_accumulate", lambda self, grad: whole(self, 2 * grad))
    with pytest.raises(GradientError, match=r"^the whole graph: for argument 0 at") as caught:
        gradcheck(F.exp, [X])
    assert caught.value.got == pytest.approx(2 * caught.value.expected, rel=1e-6)


def test_constants_among_the_inputs_are_left_alone():
    assert gradcheck(F.mat_mul, [Tensor(X), Tensor(X.T, requires_grad=True)])


def test_every_operation_has_a_counterpart_in_torch():
    names = set(math_fns.__all__) - {"Array", "Function", "unbroadcast"}
    for name in names:
        function = getattr(math_fns, name)
        count = 2 if name in ("Add", "Mul", "MatMul", "Max", "Min") else 1
        settings = {"Slice": {"slice_obj": (slice(None, None, -1), [0, 0])}, "Reshape": {"shape": (9,)}}.get(name, {})
        data = np.array([[0.5, 0, 2], [1, 3, 0.1], [-1, 0.7, 4]]) if name != "Log" else np.arange(1.0, 10).reshape(3, 3)
        fn = function(*[Tensor(data, dtype=np.float64) for _ in range(count)], **settings)
        with np.errstate(divide="ignore", invalid="ignore"):
            seed = np.cos(np.arange(fn.forward().size)).reshape(fn.forward().shape)
            parts, expected = fn.backward(seed), torch_gradients(fn, seed)
        for part, wanted in zip(parts, expected, strict=True):
            np.testing.assert_allclose(part, wanted, atol=1e-12)


def test_an_unknown_reference_is_refused():
    with pytest.raises(ValueError, match="reference must be finite differences or torch, got 'jax'"):
        gradcheck(F.exp, [X], reference="jax")
