"""Every activation, and the losses, in every precision and over the whole range, against mpmath's fifty digits."""

import mpmath
import numpy as np
import pytest

from nnprobe_core.autograd import Tensor, mdl
from nnprobe_core.autograd import tensor_fns as F

mpmath.mp.dps = 50
ONE = mpmath.mpf(1)


def logistic(x):
    return ONE / (1 + mpmath.exp(-x))


def density(x):
    return mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi)


def below(x):
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


#: f(x), and the parts that f′(x) is the sum of: where they cancel, only their size bounds what rounding may do.
EXACT = {
    "sigmoid": (logistic, lambda x: [logistic(x) * logistic(-x)]),
    "tanh": (mpmath.tanh, lambda x: [mpmath.sech(x) ** 2]),
    "softplus": (lambda x: mpmath.log1p(mpmath.exp(x)), lambda x: [logistic(x)]),
    "silu": (lambda x: x * logistic(x), lambda x: [logistic(x), x * logistic(x) * logistic(-x)]),
    "gelu": (lambda x: x * below(x), lambda x: [below(x), x * density(x)]),
    "relu": (lambda x: max(x, 0), lambda x: [mpmath.mpf(1 if x > 0 else 0 if x < 0 else 0.5)]),
    "leaky_relu": (
        lambda x: x if x > 0 else x * mpmath.mpf("0.01"),
        lambda x: [mpmath.mpf("1" if x > 0 else "0.01" if x < 0 else "0.505")],
    ),
    "sine": (mpmath.sin, lambda x: [mpmath.cos(x)]),
    "identity": (lambda x: x, lambda x: [x / x if x else ONE]),
    "exp": (mpmath.exp, lambda x: [mpmath.exp(x)]),
}
FAR = {"exp": {np.float16: 11, np.float32: 88, np.float64: 700}}  # beyond, the result is no number of that precision


def grid(name: str, dtype: type) -> np.ndarray:
    """From the smallest normal number to the largest worth asking for, both signs, 0 and what was seen to fail."""
    top = FAR.get(name, {}).get(dtype, 1e4)
    spread = np.geomspace(max(float(np.finfo(dtype).tiny), 1e-30), top, 90)
    near = np.array([0.5, 1, 2, 5, 8, 10, 12, 20, 30, 37, 40, 80, 100])
    sizes = np.concatenate([spread, near[near <= top]])
    return np.concatenate([[0.0], sizes, -sizes]).astype(dtype)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("name", EXACT)
def test_an_activation_and_its_derivative_keep_their_digits(name, dtype):
    x = Tensor(grid(name, dtype), requires_grad=True, dtype=dtype)
    result = getattr(F, name)(x)
    result.backward()
    assert result.dtype == x.grad.dtype == dtype
    value, parts = EXACT[name]
    info = np.finfo(dtype)
    smallest = 4 * float(info.smallest_subnormal) if dtype is np.float16 else float(info.tiny)
    for at, got, slope in zip(x.data.tolist(), result.data.tolist(), x.grad.data.tolist(), strict=True):
        exact, terms = value(mpmath.mpf(at)), parts(mpmath.mpf(at))
        least = smallest * max(1.0, abs(at))  # x · σ(x), σ being less than any normal number
        # In the tail of Φ a rounding of x counts x² times; what float64 is asked for below it need not bear that.
        eps = float(info.eps) * (8 + (at * at if name == "gelu" and dtype is np.float64 else 0))
        assert abs(got - exact) <= eps * abs(exact) + least, (at, got, float(exact))
        size = sum(map(abs, terms))
        if name == "sine":
            size = ONE  # cos x at a zero of it
        assert abs(slope - sum(terms)) <= eps * size + least, (at, slope, float(sum(terms)))


