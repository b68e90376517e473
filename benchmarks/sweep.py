"""K networks at once against the same networks one after another in eager torch with Adam, on one thread.

Both sides train on 1 000 spiral points of each network's own, in a new order each epoch. The usual side permutes
tensors once an epoch (no DataLoader: that would make it three times slower still) and is given a few of the K networks,
since they take equally long; the ensemble trains all K. Times are per step of one network, in turns.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise

from benchmarks.report import Row, interleaved, one_thread, report

one_thread()

import torch  # noqa: E402
from torch import nn  # noqa: E402

from nnprobe_core.config import RunConfig  # noqa: E402
from nnprobe_core.datasets.data import load_data  # noqa: E402
from nnprobe_core.training.ensemble import Ensemble  # noqa: E402

#: hidden layers, batch size, networks at once, steps of one round, bar (None: a figure for itself)
CASES: list[tuple[tuple[int, ...], int, int, int, float | None]] = [
    ((20, 20), 32, 64, 64, 20.0),
    ((2,), 32, 256, 64, 30.0),
    ((16, 16, 16), 64, 64, 48, None),
    ((64, 64, 64), 32, 64, 32, None),
]
ONE_BY_ONE = 3  #: networks that the usual side trains in a round


def configs(hidden: tuple[int, ...], batch: int, networks: int, device: str = "cpu") -> list[RunConfig]:
    base = {"hidden": hidden, "batch_size": batch, "init_gain": 1, "lr": 0.001, "steps": 1_000_000, "device": device}
    return [RunConfig.from_mapping({**base, "seed": seed}) for seed in range(networks)]


def eager(chosen: list[RunConfig], steps: int) -> Callable[[], None]:
    sides = [_eager_loop(config, steps) for config in chosen]

    def run() -> None:
        for side in sides:
            side()

    return run


def _eager_loop(config: RunConfig, steps: int) -> Callable[[], None]:
    widths = config.widths
    pairs = pairwise(widths)
    layers = [layer for fan_in, out in pairs for layer in (nn.Linear(fan_in, out), nn.Tanh())]
    model, criterion = nn.Sequential(*layers[:-1]), nn.CrossEntropyLoss()
    optimiser = torch.optim.Adam(model.parameters(), lr=config.lr)
    data = load_data(config)
    x, y = torch.from_numpy(data.x_train), torch.from_numpy(data.y_train).long()

    def run() -> None:
        done = 0
        while done < steps:
            order = torch.randperm(len(x))
            for points, labels in zip(x[order].split(config.batch), y[order].split(config.batch), strict=True):
                optimiser.zero_grad()
                criterion(model(points), labels).backward()
                optimiser.step()
                done += 1
                if done == steps:
                    break

    return run


def together(chosen: list[RunConfig], steps: int) -> Callable[[], None]:
    ensemble = Ensemble(chosen)

    def run() -> None:
        ensemble.advance(ensemble.step + steps)
        if chosen[0].device == "cuda":
            torch.cuda.synchronize()

    return run


def main() -> bool:
    torch.set_num_threads(1)
    rows = []
    for hidden, batch, networks, steps, bar in CASES:
        devices = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
        one_by_one = eager(configs(hidden, batch, ONE_BY_ONE), steps)
        sides = [together(configs(hidden, batch, networks, device), steps) for device in devices]
        usual, *ours = interleaved([one_by_one, *sides], repeats=7)
        usual /= ONE_BY_ONE * steps
        name = f"{'-'.join(map(str, (2, *hidden, 2)))} batch {batch}, K = {networks}"
        rows.append(Row(f"{name}: one after another, eager + Adam", 1 / usual, "net·steps/s"))
        for device, seconds in zip(devices, ours, strict=True):
            each = seconds / (networks * steps)
            rows.append(Row(f"{name}: at once, {device}", 1 / each, "net·steps/s"))
            rows.append(Row(f"{name}: at once, {device} / one after another", usual / each, "×", bar))
    if not torch.cuda.is_available():
        print("No CUDA device here: its figures are left out.")
    return report("sweep", rows)


if __name__ == "__main__":
    sys.exit(not main())
