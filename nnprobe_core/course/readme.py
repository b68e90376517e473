"""What a student reads first."""

from __future__ import annotations

from collections.abc import Sequence

from nnprobe_core.course.exercises import Exercise

_TEXT = """# A small PyTorch, to be completed

`nn_lib/` is a library for training neural networks: tensors that remember how they were computed, the walk back along
that memory, layers, losses and optimisers. It is complete but for {count} functions, which are yours. Each says in its
docstring what is to be done, and raises `ExerciseNotDone` until then.

```
nnprobe course check .   # what is done, what fails and where, what comes next
nnprobe course show .    # your library trains a network, and you watch: in the browser
python -m pytest         # the same tests under pytest, if you have it
```

Read first: `nn_lib/tensor.py` (the engine) and `nn_lib/math_fns/neg.py` (the smallest operation: forward beside
backward). A `backward` is handed the gradient of the loss with respect to the operation's result, and returns the
gradient with respect to each of its arguments: the chain rule, one link at a time.

| | exercise | where | what |
|---|---|---|---|
{rows}

Your code is checked in a process of its own, which is stopped when a test takes too long or too much memory.
"""


def readme(exercises: Sequence[Exercise]) -> str:
    """The README of a folder with these exercises."""
    rows = [
        f"| {number} | {item.name} | `nn_lib/{item.file}` | `{item.function}`: {item.task} |"
        for number, item in enumerate(exercises, 1)
    ]
    return _TEXT.format(count=len(exercises), rows="\n".join(rows))
