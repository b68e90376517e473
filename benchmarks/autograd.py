"""One training step of the NumPy autograd against torch eager on the same network, and how a graph's length costs.

Both sides do zero_grad, forward, loss, backward and step on a 2-hidden-1 ReLU network, 100 points, binary
cross-entropy and SGD with weight decay, in turns, on one thread, in float32. The exponent is the slope of log time
over log length of a chain of operations: 1 is linear, 2 quadratic.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from time import process_time

from benchmarks.report import Row, interleaved, one_thread, report

one_thread()

import numpy as np  # noqa: E402
import torch  # noqa: E402

from nnprobe_core.autograd import Tensor  # noqa: E402
from nnprobe_core.autograd.mdl import BCELoss, Linear, Sequential  # noqa: E402
from nnprobe_core.autograd.optim import SGD  # noqa: E402

#: hidden units, steps of one round, bar
CASES = [(20, 400, 4.0), (100, 400, 4.0), (1000, 100, 3.0), (10_000, 15, 3.0)]
LENGTHS = (1000, 2000, 4000, 8000, 16_000)
LR, WEIGHT_DECAY = 1e-2, 5e-4


def ours(hidden: int, x: np.ndarray, y: np.ndarray, steps: int) -> tuple[Callable[[], None], Sequential]:
    model = Sequential(Linear(2, hidden, "relu"), Linear(hidden, 1, "none"))
    optimiser, loss = SGD(model.parameters(), LR, WEIGHT_DECAY), BCELoss()
    points, labels = Tensor(x), Tensor(y)

    def run() -> None:
        for _ in range(steps):
            optimiser.zero_grad()
            loss(model(points)[:, 0], labels).backward()
            optimiser.step()

    return run, model


def torchs(model: Sequential, hidden: int, x: np.ndarray, y: np.ndarray, steps: int) -> Callable[[], None]:
    """The same first weights, in torch."""
    twin = torch.nn.Sequential(torch.nn.Linear(2, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 1))
    with torch.no_grad():
        for theirs, own in zip(twin.parameters(), model.parameters(), strict=True):
            theirs.copy_(torch.from_numpy(own.data.T.reshape(theirs.shape).copy()))
    optimiser = torch.optim.SGD(twin.parameters(), lr=LR, weight_decay=WEIGHT_DECAY)
    loss = torch.nn.BCEWithLogitsLoss()
    points, labels = torch.from_numpy(x), torch.from_numpy(y)

    def run() -> None:
        for _ in range(steps):
            optimiser.zero_grad()
            loss(twin(points)[:, 0], labels).backward()
            optimiser.step()

    return run


def steps() -> list[Row]:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(100, 2)).astype(np.float32), rng.integers(2, size=100).astype(np.float32)
    rows = []
    for hidden, count, bar in CASES:
        run, model = ours(hidden, x, y, count)
        theirs, own = interleaved([torchs(model, hidden, x, y, count), run], repeats=9)
        rows += [
            Row(f"hidden {hidden}: torch eager", 1000 * theirs / count, "ms/step"),
            Row(f"hidden {hidden}: autograd", 1000 * own / count, "ms/step"),
            Row(f"hidden {hidden}: autograd / torch", own / theirs, "×", bar, at_least=False),
        ]
    return rows


def chains(length: int) -> Callable[[], None]:
    """As many chains of ``length`` as make up the longest, so that every side takes about as long as the others."""

    def run() -> None:
        for _ in range(LENGTHS[-1] // length):
            start = Tensor(1.0, requires_grad=True)
            end = start
            for _ in range(length // 2):
                end = end * 0.5 + start  # ``start`` is shared by half of all operations
            end.backward()

    return run


def _cpu_seconds(call: Callable[[], None]) -> float:
    began = process_time()
    call()
    return process_time() - began


def length() -> list[Row]:
    gc.collect()
    gc.freeze()  # or long chains would pay for looking through all that torch has imported
    sides = [chains(count) for count in LENGTHS]
    rounds = [[_cpu_seconds(side) for side in sides] for _ in range(7)]
    each = np.min(rounds, axis=0) / LENGTHS[-1]  # a busy neighbour can only add, and not to every round alike
    slope = 1 + float(np.polyfit(np.log(LENGTHS), np.log(each), 1)[0])
    rows = [
        Row(f"chain of {count} operations", 1e6 * time, "µs each") for count, time in zip(LENGTHS, each, strict=True)
    ]
    return [*rows, Row("exponent of time over length", slope, "", 1.3, at_least=False)]


def main() -> bool:
    torch.set_num_threads(1)
    return report("autograd", [*steps(), *length()])


if __name__ == "__main__":
    sys.exit(not main())
