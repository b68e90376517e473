"""Steps per second of the kernel against the usual loop: DataLoader, eager nn.Module, torch.optim.Adam.

Both sides train the same network on the same 1 000 spiral points with shuffled batches, in turns, on one thread; the
other loops in between are shown as figures. The kernel's side runs through the Trainer's own inner loop.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from benchmarks.report import Row, interleaved, one_thread, report

one_thread()

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.utils.data import DataLoader, TensorDataset  # noqa: E402

from nnprobe_core.config import RunConfig  # noqa: E402
from nnprobe_core.datasets.data import Data, load_data  # noqa: E402
from nnprobe_core.training.conductor import Conductor  # noqa: E402
from nnprobe_core.training.trainer import Trainer  # noqa: E402

#: hidden layers, batch size, steps of one round, bar
CASES = [((20, 20), 32, 640, 8.0), ((64, 64, 64), 32, 320, 5.0), ((256, 256, 256, 256), 128, 32, 1.2)]


def network(widths: tuple[int, ...]) -> nn.Sequential:
    layers: list[nn.Module] = []
    for index in range(len(widths) - 1):
        layers += [nn.Linear(widths[index], widths[index + 1]), nn.Tanh()]
    return nn.Sequential(*layers[:-1])


def dataloader_loop(config: RunConfig, data: Data, steps: int) -> Callable[[], None]:
    model = network(config.widths)
    optimiser = torch.optim.Adam(model.parameters(), lr=config.lr)
    criterion = nn.CrossEntropyLoss()
    dataset = TensorDataset(torch.from_numpy(data.x_train), torch.from_numpy(data.y_train).long())
    loader = DataLoader(dataset, batch_size=config.batch, shuffle=True)

    def batches() -> Iterator[list[torch.Tensor]]:
        while True:
            yield from loader

    stream = batches()

    def run() -> None:
        for _ in range(steps):
            x, y = next(stream)
            optimiser.zero_grad()
            criterion(model(x), y).backward()
            optimiser.step()

    return run


def fused_loop(config: RunConfig, data: Data, steps: int) -> Callable[[], None]:
    """Eager, too, but with tensors permuted once an epoch and ``Adam(fused=True)``."""
    model = network(config.widths)
    optimiser = torch.optim.Adam(model.parameters(), lr=config.lr, fused=True)
    x, y = torch.from_numpy(data.x_train), torch.from_numpy(data.y_train).long()

    def batches() -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        while True:
            order = torch.randperm(len(x))
            yield from zip(x[order].split(config.batch), y[order].split(config.batch), strict=True)

    stream = batches()

    def run() -> None:
        for _ in range(steps):
            points, labels = next(stream)
            optimiser.zero_grad()
            nn.functional.cross_entropy(model(points), labels).backward()
            optimiser.step()

    return run


def kernel_loop(config: RunConfig, steps: int) -> Callable[[], None]:
    trainer, done = Trainer(config), [0]
    conductor = Conductor(trainer.progress)

    def run() -> None:
        done[0] += steps
        trainer._advance(done[0], conductor)

    return run


def main() -> bool:
    torch.set_num_threads(1)
    rows = []
    for hidden, batch, steps, bar in CASES:
        config = RunConfig(hidden=hidden, batch_size=batch, init_gain=1, lr=0.001, steps=1_000_000)
        data = load_data(config)
        sides = (dataloader_loop(config, data, steps), fused_loop(config, data, steps), kernel_loop(config, steps))
        usual, fused, ours = interleaved(sides, repeats=9)
        name = f"{'-'.join(map(str, config.widths))} batch {batch}"
        rows += [
            Row(f"{name}: DataLoader + eager + Adam", steps / usual, "steps/s"),
            Row(f"{name}: permuted + eager + fused Adam", steps / fused, "steps/s"),
            Row(f"{name}: kernel", steps / ours, "steps/s"),
            Row(f"{name}: kernel / DataLoader", usual / ours, "×", bar),
        ]
    return report("training", rows)


if __name__ == "__main__":
    sys.exit(not main())
