"""The help sheet: what is seen, the keys, and the words, each on a leaf of its own."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from app.pages.attributes import attrs
from app.pages.page import Page

KEYS = (
    ("Space", "play or pause the film"),
    ("← →", "one frame back or on; with Shift ten"),
    ("Home", "to the first frame"),
    ("End", "to the last frame"),
    ("L", "to the live edge, and stay there"),
    ("T", "train; while training, pause or resume"),
    ("S", "train by one step"),
    ("B", "branch off: train on from the playhead with changed settings"),
    ("R", "reset to the identical start"),
    ("1 – 9", "one panel in the spotlight"),
    ("0 or Esc", "back to all that are shown"),
    ("V", "which panels are shown, and in what order"),
    ("P", "projector mode"),
    ("F", "full screen"),
    ("D", "light or dark"),
    ("C", "copy a link to this film, at this moment"),
    ("?", "this sheet"),
)


#: The terms of the pages, in the order in which one meets them.
WORDS = (
    ("Film", "A run as it was recorded, frame by frame; the clock plays it, live or back again."),
    ("Step, epoch", "A step changes every weight once, after one batch; an epoch goes through all points once."),
    ("Hidden 1, Hidden 2, …", "What the hidden layers give, after the activation; on Separation its two halves apart: "
     "Linear 1, then ReLU 1."),
    ("Logits", "What the last layer gives, a number a class; the largest is the answer."),
    ("MLP, CNN", "A fully connected network (multilayer perceptron); one with convolutions, for pictures."),
    ("W₁, W₂, …", "The weight matrices, counted from the input on."),
    ("Loss", "Cross-entropy in nats, the mean over points: 0 is certain and right, ln K a guess among K classes."),
    ("Accuracy", "The share of points that get their own class; test points are never trained on."),
    ("Confidence", "The largest class probability, the softmax of the logits."),
    ("Henze-Penrose", "From 0 to 1: how well neighbours tell the classes apart (a minimum spanning tree); a "
     "linear probe says how well a line does."),
    ("Signal δ", "How strongly the loss depends on what a layer gives."),
    ("Spectrum", "Eigenvalues and singular values of the weight matrices; the circle is where random ones begin."),
    ("ε", "The size of an attack: how far an input may be moved, each coordinate by at most ε in L∞, in all in L2."),
    ("FGSM, BIM, PGD", "One step along the loss's gradient; several small ones; several from random starts."),
    ("Seed", "The number that fixes what is drawn at random: points, first weights, and the order of batches."),
    ("Fork", "A run that leaves another one at a checkpoint and goes on with other settings."),
)  # fmt: skip


def help_sheet(page: Page) -> Component:
    """Three leaves behind three tabs (assets/frame/help.js turns them); Escape closes the sheet."""
    words = page.words
    named = {"T": f"{words.act.lower()}; while {words.doing}, pause or resume"}
    left = set() if page.step else {"S"}
    left |= set() if page.kind == "run" else {"B"}
    keys = [_entry(html.Kbd(key), named.get(key, act)) for key, act in KEYS if key not in left]
    panels = [_entry([html.Kbd(**attrs(data_of=panel.name)), f" {panel.title}"], panel.help) for panel in page.panels]
    seen = [
        html.P([html.Strong(f"{page.title}. "), page.help]),
        html.P(page.story, className="help-story"),
        html.Dl(panels, className="keys keys-panels"),
    ]
    leaves: tuple[tuple[str, str, list[Component]], ...] = (
        ("seen", "What you see", seen),
        ("keys", "Keys", [html.Dl(keys, className="keys")]),
        ("words", "Words", [html.Dl([_entry(*pair) for pair in WORDS], className="keys keys-words")]),
    )
    close = html.Button("Close", type="button", id="help-close", className="button", disable_n_clicks=True)
    tabs = html.Div(
        [_tab(name, title, not k) for k, (name, title, _) in enumerate(leaves)],
        id="help-tabs",
        className="segments",
        role="tablist",
        **attrs(aria_label="Leaves of the help"),
    )
    return html.Dialog(
        [
            html.Div([html.H2("Help", id="help-title"), tabs, close], className="help-head"),
            *(_leaf(name, children, not k) for k, (name, _, children) in enumerate(leaves)),
        ],
        id="help",
        className="sheet",
        **attrs(aria_labelledby="help-title"),
    )


def _entry(term: Any, text: str) -> Component:
    return html.Div([html.Dt(term), html.Dd(text)], className="key")


def _tab(name: str, title: str, chosen: bool) -> Component:
    return html.Button(
        title,
        id=f"help-tab-{name}",
        type="button",
        role="tab",
        className="segment",
        disable_n_clicks=True,
        tabIndex=0 if chosen else -1,
        **attrs(aria_selected=str(chosen).lower(), aria_controls=f"help-{name}"),
    )


def _leaf(name: str, children: list[Component], shown: bool) -> Component:
    labelled: Any = attrs(aria_labelledby=f"help-tab-{name}")
    return html.Div(children, id=f"help-{name}", role="tabpanel", tabIndex=0, hidden=not shown, **labelled)
