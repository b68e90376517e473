"""Compare: many networks at once, over a grid of settings."""

from dataclasses import fields

from dash import html

from app.pages.attributes import attrs
from app.pages.form import Control, Form, Section
from app.pages.limits import Fill, Limit, Only, Unlike
from app.pages.page import Page, Words
from app.pages.parts import button
from app.pages.presets import Preset
from app.pages.run_form import LIMITS, SECTIONS, run_controls, suggestions
from app.panels import fates, sweep_curve, sweep_spectra, sweep_stress
from nnprobe_core.config import RunConfig
from nnprobe_core.fields import MAX_SEED
from nnprobe_core.registry import DATASETS
from nnprobe_core.sweeps.axis import label_of, sweepable
from nnprobe_core.sweeps.config import CLASHES, MAX_CELLS, SEEDS, THESIS, SweepConfig

_NAMES = {"": "nothing", **{name: label_of(name) for name in sweepable()}}
_CHOICES = {item.name: item.metadata["choices"] for item in fields(RunConfig) if "choices" in item.metadata}
_STARTS = {name: values for name, values in suggestions(_CHOICES).items() if name in sweepable()}
_SWEEP = (
    Control("over", "select", names={**_NAMES, "": "nothing: seeds alone"}, fills=Fill("values", _STARTS)),
    Control("values", "text", when={"over": sweepable()}),
    Control("over2", "select", names=_NAMES, when={"over": sweepable()}, fills=Fill("values2", _STARTS)),
    Control("values2", "text", when={"over2": sweepable()}),
    Control("seeds", "slider", stops=(1, 2, 3, 5, 8, 10, 16, 20, 32, 64, 100)),
    Control(
        "vary",
        "segments",
        names={"all": "All", "init": "Weights", "data": "Points"},
        label="Seeds change",
        section="sweep",
    ),
)
_STRESS = (Control("test_noise", "text", folded=True), Control("epsilons", "text", folded=True))


def _of_one_dataset() -> tuple[Only, ...]:
    """What is a data set's own is varied with that data set alone."""
    own = {item.name: item.metadata["when"]["dataset"] for item in RunConfig.options() if "when" in item.metadata}
    return tuple(
        Only(axis, ("", *(name for name in sweepable() if dataset in own.get(name, DATASETS))), {"dataset": (dataset,)})
        for axis in ("over", "over2")
        for dataset in (DATASETS if own else ())
    )


PRESETS = (
    Preset(
        "64-fates",
        "64 fates",
        "Chance",
        "Watch one problem and 64 first weights: 48 networks of four units a layer find the spiral, 16 do not.",
        {
            "kind": "sweep", "seeds": 64, "vary": "init", "seed_data": 2, "width": 4, "depth": 3, "init_gain": 1,
            "steps": 4000, "frames": 100,
        },
        panels=("fates",),
    ),
    Preset(
        "entanglement",
        "Entanglement",
        "The thesis's questions",
        "Watch five layers of fifty: the farther the arms wind, the larger the norms; tanh gives in before ReLU.",
        {
            "kind": "sweep", **THESIS, "over": "entanglement", "values": "4:20:4", "over2": "activation",
            "values2": "tanh,relu", "seeds": 6, "frames": 60, "test_noise": (0.5, 1, 1.5, 2, 3),
            "epsilons": (0.25, 0.5, 1, 1.5, 2, 3),
        },
    ),
    Preset(
        "sweep-width",
        "Width",
        "The thesis's questions",
        "Watch two units a layer fail and eight succeed: what lies between is luck.",
        {
            "kind": "sweep", "over": "width", "values": "2,3,4,6,8,16", "seeds": 10, "depth": 3, "steps": 2000,
            "frames": 100,
        },
    ),
    Preset(
        "sweep-rate",
        "Learning rate",
        "Chance",
        "Watch the same networks under plain SGD: too small a rate learns too little, too large a one never rests.",
        {
            "kind": "sweep", "over": "lr", "values": "0.01,0.03,0.1,0.3,1,3", "seeds": 10, "optimiser": "sgd",
            "steps": 2000, "frames": 100,
        },
    ),
)  # fmt: skip

PAGE = Page(
    name="compare",
    path="/compare",
    title="Compare",
    help="Many networks trained at once over one or two settings: how accuracy, weights and robustness depend on them.",
    story="Choose a setting and its values, and by choice a second one: every value of the first with every value of "
    "the second, each over some seeds, up to 64 networks at a time. A click on any of them opens it in the Lab. "
    "What is done stays done: a sweep that was stopped goes on with Continue.",
    kind="sweep",
    panels=(
        sweep_curve.PANEL,
        sweep_spectra.PANEL,
        sweep_stress.PANEL,
        fates.PANEL,
    ),
    form=Form(
        SweepConfig,
        (*_SWEEP, *_STRESS, *run_controls(without={"seed", "engine"})),
        {
            "sweep": Section("Sweep"),
            "stress": Section("Stress", "Noise, attack"),
            **SECTIONS,
        },
        without=frozenset({"device", "engine", "data"}),
        limits=(
            Unlike("over2", "over", CLASHES),
            *_of_one_dataset(),
            *LIMITS,
            Limit("seeds", "hi", ("values", "values2"), over=MAX_CELLS),
            *(
                Limit(name, "hi", ("seeds",), times=-1, plus=MAX_SEED + 1, when={"vary": tuple(kinds)})
                for name in SEEDS["all"]
                if (kinds := [kind for kind, drawn in SEEDS.items() if name in drawn])
            ),
        ),
    ),
    words=Words(act="Sweep", doing="sweeping", unit="steps", tip="Train every network of the grid"),
    score="best test accuracy",
    presets=PRESETS,
    paces=True,
    # Filled by assets/pages/compare.js.
    extra=html.Div(
        [
            html.Label("Networks, best at the end first", htmlFor="sweep-network", className="field-label"),
            html.Select(id="sweep-network", className="select"),
            html.Div(
                [
                    button(
                        "Open in the Lab",
                        "sweep-open",
                        "Train this network alone in the Lab: near what it came to here, not equal",
                    )
                ],
                className="acts",
            ),
            html.P(
                [
                    "Table: ",
                    html.A("CSV", href="#", download="", **attrs(data_format="csv")),
                    " · ",
                    html.A("JSON", href="#", download="", **attrs(data_format="json")),
                ]
            ),
        ],
        id="sweep-tools",
        hidden=True,
    ),
)
