"""The lab: rail with the experiment, stage with the panels, one clock below. Layout only, no behaviour."""

from __future__ import annotations

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from app import ids
from app.attributes import attrs
from app.form import form
from app.pages.help import help_sheet
from app.panels import PANELS
from app.panels.panel import Panel

#: Frames recorded per second: value of the command ``pace``, and what the page calls it.
PACES = ((5, "Slow"), (60, "60 / s"), (0, "Full speed"))
_TRAIN = [html.Span("Train", id="train-word"), html.Small(id="train-note", hidden=True)]
#: The data and the network, drawn by assets/sketch.js; its caption says the same in words.
_SKETCH = html.Figure(html.Figcaption(), id="sketch")
_RESET = [html.Span("↺ ", **attrs(aria_hidden="true")), "Reset"]
_ACCURACY = [html.Span(["test ", html.Span("accuracy", className="wide")])]
SPEEDS = (0.1, 0.25, 0.5, 1, 2, 4)


def layout() -> Component:
    return html.Div(
        [
            html.A("Skip to the pictures", href=f"#{ids.STAGE}", className="skip"),
            _header(),
            html.Div([_rail(), _main()], className="middle"),
            _clock(),
            help_sheet(),
            html.Div(id="toasts", role="alert", **attrs(aria_live="assertive")),
            html.Div(id="announcer", className="unseen", role="status", **attrs(aria_live="polite")),
            *(dcc.Store(id=store) for store in (ids.REQUEST, ids.LAUNCH, ids.FINISHED, ids.REFUSED, ids.SINK)),
        ],
        id="lab",
    )


def _button(
    text: str | list[Any], name: str, title: str, key: str = "", kind: str = "button", **rest: Any
) -> Component:
    keys = attrs(aria_keyshortcuts=key) if key else {}
    return html.Button(text, id=name, title=title, type="button", className=kind, disable_n_clicks=True, **keys, **rest)


def _menu(name: str, opener: str | list[Any], label: str, title: str, side: str) -> Component:
    """A button with a list below it; assets/menus.js fills the list and opens it."""
    return html.Div(
        [
            _button(
                opener,
                f"{name}-button",
                title,
                kind="button menu-button",
                **attrs(aria_haspopup="true", aria_expanded="false", aria_controls=f"{name}-list"),
            ),
            html.Div(
                id=f"{name}-list",
                className=f"menu-list menu-{side}",
                role="menu",
                hidden=True,
                **attrs(aria_label=label),
            ),
        ],
        className="menu",
        id=name,
    )


def _header() -> Component:
    preset = [
        html.Span("Preset ", className="soft"),
        html.Strong("…", id="preset-name"),
        html.Span(" ▾", className="soft", **attrs(aria_hidden="true")),
    ]
    return html.Header(
        [
            _button(
                "☰", "rail-button", "Show or hide the controls", kind="button icon", **attrs(aria_label="Controls")
            ),
            html.H1(["nn", html.Span("probe")], className="brand"),
            _menu("presets", preset, "Presets", "Ready experiments, each with its film", "left"),
            html.Div(
                [
                    html.Span(className="dot", **attrs(aria_hidden="true")),
                    html.Strong("starting", id="state-word"),
                    html.Span(id="state-text"),
                    _button("Back to the film", "back", "Show the last film again", kind="link", hidden="hidden"),
                ],
                id="state",
                className="pill",
            ),
            html.Div(
                [html.Span(["test ", html.Span("accuracy ", className="wide")]), html.Strong("–", id="accuracy")],
                className="pill",
                id="accuracy-pill",
            ),
            html.Div(className="spring"),
            _menu("runs", "Runs", "Recent runs", "Reopen a recent run", "right"),
            _button("Copy link", "copy-link", "Copy a link to this film, at this moment", "C"),
            _button(["Projector ", html.Kbd("P")], "projector", "Large type and one panel, for a lecture hall", "P"),
            _button("◐", "theme", "Light or dark", "D", kind="button icon", **attrs(aria_label="Light or dark")),
            _button("?", "help-button", "Keys and hints", "?", kind="button icon", **attrs(aria_label="Help")),
        ],
        className="header",
    )


