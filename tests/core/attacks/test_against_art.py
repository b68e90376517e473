"""The same adversarial points as the adversarial-robustness-toolbox, which shares no line with us."""

import warnings

import numpy as np
import pytest
from nets import Plane, pictures, plane
from torch import nn

from nnprobe_core.attacks.bim import Bim
from nnprobe_core.attacks.fgsm import Fgsm
from nnprobe_core.attacks.torch_classifier import TorchClassifier

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from art.attacks.evasion import BasicIterativeMethod, FastGradientMethod, ProjectedGradientDescent
    from art.estimators.classification import PyTorchClassifier

ORDER = {"linf": np.inf, "l2": 2}
CASES = ["plane", "pictures"]


def case(name):
    if name == "plane":
        module, (x, y) = Plane(), plane()
        return module, x, y, 3, None
    module, x, y = pictures()
    return module, x, y, 10, (0.0, 1.0)


def theirs(module, x, classes, clip):
    return PyTorchClassifier(
        module.eval(), nn.CrossEntropyLoss(), x.shape[1:], classes, clip_values=clip, device_type="cpu"
    )


def labels(y, classes, targeted):
    """The true classes, or for each point another one to reach."""
    return (y + 1) % classes if targeted else y


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("norm", ORDER)
@pytest.mark.parametrize("targeted", [False, True])
def test_fgsm(name, norm, targeted):
    module, x, y, classes, clip = case(name)
    for epsilon in (0.05, 0.5):
        attack = FastGradientMethod(
            theirs(module, x, classes, clip), norm=ORDER[norm], eps=epsilon, targeted=targeted, batch_size=33
        )
        expected = attack.generate(x, labels(y, classes, targeted))
        found = Fgsm(norm=norm, clip_values=clip).perturb(
            TorchClassifier(module), x, y, epsilon, targets=labels(y, classes, True) if targeted else None
        )
        assert np.abs(expected - x).max() > 0.8 * epsilon * (1 if norm == "linf" else 0.1)
        np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("norm", ORDER)
@pytest.mark.parametrize("targeted", [False, True])
def test_bim(name, norm, targeted):
    module, x, y, classes, clip = case(name)
    epsilon, steps = 0.4, 8
    given = {"eps": epsilon, "eps_step": epsilon / 2, "max_iter": steps, "targeted": targeted, "verbose": False}
    network = theirs(module, x, classes, clip)
    attack = (
        BasicIterativeMethod(network, **given)
        if norm == "linf"
        else ProjectedGradientDescent(network, norm=2, num_random_init=0, **given)
    )
    expected = attack.generate(x, labels(y, classes, targeted))
    found = Bim(norm=norm, clip_values=clip, steps=steps).perturb(
        TorchClassifier(module), x, y, epsilon, targets=labels(y, classes, True) if targeted else None
    )
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize("norm", ORDER)
def test_the_numpy_network_is_attacked_alike(norm):
    module, x, y, classes, _ = case("plane")
    expected = FastGradientMethod(theirs(module, x, classes, None), norm=ORDER[norm], eps=0.3).generate(x, y)
    np.testing.assert_allclose(Fgsm(norm=norm).perturb(module.numpy(), x, y, 0.3), expected, atol=1e-6)
