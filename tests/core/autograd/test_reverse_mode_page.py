"""docs/reverse-mode.md says what is so: every example on it runs, one after another."""

import doctest
import re
from pathlib import Path

from nnprobe_core.autograd.math_fns import Function, unbroadcast

PAGE = Path(__file__).parents[3] / "docs" / "reverse-mode.md"


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_every_example_runs_and_gives_what_the_page_says():
    examples = blocks("pycon")
    assert len(examples) >= 9
    text = "\n".join(examples)
    said = []
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(doctest.DocTestParser().get_doctest(text, {"__name__": "page"}, PAGE.name, None, 0), out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


def test_the_operation_it_shows_is_one():
    import numpy as np

    from nnprobe_core.autograd import Tensor, gradcheck

    names = {"Function": Function, "unbroadcast": unbroadcast}
    (code,) = blocks("python")
    exec(code, names)
    assert gradcheck(lambda a, b: Tensor.apply_fn(names["Mul"], a, b), [np.ones((2, 3)), np.arange(3.0)])