def test_the_tails_that_were_lost():
    x = Tensor([-20.0], requires_grad=True)
    sigma = F.sigmoid(x)
    sigma.backward()
    assert sigma.item() == pytest.approx(2.0611536e-9, rel=1e-6)
    assert x.grad.item() == pytest.approx(2.0611536e-9, rel=1e-6)
    assert F.silu(Tensor(-20.0)).item() == pytest.approx(-4.1223072e-8, rel=1e-6)
    assert F.softplus(Tensor(-20.0)).item() == pytest.approx(2.0611536e-9, rel=1e-6)


@pytest.mark.parametrize("x", [-49.0, -20.0, -1.0, 0.0, 3.0, 20.0, 49.0])
@pytest.mark.parametrize("target", [0.0, 0.25, 1.0])
def test_binary_cross_entropy_of_a_sure_prediction_is_not_rounded_to_nothing(x, target):
    logit = Tensor([x], requires_grad=True)
    loss = mdl.BCELoss()(logit, Tensor([target]))
    loss.backward()
    at = mpmath.mpf(x)
    exact = -target * mpmath.log(logistic(at)) - (1 - target) * mpmath.log(logistic(-at))
    assert loss.item() == pytest.approx(float(exact), rel=1e-6)
    slope = (1 - target) * logistic(at) - target * logistic(-at)
    assert logit.grad.item() == pytest.approx(float(slope), rel=1e-6, abs=1e-7 * target * (1 - target))


@pytest.mark.parametrize("gap", [0.0, 1.0, 20.0, 40.0, 100.0])
def test_cross_entropy_of_a_sure_prediction_is_not_rounded_to_nothing(gap):
    logits = Tensor([[gap, 0.0, -1.0]], requires_grad=True)
    loss = mdl.CELoss()(logits, Tensor([0]))
    loss.backward()
    others = mpmath.exp(-mpmath.mpf(gap)) + mpmath.exp(-mpmath.mpf(gap) - 1)
    least = float(np.finfo(np.float32).tiny)
    assert loss.item() == pytest.approx(float(mpmath.log1p(others)), rel=1e-6, abs=least)
    # 1 − p, of a p in float64
    assert logits.grad.data[0, 0] == pytest.approx(float(-others / (1 + others)), rel=1e-6, abs=2.3e-16)
    assert logits.grad.data[0, 1] == pytest.approx(float(mpmath.exp(-gap) / (1 + others)), rel=1e-6, abs=least)
    assert F.softmax(logits).data[0, 2] == pytest.approx(
        float(mpmath.exp(-gap - 1) / (1 + others)), rel=1e-6, abs=least
    )


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_softmax_keeps_its_precision_and_passes_a_sure_ones_gradient(dtype):
    x = Tensor([[9.0, 0.0]], requires_grad=True, dtype=dtype)
    p = F.softmax(x)
    p[0, 0].backward()
    assert p.dtype == x.grad.dtype == dtype
    exact = logistic(mpmath.mpf(9)) * logistic(mpmath.mpf(-9))
    assert x.grad.data[0] == pytest.approx([float(exact), -float(exact)], rel=4 * float(np.finfo(dtype).eps))


def test_means_and_sums_are_added_up_in_more_digits_than_they_are_kept_in():
    """5 000 times 50 is beyond float16, its mean is not; and a float16 that has reached 2 048 gains no 1 any more."""
    many = Tensor(np.full((5000, 3), 50.0), requires_grad=True, dtype=np.float16)
    mean = F.reduce(many, axis=0)
    assert (mean.dtype, mean.data.tolist()) == (np.float16, [50.0] * 3)
    mean.backward()
    assert many.grad.data == pytest.approx(1 / 5000, rel=1e-3)
    assert F.reduce(Tensor(np.ones((5000, 2)), dtype=np.float16), 0, "sum").data.tolist() == [5000.0] * 2
    bias = Tensor(np.zeros((1, 3)), requires_grad=True, dtype=np.float16)
    (many.detach() * 0 + bias).backward()
    assert bias.grad.data.tolist() == [[5000.0] * 3]
    small = np.full(10**6, 0.1, np.float32)
    assert F.reduce(Tensor(small), reduction="sum").item() == np.float32(np.sum(small, dtype=np.float64))
