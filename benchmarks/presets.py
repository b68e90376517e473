"""Does every preset do what its sentence says? 100 seeds each: a data draw, an initialisation, a batch order a seed.

``python -m benchmarks.presets [NAME …] [--seeds N]``. The networks of a preset train side by side in the batched
kernel; the run of seed s is, but for rounding, the film that the lab shows for ``seed=s``. What is measured of them
is in benchmarks/sentences.py.
"""

from __future__ import annotations

from benchmarks.report import Row, one_thread, report

one_thread()

import argparse  # noqa: E402
import sys  # noqa: E402
from time import perf_counter  # noqa: E402

import numpy as np  # noqa: E402
import torch  # noqa: E402

from app.pages.presets import PRESETS, Claim, Preset  # noqa: E402
from benchmarks.sentences import Seen, holds, measured  # noqa: E402
from nnprobe_core.config import RunConfig  # noqa: E402


def rows(preset: Preset, seeds: int) -> list[Row]:
    """The preset's figures, with the bar of every claim (bars are of 100 seeds, scaled)."""
    start, known = perf_counter(), dict[RunConfig, list[Seen]]()
    found = [row for claim in preset.claims for row in _claimed(preset, claim, seeds, known)]
    print(f"{preset.name}: {perf_counter() - start:.0f} s", flush=True)
    return found


def _claimed(preset: Preset, claim: Claim, seeds: int, known: dict[RunConfig, list[Seen]]) -> list[Row]:
    values = measured(preset, claim, range(seeds), known)
    share = 100 * holds(claim, values) / seeds
    other = "".join(f", {name} {value}" for name, value in claim.change.items())
    less = "".join(f", less that of {name} {value}" for name, value in (claim.against or {}).items())
    name = f"{preset.name}{other}: {claim.quantity}{less} {claim.where} {claim.value:g}"
    print(f"  {name}: {share:.0f} %, median {np.median(values):.4g}", flush=True)
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
