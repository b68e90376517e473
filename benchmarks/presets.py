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
from torch.nn.functional import cross_entropy  # noqa: E402

from app.presets import PRESETS, Claim, Preset  # noqa: E402
from nnprobe_core.config import RunConfig  # noqa: E402
from nnprobe_core.training.ensemble import Ensemble  # noqa: E402

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
    ensemble = Ensemble([seeded(config, seed) for seed in seeds])
    ensemble.advance(config.steps)
    data = ensemble.data
    kernel, x, y = ensemble.kernel, np.stack([item.x_train for item in data]), np.stack([item.y_train for item in data])
    logits = ensemble.logits(x).astype(np.float64)
    loss = cross_entropy(torch.from_numpy(logits), torch.from_numpy(y.astype(np.int64)), reduction="none").mean(1)
    tested = ensemble.logits(np.stack([item.x_test for item in data])).argmax(1)
    dead = [(h <= 0).all(-1).mean(-1) for h in kernel.forward(kernel.points(x)).outputs]
    return Ends(
        train=(logits.argmax(1) == y).mean(1),
        test=(tested == np.stack([item.y_test for item in data])).mean(1),
        loss=loss.numpy(),
        finite=torch.isfinite(kernel.parameters).all(1).numpy() * 1.0,
        dead=np.mean(dead, axis=0) if config.activation == "relu" else np.zeros(len(data)),
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
