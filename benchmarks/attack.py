"""FGSM on the thesis's test set, 660 points of its network with five hidden layers of 50: batched, against one by one.

One by one is what the thesis tool does: a forward and a backward pass of autograd for each point. Both sides start at
arrays and end at the same adversarial points. A Row says how the other attacks, and a curve over ten sizes, compare.
"""

from __future__ import annotations

import sys
from itertools import pairwise

from benchmarks.report import Row, interleaved, one_thread, report

one_thread()

import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

from nnprobe_core.attacks.bim import Bim  # noqa: E402
from nnprobe_core.attacks.curve import robustness_curve  # noqa: E402
from nnprobe_core.attacks.fgsm import Fgsm  # noqa: E402
from nnprobe_core.attacks.pgd import Pgd  # noqa: E402
from nnprobe_core.attacks.torch_classifier import TorchClassifier  # noqa: E402
from nnprobe_core.config import RunConfig  # noqa: E402
from nnprobe_core.datasets.data import load_data  # noqa: E402
from nnprobe_core.models.mlp import Mlp  # noqa: E402

BAR = 50.0
POINTS, EPSILON = 660, 0.5
HIDDEN, WIDTH = 5, 50


def network() -> nn.Sequential:
    torch.manual_seed(0)
    widths = [2, *[WIDTH] * HIDDEN, 2]
    parts: list[nn.Module] = []
    for fan_in, fan_out in pairwise(widths):
        parts += [nn.Linear(fan_in, fan_out), nn.Tanh()]
    return nn.Sequential(*parts[:-1])


def one_by_one(module: nn.Module, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    found, loss_of = [], nn.CrossEntropyLoss()
    for point, label in zip(torch.from_numpy(x), torch.from_numpy(y), strict=True):
        point = point[None].clone().requires_grad_()
        loss = loss_of(module(point), label[None])
        module.zero_grad()
        loss.backward()
        assert point.grad is not None
        found.append((point + EPSILON * point.grad.sign()).detach().numpy())
    return np.concatenate(found)


def main() -> bool:
    torch.set_num_threads(1)
    data = load_data(RunConfig(radius=2, n_train=2, n_test=POINTS // 2))
    x, y, module = data.x_test, data.y_test.astype(np.int64), network()
    linear = [item for item in module if isinstance(item, nn.Linear)]
    mlp = Mlp([(item.weight.detach().numpy(), item.bias.detach().numpy()) for item in linear], "tanh")
    classifier, fgsm = TorchClassifier(module), Fgsm()
    theirs = one_by_one(module, x, y)
    for ours in (fgsm.perturb(classifier, x, y, EPSILON), fgsm.perturb(mlp, x, y, EPSILON)):
        if np.abs(ours - theirs).max() > 1e-6:
            raise AssertionError(f"Both sides must give the same points, got {np.abs(ours - theirs).max()} apart.")
    alone, batched, numpy = interleaved(
        [
            lambda: one_by_one(module, x, y),
            lambda: fgsm.perturb(classifier, x, y, EPSILON),
            lambda: fgsm.perturb(mlp, x, y, EPSILON),
        ],
        repeats=9,
    )
    bim, pgd, curve = interleaved(
        [
            lambda: Bim().perturb(classifier, x, y, EPSILON),
            lambda: Pgd().perturb(classifier, x, y, EPSILON),
            lambda: robustness_curve(classifier, x, y, np.linspace(0, 3, 10).tolist(), fgsm),
        ],
        repeats=5,
    )
    return report(
        "attack",
        [
            Row("FGSM, 660 points: batched, times faster than one by one", alone / batched, "×", BAR),
            Row("the same on the NumPy network of the web process", alone / numpy, "×"),
            Row("FGSM one by one", alone * 1e3, "ms"),
            Row("FGSM batched, module", batched * 1e3, "ms"),
            Row("FGSM batched, NumPy", numpy * 1e3, "ms"),
            Row("BIM, 10 steps", bim * 1e3, "ms"),
            Row("PGD, 10 steps, 5 restarts", pgd * 1e3, "ms"),
            Row("ε-curve of FGSM, 10 sizes, with noise", curve * 1e3, "ms"),
        ],
    )


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
