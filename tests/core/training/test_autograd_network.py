"""The autograd library as an engine: the kernel's losses, its own bytes, a student's failures told with their line."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nnprobe_core.config import RunConfig
from nnprobe_core.course.copy import new
from nnprobe_core.course.exercises import EXERCISES
from nnprobe_core.datasets.data import load_data
from nnprobe_core.errors import ConfigError
from nnprobe_core.frame import CHECKPOINTS, FILM, TRACKS, encode
from nnprobe_core.registry import ACTIVATIONS, OPTIMISERS
from nnprobe_core.training.autograd_network import AutogradNetwork
from nnprobe_core.training.network import Perceptron
from nnprobe_core.training.student_network import StudentError, StudentNetwork
from nnprobe_core.training.trainer import Trainer, train

SMALL = RunConfig(n_train=40, n_test=20, hidden=(8, 8), steps=200, frames=2, batch_size=32)


def losses(config: RunConfig) -> np.ndarray:
    """Mean cross-entropy over all training points after every step, computed from the recorded weights in float64."""
    from nnprobe_core.models.mlp import Mlp
    from nnprobe_core.weights import weights_over_time

    frames = list(train(config, tracks=(CHECKPOINTS,)))
    over, data = weights_over_time(frames), load_data(config)
    out = []
    for at in range(len(over["step"])):
        layers = [(over[f"weight.{i}"][at], over[f"bias.{i}"][at]) for i in range(1, len(config.widths))]
        logits = Mlp(layers, config.activation).logits(data.x_train)
        logits -= np.log(np.exp(logits).sum(axis=1, keepdims=True))
        out.append(-logits[np.arange(len(logits)), data.y_train].mean())
    return np.array(out)


def both(config: RunConfig) -> tuple[np.ndarray, np.ndarray]:
    return losses(config), losses(replace(config, engine="autograd"))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_both_engines_have_the_same_losses_with_every_activation(activation):
    kernel, autograd = both(replace(SMALL, activation=activation, frames=20))
    assert len(kernel) >= 20
    np.testing.assert_allclose(autograd, kernel, atol=1e-4)
    assert kernel[-1] < kernel[0]


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_both_engines_have_the_same_losses_with_every_optimiser(optimiser):
    kernel, autograd = both(replace(SMALL, optimiser=optimiser, weight_decay=1e-3, lr=0.005, frames=20))
    np.testing.assert_allclose(autograd, kernel, atol=1e-4)


def test_no_hidden_layer_and_a_whole_batch():
    kernel, autograd = both(replace(SMALL, hidden=(), batch_size=0, steps=50, frames=10))
    np.testing.assert_allclose(autograd, kernel, atol=1e-6)


def test_both_engines_answer_every_question_alike():
    data = load_data(SMALL)
    kernel, autograd = Perceptron(SMALL), AutogradNetwork(SMALL)
    np.testing.assert_array_equal(kernel.snapshot().ravel(), autograd.snapshot())
    assert kernel.weight_shapes == autograd.weight_shapes
    assert kernel.init_sigma == autograd.init_sigma
    x, y = data.x_train, data.y_train
    np.testing.assert_allclose(kernel.logits(x), autograd.logits(x), atol=1e-5)
    assert autograd.logits(x[:0]).shape == kernel.logits(x[:0]).shape
    for ours, theirs in zip(kernel.layers(x), autograd.layers(x), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)
        assert theirs.dtype == np.float32
    (gradients, signals), (own, own_signals) = kernel.sensitivities(x, y), autograd.sensitivities(x, y)
    for ours, theirs in zip(gradients, own, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-6)
    np.testing.assert_allclose(signals, own_signals, rtol=1e-4)
    np.testing.assert_allclose(kernel.input_gradients(x, y), autograd.input_gradients(x, y), atol=1e-10)
    for ours, theirs in zip(kernel.weights(), autograd.weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_global_generator_is_left_alone():
    np.random.seed(3)
    expected = np.random.get_state()[1].copy()
    AutogradNetwork(SMALL)
    np.testing.assert_array_equal(np.random.get_state()[1], expected)


def digest(frames) -> list[str]:
    return [hashlib.sha256(encode(frame)).hexdigest() for frame in frames if frame.track == FILM]


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_film_is_the_same_bytes_again_and_from_a_checkpoint(optimiser):
    config = replace(SMALL, engine="autograd", optimiser=optimiser, steps=60, frames=60, hidden=(4,))
    frames = list(train(config, tracks=TRACKS))
    assert digest(train(config, tracks=TRACKS)) == digest(frames)
    saved = [frame for frame in frames if frame.track == CHECKPOINTS]
    middle = saved[: len(saved) // 2]
    assert 0 < middle[-1].step < 60
    later = [frame for frame in frames if frame.step > middle[-1].step]
    assert digest(Trainer(config, checkpoints=middle).frames()) == digest(later)


def test_it_trains_on_the_cpu_alone():
    with pytest.raises(ConfigError, match="device must be cpu with the engine autograd"):
        RunConfig(engine="autograd", device="cuda")


# ---- a student's own library ----------------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path: Path, monkeypatch) -> Path:
    """A whole library: only the gap of ``sgd`` is open."""
    new(tmp_path / "mine", ["sgd"])
    monkeypatch.setenv("NNPROBE_COURSE", str(tmp_path / "mine"))
    return tmp_path / "mine"


def change(course: Path, file: str, old: str, new: str) -> None:
    path = course / "nn_lib" / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


LOOP = "while True:\n            pass\n        "
OWN = replace(SMALL, engine="course", steps=20)


@pytest.mark.usefixtures("course")
def test_a_students_library_gives_the_film_of_ours():
    ours = replace(OWN, engine="autograd")
    theirs = {frame.step: frame for frame in train(OWN)}
    for frame in train(ours):
        for name, array in frame.arrays.items():
            np.testing.assert_array_equal(array, theirs[frame.step].arrays[name], name)


def test_what_a_student_changes_is_what_is_trained(course):
    change(course, "optim/adam.py", "parameter.data - length", "parameter.data + length")
    last = list(train(OWN))[-1]
    first = next(frame for frame in train(OWN))
    assert last.arrays["series.loss"][0] > first.arrays["series.loss"][0], "uphill"
    change(course, "optim/adam.py", "parameter.data + length", "parameter.data - length")
    last = list(train(OWN))[-1]
    assert last.arrays["series.loss"][0] < first.arrays["series.loss"][0], "read anew"


@pytest.mark.usefixtures("course")
def test_an_exercise_that_is_not_done_is_told_with_its_line():
    exercise = next(item for item in EXERCISES if item.name == "sgd")
    with pytest.raises(StudentError) as raised:
        list(train(replace(OWN, optimiser="sgd")))
    where, code, said = str(raised.value).split("\n")
    assert where.startswith("your code, nn_lib/optim/sgd.py, line ")
    assert code == f'    raise ExerciseNotDone("{exercise.function}: {exercise.task}")'
    assert said == f"ExerciseNotDone: {exercise.function}: {exercise.task}"


@pytest.mark.parametrize(
    ("file", "old", "broken", "said"),
    [
        ("math_fns/tanh.py", "return (grad * (1", "return (grad * self.resolt * (1", "AttributeError: 'Tanh' object"),
        ("math_fns/tanh.py", "return (grad", "raise SystemExit(3)\n        return (grad", "SystemExit: 3"),
        ("tensor.py", "class Tensor:", "class Tensor", "SyntaxError: expected ':'"),
        ("optim/adam.py", "beta1, beta2 =", LOOP + "beta1, beta2 =", "It was stopped after 0.5 s"),
    ],
    ids=["exception", "exit", "syntax", "loop"],
)  # fmt: skip
def test_a_failure_is_told_with_the_students_own_line(course, monkeypatch, file, old, broken, said):
    monkeypatch.setattr("nnprobe_core.training.student_network.STEP_SECONDS", 0.5)
    change(course, file, old, broken)
    with pytest.raises(StudentError) as raised:
        list(train(OWN))
    where, code, sentence = str(raised.value).split("\n")
    assert where.startswith(f"your code, nn_lib/{file}, line ")
    assert sentence.startswith(said)
    lines = (course / "nn_lib" / file).read_text().splitlines()
    number = int(where.partition(" line ")[2].rstrip(":"))
    assert lines[number - 1].strip() == code.strip()
    assert any(code.strip() == line.strip() or code.strip().startswith(line.strip()) for line in broken.splitlines())


def test_the_folder_is_a_setting_and_must_be_one_of_the_course(tmp_path, monkeypatch):
    monkeypatch.delenv("NNPROBE_COURSE", raising=False)
    with pytest.raises(ConfigError, match="engine must be kernel or autograd where NNPROBE_COURSE names no folder"):
        StudentNetwork(OWN)
    monkeypatch.setenv("NNPROBE_COURSE", str(tmp_path))
    with pytest.raises(ConfigError, match="DIR must be a folder that nnprobe course new has written"):
        StudentNetwork(OWN)
