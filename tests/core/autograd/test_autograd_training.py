"""Optimisers beside torch.optim, batches, and the toy networks."""

import numpy as np
import pytest
import torch
from sklearn.datasets import make_circles, make_moons

from nnprobe_core.autograd import Tensor, mdl, optim
from nnprobe_core.autograd import tensor_fns as F
from nnprobe_core.autograd.data import Dataloader, Dataset
from nnprobe_core.autograd.testing import assert_almost_equal, seeded_random
from nnprobe_core.autograd.toy_mlp import BinaryMLPClassifier, ModelTrainer, ToyDataset, digits, train_toy_mlp

PAIRS = {
    "sgd": (lambda p: optim.SGD(p, 0.05, 0.01), lambda p: torch.optim.SGD(p, 0.05, weight_decay=0.01)),
    "momentum": (
        lambda p: optim.SGD(p, 0.02, 0, momentum=0.8),
        lambda p: torch.optim.SGD(p, 0.02, momentum=0.8),
    ),
    "adam": (lambda p: optim.Adam(p, 0.01, 0.01), lambda p: torch.optim.Adam(p, 0.01, weight_decay=0.01)),
    "adamw": (lambda p: optim.AdamW(p, 0.01), lambda p: torch.optim.AdamW(p, 0.01)),
    "rmsprop": (lambda p: optim.RMSprop(p, 0.005), lambda p: torch.optim.RMSprop(p, 0.005)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_hundred_steps_are_torchs(name):
    rng = np.random.default_rng(0)
    first = [rng.normal(size=(2, 8)), rng.normal(size=(1, 8)), rng.normal(size=(8, 3))]
    x, classes = rng.normal(size=(20, 2)), rng.integers(3, size=20)
    ours = [Tensor(value, requires_grad=True, dtype=np.float64) for value in first]
    theirs = [torch.tensor(value, requires_grad=True) for value in first]
    mine, other = PAIRS[name][0](ours), PAIRS[name][1](theirs)
    for _ in range(100):
        mine.zero_grad()
        hidden = F.tanh(F.mat_mul(Tensor(x, dtype=np.float64), ours[0]) + ours[1])
        mdl.CELoss()(F.mat_mul(hidden, ours[2]), Tensor(classes)).backward()
        mine.step()
        other.zero_grad()
        hidden = torch.tanh(torch.tensor(x) @ theirs[0] + theirs[1])
        torch.nn.functional.cross_entropy(hidden @ theirs[2], torch.tensor(classes)).backward()
        other.step()
    for parameter, wanted in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(parameter.data, wanted.detach().numpy(), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("name", PAIRS)
def test_float32_stays_float32_and_what_has_no_gradient_stays(name):
    moved, left = Tensor([1.0, 2.0], requires_grad=True), Tensor([3.0], requires_grad=True)
    before = moved.data
    optimiser = PAIRS[name][0]([moved, left])
    F.reduce(moved * moved).backward()
    optimiser.step()
    optimiser.step()
    assert moved.data.dtype == np.float32
    assert (moved.data < before).all()  # and ``before`` itself is as it was
    assert before.tolist() == [1, 2]
    assert left.data.tolist() == [3]
    optimiser.zero_grad()
    assert moved.grad.data.tolist() == [0, 0]


def test_one_step_of_gradient_descent():
    p = Tensor([1.0, -2.0], requires_grad=True)
    p.grad = Tensor([0.5, 0.5])
    optim.SGD([p], lr=0.1).step()
    assert_almost_equal(p, [1 - 0.1 * (0.5 + 5e-4), -2 - 0.1 * (0.5 - 1e-3)], decimal=6)
    with pytest.raises(NotImplementedError, match="Optimizer has no step yet"):
        optim.Optimizer([p]).step()


class Numbers(Dataset):
    def __getitem__(self, index):
        return np.array([index, -index]), index % 2

    def __len__(self):
        return 10


@pytest.mark.parametrize(("drop_last", "sizes"), [(False, [4, 4, 2]), (True, [4, 4])])
def test_batches(drop_last, sizes):
    loader = Dataloader(Numbers(), 4, shuffle=False, drop_last=drop_last)
    batches = list(loader)
    assert [len(data.data) for data, _ in batches] == sizes
    assert len(loader) == len(sizes)
    assert batches[1][0].data.tolist() == [[4, -4], [5, -5], [6, -6], [7, -7]]
    assert batches[1][1].data.tolist() == [0, 1, 0, 1]


def test_a_shuffled_epoch_has_every_point_once_and_another_order_each_time():
    loader = Dataloader(Numbers(), 5, rng=np.random.default_rng(0))
    first, second = ([int(x) for data, _ in loader for x in data.data[:, 0]] for _ in range(2))
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second
    with pytest.raises(ValueError, match="batch_size must be at least 1, got 0"):
        Dataloader(Numbers(), 0)


def test_a_seed_leaves_no_trace():
    np.random.seed(5)
    expected = np.random.uniform(size=2)
    np.random.seed(5)
    first = np.random.uniform()
    with seeded_random(1):
        one = np.random.uniform()
    with seeded_random(1):
        assert np.random.uniform() == one
    assert [first, np.random.uniform()] == expected.tolist()
    with pytest.raises(AssertionError):
        assert_almost_equal(Tensor(1), 1.001)


def test_toy_points():
    for structure in ("blobs", "moons", "circles"):
        first, again, other = (ToyDataset(1000, structure, seed) for seed in (0, 0, 1))
        assert (first.data == again.data).all()
        assert not {tuple(point) for point in first.data} & {tuple(point) for point in other.data}
        assert (first.data.shape, first.data.dtype) == ((1000, 2), np.float32)
        assert first.labels.sum() == 500
        assert len(first) == 1000
        assert (first[3][0] == first.data[3]).all()
    blobs = ToyDataset(20_000, "blobs")
    for label, centre, spread in [(0, (0, 0), 1), (1, (3, 5), 2)]:
        points = blobs.data[blobs.labels == label]
        np.testing.assert_allclose(points.mean(axis=0), centre, atol=0.06)
        np.testing.assert_allclose(points.std(axis=0), spread, rtol=0.03)
    with pytest.raises(ValueError, match="structure must be one of blobs, moons, circles, got 'ring'"):
        ToyDataset(10, "ring")


@pytest.mark.parametrize(("structure", "make"), [("moons", make_moons), ("circles", make_circles)])
def test_shapes_are_scikit_learns(structure, make):
    settings = {"factor": 0.55} if structure == "circles" else {}
    shape, labels = make(2000, shuffle=False, **settings)
    dataset = ToyDataset(2000, structure)
    for label in (0, 1):
        points, curve = dataset.data[dataset.labels == label], shape[labels == label]
        distances = np.linalg.norm(points[:, None] - curve, axis=-1)
        assert np.sqrt((distances.min(axis=1) ** 2).mean()) == pytest.approx(0.1, rel=0.1)  # noise across the curve
        assert distances.min(axis=0).max() < 0.35  # and no part of it is bare


@pytest.mark.parametrize("recipe", [train_toy_mlp.RECIPES[0], train_toy_mlp.RECIPES[1], train_toy_mlp.RECIPES[3]])
def test_toy_networks_reach_95_percent(recipe):
    assert train_toy_mlp.train(recipe)[1] >= 0.95


def test_the_digits_reach_96_percent():
    train, test = digits.digits(seed=0)
    assert (len(train), len(test)) == (1347, 450)
    assert (train[0][0].shape, train[0][1].shape) == ((64,), (10,))
    assert not {point.tobytes() for point in train.data} & {point.tobytes() for point in test.data}
    assert digits.train(seed=0) >= 0.96


def test_training_and_validating():
    with seeded_random(0):
        model = BinaryMLPClassifier(2, [8, 4])
        trainer = ModelTrainer(model, mdl.BCELoss(), optim.Adam(model.parameters(), lr=0.05))
        dataset = ToyDataset(200, "blobs")
        losses = trainer.train(Dataloader(dataset, 50), n_epochs=20)
    assert len(model.parameters()) == 6
    assert len(losses) == 20
    assert losses[-1] < 0.5 * losses[0]
    predictions, accuracy, loss = trainer.validate(Dataloader(dataset, 30, shuffle=False))
    assert accuracy == (predictions == dataset.labels).mean()
    logits = trainer(Tensor(dataset.data))
    assert logits.shape == (200,)
    assert loss == pytest.approx(mdl.BCELoss()(logits, Tensor(dataset.labels)).item(), rel=1e-5)


def test_the_mean_loss_counts_every_point_alike_though_the_last_batch_is_smaller():
    dataset = ToyDataset(7, "blobs", seed=1)
    with seeded_random(0):
        model = BinaryMLPClassifier(2, (3,))
    trainer = ModelTrainer(model, mdl.BCELoss(), optim.SGD(model.parameters(), 0.1))
    loss = trainer.validate(Dataloader(dataset, 5, shuffle=False))[2]
    logits = torch.tensor(model(Tensor(dataset.data)).data, dtype=torch.float64)
    expected = torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.tensor(dataset.labels).double())
    assert loss == pytest.approx(expected.item(), rel=1e-5)