def _rail() -> Component:
    return html.Aside(
        [html.Div([form(), _SKETCH], className="rail-scroll"), _acts()], id="rail", **attrs(aria_label="Controls")
    )


def _acts() -> Component:
    """What acts on the training. The clock's buttons act on the film."""
    paces = [
        html.Button(
            name,
            type="button",
            role="radio",
            className="segment",
            disable_n_clicks=True,
            tabIndex=0 if value == 60 else -1,
            **attrs(data_value=str(value), aria_checked=str(value == 60).lower()),
        )
        for value, name in PACES
    ]
    pace_help = "Frames recorded per second: slow motion, sixty, or as fast as possible."
    return html.Div(
        [
            html.Div(
                [
                    html.Span("Pace", id="label-pace", className="field-label"),
                    html.Div(
                        paces, id="pace", role="radiogroup", className="segments", **attrs(aria_labelledby="label-pace")
                    ),
                ],
                className="field field-pace",
                title=pace_help,
            ),
            html.Div(
                [
                    _button(_TRAIN, "train", "Train this network from its first step", "T", kind="button primary"),
                    _button("Pause", "pause", "Pause the training", kind="button primary", hidden="hidden"),
                ],
                className="acts",
            ),
            html.Div(
                [
                    _button("Step", "step", "Train by a single step, then pause"),
                    _button("Stop", "stop", "Stop the training for good"),
                    _button("Continue", "continue", "Go on where the training was stopped", hidden="hidden"),
                    _button(_RESET, "reset", "Back to the identical start, with identical weights", "R"),
                ],
                className="acts",
            ),
        ],
        className="rail-acts",
    )


def _main() -> Component:
    return html.Main(
        [
            html.P([html.Strong("Watch "), html.Span(id="watch-text")], id="watch", hidden=True),
            html.Div([_panel(panel) for panel in PANELS], id=ids.STAGE),
        ],
        className="main",
    )


def _panel(panel: Panel) -> Component:
    title = f"title-{panel.name}"
    head = [
        html.H2(panel.title, id=title, className="panel-title"),
        html.Span(className="panel-note"),
        html.Span(className="panel-verdict"),
        html.Button(
            str(panel.number),
            type="button",
            className="panel-key",
            title=f"{panel.title} in the spotlight (key {panel.number})",
            disable_n_clicks=True,
            **attrs(aria_label=f"{panel.title} in the spotlight", aria_keyshortcuts=str(panel.number)),
        ),
    ]
    return html.Section(
        [
            html.Div(head, className="panel-head", title=panel.help),
            html.Div(panel.graph(), className="panel-body"),
        ],
        id=ids.panel(panel.name),
        className="panel",
        **attrs(data_panel=panel.name, data_number=str(panel.number), aria_labelledby=title),
    )


def _clock() -> Component:
    speeds = [html.Option(f"{speed:g}×", value=f"{speed:g}") for speed in SPEEDS]
    return html.Footer(
        [
            _button("", "clock-start", "To the first frame", "Home", kind="round", **attrs(aria_label="To the start")),
            _button("", "clock-play", "Play or pause the film", "Space", kind="round big", **attrs(aria_label="Play")),
            _button(
                "", "clock-live", "To the newest frame", "End", kind="round", **attrs(aria_label="To the live edge")
            ),
            html.Div(id=ids.SCRUB),
            html.Div(id="clock-readout", role="group", **attrs(aria_label="Position")),
            html.Label("Speed", htmlFor="clock-speed", className="unseen"),
            html.Select(speeds, id="clock-speed", className="select", title="Speed of the playback"),
        ],
        className="clock",
        **attrs(aria_label="Clock"),
    )
