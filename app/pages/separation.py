"""Separation: which layer tells which classes apart, before and after training."""

from app.pages.form import Control, Form, Section
from app.pages.limits import Limit
from app.pages.page import Page, Words
from app.pages.presets import Preset
from app.panels import layer_grid, pairs, pca, tests
from nnprobe_core.fields import MAX_SEED
from nnprobe_core.registry import DATASETS
from nnprobe_core.separation.config import SeparationConfig

_PLANE = tuple(DATASETS)
_SEED = (0, 2**31 - 1, 1)

CONTROLS = (
    Control("dataset", "select", names={"digits": "Digits, 8 × 8"}),
    Control("max_phi", "slider", scale=(2, 30, 0.5), when={"dataset": ("spiral",)}),
    Control("noise", "slider", scale=(0, 0.5, 0.01), when={"dataset": _PLANE}),
    Control("n_train", "slider", stops=(50, 100, 200, 300, 500, 1000, 2000), folded=True, when={"dataset": _PLANE}),
    Control("per_class", "slider", stops=(20, 30, 50, 75, 100, 150, 200, 300, 500), folded=True),
    Control("model", "segments", when={"dataset": ("digits",)}),
    Control("hidden", "text"),
    Control("epochs", "slider", stops=(1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 100, 200)),
    Control("lr", "slider", stops=(0.0001, 0.0003, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.1)),
    Control("batch_size", "slider", stops=(8, 16, 32, 64, 128, 256, 512, 1024), folded=True),
    Control("stages", "slider", stops=(1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 100)),
    Control("seeds", "slider", stops=(1, 8, 10, 12, 16, 20, 32)),
    Control("permutations", "slider", stops=(100, 1000, 10_000, 100_000, 1_000_000), folded=True),
    Control("seed", "number", scale=_SEED, folded=True),
)

PRESETS = (
    Preset(
        "separation-digits",
        "Digits, MLP",
        "Ten classes",
        "Watch the last layers: at the start each loses some of what neighbours see in the pixels, at the end none "
        "does. The layers before hardly move.",
        {"kind": "separation"},
    ),
    Preset(
        "separation-cnn",
        "Digits, CNN",
        "Ten classes",
        "Watch ten layers of a CNN: convolutions keep the classes apart from the start, training is seen in what "
        "follows them.",
        {"kind": "separation", "model": "cnn", "hidden": (32,), "epochs": 8, "lr": 0.01, "stages": 16, "per_class": 60},
    ),
    Preset(
        "separation-spiral",
        "Two spiral arms",
        "Two classes",
        "Watch the two halves of the grid: neighbours see the arms apart in the input already, a line only in the last "
        "layers, and only after training.",
        {
            "kind": "separation", "dataset": "spiral", "hidden": (16, 16, 16), "epochs": 60, "lr": 0.01,
            "stages": 32, "per_class": 200,
        },
        panels=("layer_grid",),
    ),
)  # fmt: skip

PAGE = Page(
    name="separation",
    path="/separation",
    title="Separation",
    help="How far apart the classes are in every layer, before and after training, and whether that is chance.",
    story="A network learns the digits, or points in the plane. At each stage every pair of classes is measured in "
    "every layer, by what neighbours can see and by what a line can read. Then further networks are trained from other "
    "seeds, for a test that deserves its p-value. Your own module and checkpoints: nnprobe separation.",
    kind="separation",
    panels=(
        pairs.PANEL,
        layer_grid.PANEL,
        pca.PANEL,
        tests.PANEL,
    ),
    form=Form(
        SeparationConfig,
        CONTROLS,
        {
            "points": Section("Data", "Points measured"),
            "network": Section("Network"),
            "learning": Section("Training", "Batch size"),
            "study": Section("Study", "Permutations, seed"),
        },
        limits=(Limit("seed", "hi", ("seeds",), times=-1, plus=MAX_SEED + 1),),
    ),
    words=Words(act="Measure", doing="measuring", unit="stages", tip="Measure the separation at every stage"),
    score="test accuracy",
    presets=PRESETS,
)
