"""Tests: which differences are more than chance, over class pairs as in the thesis, and over seeds."""

from app.panels.panel import Panel
from nnprobe_core.maths.permutation import LEAST_RUNS, WARNING

PANEL = Panel(
    name="tests",
    title="Tests",
    help="What training (or a layer) does to the mean separation: a dot a network, each of a seed of its own. At the "
    f"end, two p-values. Over pairs: Fisher's permutation test, as the thesis has it. {WARNING} Over seeds: the exact "
    "sign-flip test over all networks, adjusted by Holm over the layers.",
    meta={"warning": WARNING, "fewest": LEAST_RUNS},
)
