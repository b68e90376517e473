"""Large results go into memory used before, and never into memory that anybody holds."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from nnprobe_core.autograd import Tensor, mdl, optim
from nnprobe_core.autograd import buffers as pool

SHAPE = (200, 1000)


def test_an_array_comes_again_once_nobody_holds_it():
    buffers = pool.Buffers()
    first = buffers.empty(SHAPE, np.dtype(np.float32))
    place = first.ctypes.data
    assert buffers.empty(SHAPE, np.dtype(np.float32)) is not first
    assert buffers.empty(SHAPE, np.dtype(np.float64)).dtype == np.float64
    view = first[1:][:, 0].reshape(-1, 1)
    del first
    assert buffers.empty(SHAPE, np.dtype(np.float32)).ctypes.data != place
    look = memoryview(view)
    del view
    assert buffers.empty(SHAPE, np.dtype(np.float32)).ctypes.data != place
    del look
    assert buffers.empty(SHAPE, np.dtype(np.float32)).ctypes.data == place


def test_it_remembers_no_more_than_a_bound(monkeypatch):
    monkeypatch.setattr(pool, "MOST", 3 * 200_000 * 4)
    buffers = pool.Buffers()
    held = [buffers.empty(SHAPE, np.dtype(np.float32)) for _ in range(10)]
    assert len({array.ctypes.data for array in held}) == 10
    assert sum(map(len, buffers._arrays.values())) <= 4


def test_small_arrays_are_left_to_numpy():
    assert pool.empty((3,), np.float32).shape == (3,)
    assert pool.into_buffer(np.add, np.ones((2, 1)), np.ones(3)).tolist() == [[2, 2, 2], [2, 2, 2]]


def test_threads_are_never_given_the_same_array():
    buffers = pool.Buffers()

    def work(mark):
        for _ in range(300):
            array = buffers.empty((64, 64), np.dtype(np.float32))
            array.fill(mark)
            if (array != mark).any():
                return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(work, range(8)))


def test_a_wide_network_trains_as_if_every_array_were_fresh(monkeypatch):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(100, 2)), rng.integers(2, size=100)

    def train():
        layers = [mdl.Linear(*widths, kind, rng=np.random.default_rng(1)) for *widths, kind in WIDE]
        net = mdl.Sequential(*layers)
        optimiser = optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
        kept = []
        for _ in range(4):
            optimiser.zero_grad()
            logits = net(Tensor(x))
            mdl.BCELoss()(logits[:, 0], Tensor(y)).backward()
            optimiser.step()
            kept.append((logits, [(p.data, p.grad.data) for p in net.parameters()]))
        return [array.copy() for logits, pairs in kept for array in (logits.data, *[a for pair in pairs for a in pair])]

    with_buffers = train()
    monkeypatch.setattr(pool, "LARGE", 1 << 60)
    for one, other in zip(with_buffers, train(), strict=True):
        assert one.dtype == np.float32
        assert (one == other).all()


WIDE = [(2, 2000, "relu"), (2000, 300, "tanh"), (300, 1, "none")]
