"""Does every preset do what its sentence says? 100 seeds each: a data draw, an initialisation, a batch order a seed.

``python -m benchmarks.presets [NAME …] [--seeds N]``. The networks of a preset train side by side in the batched
kernel; the run of seed s is, but for rounding, the film that the lab shows for ``seed=s``.
"""

from __future__ import annotations

from benchmarks.report import Row, one_thread, report

one_thread()

import argparse  # noqa: E402
import sys  # noqa: E402
from dataclasses import dataclass, replace  # noqa: E402
from time import perf_counter  # noqa: E402

import numpy as np  # noqa: E402
import torch  # noqa: E402

from app.presets import PRESETS, Claim, Preset  # noqa: E402
from nnprobe_core.config import RunConfig  # noqa: E402
from nnprobe_core.datasets.data import Data, load_data  # noqa: E402
from nnprobe_core.models.initialisation import draw  # noqa: E402
from nnprobe_core.registry import ACTIVATIONS, INITIALISATIONS, OPTIMISERS, load  # noqa: E402
from nnprobe_core.training.kernel import Kernel  # noqa: E402
from nnprobe_core.training.network import order_of_epoch  # noqa: E402

TOGETHER = 25  #: networks a kernel trains at once: their buffers should stay near the processor
TESTS = {">=": np.greater_equal, ">": np.greater, "<": np.less}


@dataclass(frozen=True)
class Ends:
    """What a preset's networks came to, one entry a seed. Names as in :class:`app.presets.Claim`."""

    train: np.ndarray
    test: np.ndarray
    loss: np.ndarray
    finite: np.ndarray
    dead: np.ndarray


def seeded(config: RunConfig, seed: int) -> RunConfig:
    return replace(config, seed_data=seed, seed_init=seed, seed_batch=seed)


def train(config: RunConfig, seeds: range) -> Ends:
    """Train ``config`` with every seed, at once, and measure the ends."""
    data = [load_data(seeded(config, seed)) for seed in seeds]
    kernel = Kernel(config.widths, load(ACTIVATIONS, config.activation, "activation"), networks=len(seeds))
    scheme = load(INITIALISATIONS, config.init, "init")
    for row, seed in zip(kernel.parameters, seeds, strict=True):
        layers, _ = draw(scheme, config.widths, seed, config.init_gain)
        row.copy_(torch.cat([torch.cat([weight, bias[:, None]], 1).reshape(-1) for weight, bias in layers]))
    optimiser = load(OPTIMISERS, config.optimiser, "optimiser")(
        kernel.parameters, kernel.gradient, momentum=config.momentum, weight_decay=config.weight_decay
    )
    x = kernel.points(np.stack([item.x_train for item in data]))
    targets = kernel.targets(np.stack([item.y_train for item in data]))
    for step in range(config.steps):
        epoch, batch = divmod(step, config.steps_per_epoch)
        if batch == 0:
            orders = [_order(config, seed, epoch) for seed in seeds]
            order = torch.from_numpy(np.stack(orders))
            shuffled = [value.gather(2, order[:, None].expand(value.shape)) for value in (x, targets)]
        part = slice(batch * config.batch, (batch + 1) * config.batch)
        kernel.backpropagate(shuffled[0][..., part].contiguous(), shuffled[1][..., part].contiguous())
        optimiser.step(config.lr_at(step))
    return ends(kernel, config, data, x)


def _order(config: RunConfig, seed: int, epoch: int) -> np.ndarray:
    return order_of_epoch(seed, epoch, config.points) if config.shuffle else np.arange(config.points)


def ends(kernel: Kernel, config: RunConfig, data: list[Data], x: torch.Tensor) -> Ends:
    """Accuracies, train loss, finiteness and the share of dead ReLU units of every network."""
    work = kernel.forward(x)
    logits = work.logits.double().clone()
    y = torch.from_numpy(np.stack([item.y_train for item in data]).astype(np.int64))
    loss = torch.nn.functional.cross_entropy(logits, y, reduction="none").mean(1)
    dead = torch.stack([(h[..., :-1, :] <= 0).all(-1).float().mean(-1) for h in work.h]).mean(0)
    tested = kernel.forward(kernel.points(np.stack([item.x_test for item in data]))).logits
    y_test = torch.from_numpy(np.stack([item.y_test for item in data]).astype(np.int64))
    relu = config.activation == "relu"
    return Ends(
        train=(logits.argmax(1) == y).double().mean(1).numpy(),
        test=(tested.argmax(1) == y_test).double().mean(1).numpy(),
        loss=loss.numpy(),
        finite=torch.isfinite(kernel.parameters).all(1).numpy() * 1.0,
        dead=dead.numpy() if relu else np.zeros(len(data)),
    )


def rows(preset: Preset, seeds: int) -> list[Row]:
    """The preset's figures, with the bar of every claim (bars are of 100 seeds, scaled)."""
    start = perf_counter()
    parts = [train(preset.config, range(at, min(at + TOGETHER, seeds))) for at in range(0, seeds, TOGETHER)]
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Ends.__dataclass_fields__}
    print(
        f"{preset.name}: test {np.median(whole['test']):.3f} (median), train {np.median(whole['train']):.3f}, "
        f"loss {np.median(whole['loss']):.3g}, solved {np.mean(whole['test'] >= 0.99):.0%}, "
        f"finite {whole['finite'].mean():.0%}, dead {np.median(whole['dead']):.0%}, {perf_counter() - start:.0f} s",
        flush=True,
    )
    return [row for claim in preset.claims for row in _claimed(preset, claim, whole, seeds)]


def _claimed(preset: Preset, claim: Claim, whole: dict[str, np.ndarray], seeds: int) -> list[Row]:
    share = 100 * float(np.mean(TESTS[claim.where](whole[claim.quantity], claim.value)))
    name = f"{preset.name}: {claim.quantity} {claim.where} {claim.value:g}"
    unit = f"% of {seeds}"
    lo, hi = claim.seeds
    bars = [Row(name, share, unit, lo)] if lo > 0 else []
    return [*bars, Row(name, share, unit, hi, at_least=False)] if hi < 100 or not bars else bars


def main() -> bool:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *(preset.name for preset in PRESETS)])
    parser.add_argument("--seeds", type=int, default=100)
    options = parser.parse_args()
    torch.set_num_threads(1)
    chosen = [preset for preset in PRESETS if not options.names or preset.name in options.names]
    return report("presets", [row for preset in chosen for row in rows(preset, options.seeds)])


if __name__ == "__main__":
    sys.exit(not main())
