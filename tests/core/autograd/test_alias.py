"""The course's names where they are asked for, and nowhere else; the library by itself, and a copy of it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nnprobe_core import autograd

ROOT = Path(__file__).parents[3]


def python(*arguments, cwd):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=cwd, env=environment)


def run(script, cwd):
    done = python("-W", "error", "-c", script, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


NAMES = [
    "from nn_lib import Tensor; assert Tensor([1, 2]).shape == (2,)",
    "from nn_lib.tensor import Tensor; import nn_lib; assert Tensor is nn_lib.Tensor",
    "import nn_lib.tensor_fns as F; F.maximum, F.minimum, F.log, F.exp, F.mat_mul, F.reduce",
    "from nn_lib.tensor_fns import relu, sigmoid, clip, softmax, reduce",
    "from nn_lib.math_fns import Function, Add, Mul, Exp, Neg, Inv, MatMul, Log, SumReduce, Max, Min, Slice",
    "from nn_lib.math_fns.function import Function",
    "from nn_lib.math_fns.mat_mul import MatMul; from nn_lib.math_fns.sum_reduce import SumReduce",
    "from nn_lib.mdl import Module, Loss, Linear, BCELoss, CELoss, Softmax, Sequential, Dropout",
    "from nn_lib.mdl.linear import Linear; from nn_lib.mdl.bce_loss import BCELoss",
    "from nn_lib.mdl.ce_loss import CELoss; from nn_lib.mdl.module import Module; from nn_lib.mdl.loss import Loss",
    "from nn_lib.mdl.layers import Linear; from nn_lib.mdl.loss_functions import BCELoss",
    "from nn_lib.optim import Optimizer, SGD, Adam; from nn_lib.optim.sgd import SGD",
    "from nn_lib.data import Dataset, Dataloader; from nn_lib.data.dataloader import Dataloader",
    "from nn_lib.tests.utils import assert_almost_equal, seeded_random",
    "import nn_lib.tests.utils; nn_lib.tests.utils.seeded_random(0)",
    "from toy_mlp import BinaryMLPClassifier, ModelTrainer, ToyDataset",
    "from toy_mlp.binary_mlp_classifier import BinaryMLPClassifier",
    "from toy_mlp.model_trainer import ModelTrainer; from toy_mlp.toy_dataset import ToyDataset",
    "import nn_lib, nnprobe_core.autograd as own; assert nn_lib is own",
    "import nnprobe_core.autograd as own; assert own.__spec__.name == 'nnprobe_core.autograd'",
]


def test_every_name_of_the_course(tmp_path):
    script = "import nnprobe_core.autograd.alias\n" + "".join(f"exec({line!r}, {{}})\n" for line in NAMES)
    run(script, tmp_path)


def test_without_the_alias_the_names_are_free(tmp_path):
    """Also when the library itself is in use; and a module of one's own keeps the name."""
    script = (
        "import nnprobe_core.autograd\nfrom importlib.util import find_spec\n"
        "print(find_spec('nn_lib'), find_spec('toy_mlp'))"
    )
    assert run(script, tmp_path).split() == ["None", "None"]
    (tmp_path / "nn_lib.py").write_text("whose = 'mine'")
    assert run("import nnprobe_core.autograd, nn_lib; print(nn_lib.whose)", tmp_path) == "mine\n"


COURSE_TEST = """
import unittest
import numpy as np
from nn_lib import Tensor
import nn_lib.tensor_fns as F
from nn_lib.tests.utils import assert_almost_equal

class TestCourse(unittest.TestCase):
    def test_forward_and_backward(self):
        a, b = Tensor([[1, 2], [3, 4]], requires_grad=True), Tensor([1, -1], requires_grad=True)
        c = F.reduce(F.mat_mul(a, b))
        c.backward()
        assert_almost_equal(c, -1)
        assert_almost_equal(a.grad, [[.5, -.5], [.5, -.5]])
        self.assertTrue(isinstance(Tensor, type))
"""


@pytest.mark.parametrize("folder", ["", "tests", "nn_lib/tests"])
def test_a_courses_tests_run_wherever_they_lie(tmp_path, folder):
    """In a package ``nn_lib`` of their own as well, whose unfinished library must not come first."""
    place = tmp_path / folder
    place.mkdir(parents=True, exist_ok=True)
    (place / "test_course.py").write_text(COURSE_TEST)
    if folder == "nn_lib/tests":
        (place / "__init__.py").write_text("")
        (place.parent / "__init__.py").write_text("raise RuntimeError('the unfinished library')")
    done = python("-m", "pytest", "-q", "-p", "nnprobe_core.autograd.alias", "-p", "no:cacheprovider", cwd=tmp_path)
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_it_needs_numpy_and_nothing_else(tmp_path):
    script = (
        "import json, sys\nimport nnprobe_core.autograd.alias, toy_mlp\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules} - sys.stdlib_module_names)))"
    )
    loaded = set(json.loads(run(script, tmp_path).splitlines()[-1]))
    assert not loaded & {"torch", "scipy", "sklearn", "dash", "plotly"}
    assert {"numpy", "nnprobe_core"} <= loaded


def test_a_copy_under_another_name_is_a_library_of_its_own(tmp_path):
    shutil.copytree(Path(autograd.__file__).parent, tmp_path / "mine", ignore=shutil.ignore_patterns("__pycache__"))
    script = (
        "import sys\nfrom mine import Tensor, gradcheck, mdl\nfrom mine.toy_mlp import BinaryMLPClassifier\n"
        "from mine.tensor_fns import tanh\n"
        "net = BinaryMLPClassifier(2, [3])\n"
        "assert gradcheck(lambda x: mdl.BCELoss()(net(tanh(x)), Tensor([0, 1])), [[[1, 2], [3, 4]]])\n"
        "assert not [name for name in sys.modules if name.startswith('nnprobe_core')]\n"
    )
    run(script, tmp_path)
