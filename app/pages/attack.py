"""Attack: adversarial examples, and what becomes of a network under them."""

from app.pages.form import Control, Form, Section
from app.pages.limits import Only
from app.pages.page import Page, Words
from app.pages.presets import Preset
from app.panels import attack_curve, attack_gallery, attack_transitions
from nnprobe_core.attacks.config import ANY, AttackConfig
from nnprobe_core.config import RunConfig
from nnprobe_core.registry import DATASETS

_PLANE = tuple(DATASETS)
_CONTROLS = (
    Control("dataset", "select", names={"digits": "Digits, 8 × 8"}),
    Control("max_phi", "slider", scale=(2, 20, 0.5), when={"dataset": ("spiral",)}),
    Control("noise", "slider", scale=(0, 0.3, 0.01), when={"dataset": _PLANE}),
    Control("n_train", "slider", stops=(50, 100, 200, 500, 1000, 2000), when={"dataset": _PLANE}),
    Control("per_class", "slider", stops=(10, 20, 50, 100, 200), folded=True),
    Control("model", "segments", when={"dataset": ("digits",)}),
    Control("hidden", "text"),
    Control("method", "segments", names={"fgsm": "FGSM", "bim": "BIM", "pgd": "PGD"}),
    Control("norm", "segments", names={"linf": "L∞", "l2": "L2"}),
    Control("epsilon", "slider", scale=(0.05, 3, 0.05)),
    Control("target", "select", names={"any": "any other class"}),
    Control("sizes", "slider", stops=(11, 21, 31, 61, 121), folded=True),
    Control("iterations", "slider", scale=(2, 40, 1), folded=True, when={"method": ("bim", "pgd")}),
    Control("restarts", "slider", scale=(1, 10, 1), folded=True, when={"method": ("pgd",)}),
    Control("epochs", "slider", scale=(1, 60, 1)),
    Control("lr", "slider", stops=(0.0003, 0.001, 0.003, 0.01, 0.03), folded=True),
    Control("batch_size", "slider", stops=(16, 32, 64, 128, 256), folded=True),
    Control("seed", "number", folded=True),
)

PRESETS = (
    Preset(
        "attack-digits",
        "Digits, one step",
        "Digits",
        "Watch nine digits in ten lost to a change of .15 of the grey scale, where noise of that size loses one.",
        {"kind": "attack"},
    ),
    Preset(
        "attack-pgd",
        "Digits, many steps",
        "Digits",
        "Watch PGD: over so short a way the network is almost straight, so it finds few errors more than one step "
        "does, but the network ends surer of them.",
        {"kind": "attack", "method": "pgd", "epsilon": 0.2},
    ),
    Preset(
        "attack-target",
        "Everything a three",
        "Digits",
        "Watch more than nine digits in ten become a three at ε = .3, and the network believe it.",
        {"kind": "attack", "method": "pgd", "target": "3"},
        panels=("attack_transitions",),
    ),
    Preset(
        "attack-spiral",
        "Two arms",
        "The plane",
        "Watch the points cross the nearest line, half of them by ε = .12; where the grey begins the true midline is "
        "reached, and an “error” may be right.",
        {"kind": "attack", "dataset": "spiral", "method": "bim", "epochs": 60},
    ),
)

PAGE = Page(
    name="attack",
    path="/attack",
    title="Attack",
    help="Small changes of the input that make a network err: how far accuracy and confidence fall as they grow.",
    story="A network learns first, a frame an epoch; then its test points are attacked, a frame a size. Play, and the "
    "change grows: the pictures turn into their adversaries, and the matrix fills with what they are taken for.",
    kind="attack",
    panels=(
        attack_curve.PANEL,
        attack_transitions.PANEL,
        attack_gallery.PANEL,
    ),
    form=Form(
        AttackConfig,
        _CONTROLS,
        {
            "points": Section("Data", "Points attacked"),
            "network": Section("Network"),
            "attack": Section("Attack", "Sizes, steps"),
            "learning": Section("Training", "Rate, batch, seed"),
        },
        without=frozenset({"device"}),
        limits=(
            # The fields that may say how many classes there are, have their defaults here.
            *(
                Only("target", (ANY, *map(str, range(RunConfig(dataset=name).n_classes))), {"dataset": (name,)})
                for name in DATASETS
            ),
        ),
    ),
    words=Words(
        act="Attack", doing="attacking", unit="steps", tip="Train the network, then attack it at every strength"
    ),
    score="accuracy under attack",
    presets=PRESETS,
    paces=True,
)
