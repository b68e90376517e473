"""Networks for pictures and a user's own files of modules and weights: real files, read back."""

from __future__ import annotations

import os

import pytest
import torch
from safetensors.torch import save_file

from nnprobe_core.datasets.images import load_images
from nnprobe_core.errors import ConfigError
from nnprobe_core.models.from_file import load_module, load_weights
from nnprobe_core.models.networks import CNN, MLP, build
from nnprobe_core.studies.learner import Learner

MODULE = """
from dataclasses import dataclass
from torch import nn
from widths import HIDDEN

@dataclass
class Sizes:
    hidden: int = HIDDEN

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(4, Sizes().hidden)

    def forward(self, x):
        return self.inner(x)

made = Net()

def twelve():
    return 12
"""


@pytest.fixture
def module_file(tmp_path):
    (tmp_path / "widths.py").write_text("HIDDEN = 3\n")
    (tmp_path / "mine.py").write_text(MODULE)
    return tmp_path / "mine.py"


@pytest.mark.parametrize(("name", "shape"), [("mlp", (1, 8, 8)), ("cnn", (1, 8, 8)), ("cnn", (3, 9, 6)), ("mlp", (2,))])
def test_a_network_fits_its_pictures_and_its_seed_is_its_own(name, shape):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    net, again, other = build(name, shape, 4), build(name, shape, 4), build(name, shape, 4, seed=1)
    assert net(torch.zeros(2, *shape)).shape == (2, 4)
    assert torch.equal(before, torch.get_rng_state())
    assert all(torch.equal(a, b) for a, b in zip(net.parameters(), again.parameters(), strict=True))
    assert not torch.equal(next(net.parameters()), next(other.parameters()))


def test_a_network_learns_the_digits():
    images = load_images("digits")
    net = build("cnn", images.shape, 10)
    learner = Learner(net, images.x_train, images.y_train, lr=0.01, batch_size=64, seed=0)
    learner.advance(4 * learner.per_epoch)
    right = net.eval()(torch.from_numpy(images.x_test)).argmax(1).numpy() == images.y_test
    assert right.mean() > 0.9


def test_a_network_that_cannot_be_is_a_sentence():
    with pytest.raises(ConfigError, match="mlp for inputs that are not pictures"):
        CNN((2,))
    with pytest.raises(ConfigError, match="model must be one of mlp, cnn"):
        build("rnn", (1, 8, 8), 10)


@pytest.mark.parametrize("name", ["Net", "made"])
def test_a_module_comes_from_a_file_that_imports_its_neighbour(module_file, name):
    net = load_module(f"{module_file}:{name}")
    assert net.inner.out_features == 3
    assert str(module_file.parent) not in os.sys.path


def test_a_module_comes_from_an_installed_package():
    assert isinstance(load_module("nnprobe_core.models.networks:MLP"), MLP)


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("{}", "given as file.py:Name"),
        ("{}:Other", "a name that .* defines, got 'Other'"),
        ("{}:twelve", "class or function that makes one, got 'int'"),
        ("{}:Sizes", "class or function that makes one, got 'Sizes'"),
        ("{}.py:Net", "in a file that is there"),
    ],
)
def test_what_is_no_module_is_a_sentence(module_file, target, sentence):
    with pytest.raises(ConfigError, match=sentence):
        load_module(target.format(module_file))


def test_an_error_in_the_users_code_is_told_as_it_is(tmp_path):
    (tmp_path / "broken.py").write_text("import nonsense_that_is_not_there\n")
    with pytest.raises(ConfigError, match=r"a file that runs \(ModuleNotFoundError: .*nonsense"):
        load_module(f"{tmp_path}/broken.py:Net")
    (tmp_path / "needs.py").write_text("def Net(width): pass\n")
    with pytest.raises(ConfigError, match=r"one that Net\(\) makes \(TypeError"):
        load_module(f"{tmp_path}/needs.py:Net")


def test_weights_come_back_in_every_shape_they_are_saved_in(tmp_path):
    net = MLP()
    state = net.state_dict()
    torch.save(state, tmp_path / "plain.pt")
    torch.save({"epoch": 3, "model_state_dict": state}, tmp_path / "within.pt")
    torch.save({f"module.{name}": value for name, value in state.items()}, tmp_path / "parallel.pt")
    save_file(state, tmp_path / "safe.safetensors")
    for file in sorted(tmp_path.iterdir()):
        other = MLP()
        load_weights(other, file)
        assert all(torch.equal(a, b) for a, b in zip(net.parameters(), other.parameters(), strict=True)), file


class Evil:
    def __reduce__(self):
        return os.mkdir, ("evil",)


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"state_dict": Evil()}, "evil.pt")
    with pytest.raises(ConfigError, match=r"checkpoint evil.pt must be weights alone"):
        load_weights(MLP(), "evil.pt")
    assert not (tmp_path / "evil").exists()


def test_weights_that_do_not_fit_are_told(tmp_path):
    torch.save(MLP(hidden=(5, 4)).state_dict(), tmp_path / "small.pt")
    torch.save(MLP(hidden=(64,)).state_dict(), tmp_path / "short.pt")
    torch.save([1, 2], tmp_path / "list.pt")
    (tmp_path / "text.pt").write_text("hello")
    cases = {
        "small": "size mismatch",
        "short": "lacks fc3.weight|size mismatch",
        "list": "a state_dict",
        "text": "must be",
    }
    for name, sentence in cases.items():
        with pytest.raises(ConfigError, match=sentence):
            load_weights(MLP(), tmp_path / f"{name}.pt")
    with pytest.raises(ConfigError, match="a file that is there"):
        load_weights(MLP(), tmp_path / "none.pt")
