"""The rail's foot: what acts on the experiment. The clock's buttons act on the film."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from app.pages.attributes import attrs
from app.pages.form import segment
from app.pages.page import Page
from app.pages.parts import button
from nnprobe_core.training.fork import CHANGEABLE
from nnprobe_core.training.schedule import CHECKPOINT_EVERY

#: Frames recorded per second: value of the command ``pace``, and what the page calls it.
PACES = ((5, "Slow"), (60, "60 / s"), (0, "Full speed"))
_RESET = [html.Span("↺ ", **attrs(aria_hidden="true")), "Reset"]


def acts(page: Page) -> Component:
    """Pace, the page's act, and what stops, continues and resets it."""
    words = page.words
    act = [html.Span(words.act, id="train-word"), html.Small(id="train-note", hidden=True)]
    step = [button("Step", "step", "A single step, then pause")] if page.step else []
    fork = [_fork()] if page.kind == "run" else []
    return html.Div(
        [
            *([_pace()] if page.paces else []),
            html.Div(
                [
                    button(act, "train", words.tip, "T", kind="button primary"),
                    button("Pause", "pause", f"Pause the {words.doing}", kind="button primary", hidden="hidden"),
                    *fork,
                ],
                className="acts",
            ),
            html.Div(
                [
                    *step,
                    button("Stop", "stop", f"Stop the {words.doing} for good"),
                    button("Continue", "continue", "Go on where it was stopped", hidden="hidden"),
                    button(_RESET, "reset", "Back to the identical start", "R"),
                ],
                className="acts",
            ),
        ],
        className="rail-acts",
    )


def _fork() -> Component:
    return button(
        [html.Span("↳ ", **attrs(aria_hidden="true")), html.Span("From here", id="fork-word")],
        "fork",
        "A new run that leaves this one at its newest checkpoint up to the playhead, and goes on with these settings",
        "B",
        hidden="hidden",
        **attrs(data_changeable=" ".join(CHANGEABLE), data_every=str(CHECKPOINT_EVERY)),
    )


def _pace() -> Component:
    paces = [segment(str(value), name, value == 60) for value, name in PACES]
    return html.Div(
        [
            html.Span("Pace", id="label-pace", className="field-label"),
            html.Div(paces, id="pace", role="radiogroup", className="segments", **attrs(aria_labelledby="label-pace")),
        ],
        className="field field-pace",
        title="Frames recorded per second: slow motion, sixty, or as fast as possible.",
    )
