"""The frame that every page has: header, rail, stage and clock. Layout only, no behaviour."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from app.pages import ids
from app.pages.attributes import attrs
from app.pages.chooser import chooser, index, opener, shelf
from app.pages.form import NAMES, form
from app.pages.help import help_sheet
from app.pages.page import Page
from app.pages.parts import button, menu
from app.pages.rail import acts
from app.panels.panel import Panel
from nnprobe_core.columns import COLUMNS
from nnprobe_core.datasets.declare import declared
from nnprobe_core.maths.quantise import MISSING, STEPS
from nnprobe_core.registry import DATASETS
from nnprobe_core.sweeps.results import DONE
from nnprobe_core.training.schedule import CHECKPOINT_EVERY

_COPY = [html.Span("Copy link", className="wide"), html.Span("Link", className="narrow")]
_PANELS = [html.Span("Panels", className="wide"), html.Span("⊞", className="narrow", **attrs(aria_hidden="true"))]
_PROJECTOR = [html.Span("Projector "), html.Kbd("P")]
SPEEDS = (0.1, 0.25, 0.5, 1, 2, 4)


def facts(page: Page, pages: Sequence[Page], device: str) -> str:
    """What the scripts must know of the page before anything is laid out, as JSON (assets/base/page.js)."""
    return json.dumps(
        {
            "name": page.name,
            "path": page.path,
            "kind": page.kind,
            "eager": page.eager,
            "panels": {
                "all": [panel.name for panel in page.panels],
                "first": page.opens_with,
                "meta": {panel.name: dict(panel.meta) for panel in page.panels},
            },
            "device": device,
            "words": {"act": page.words.act, "doing": page.words.doing, "unit": page.words.unit},
            "names": dict(NAMES),
            "classes": {name: declared(name).classes for name in DATASETS},
            "columns": dict(COLUMNS),
            "constants": {
                "missing": MISSING,
                "steps": STEPS,
                "checkpoint_every": CHECKPOINT_EVERY,
                "done": DONE,
            },
            "paths": {one.name: one.path for one in pages},
            "kinds": {
                one.kind: {"path": one.path, "title": one.title, "doing": one.words.doing, "unit": one.words.unit}
                for one in pages
            },
        },
        ensure_ascii=False,
    )


def layout(page: Page, pages: Sequence[Page]) -> Component:
    """The whole of ``page``; ``pages`` are those the header leads to."""
    return html.Div(
        [
            html.A("Skip to the pictures", href=f"#{ids.STAGE}", className="skip"),
            _header(page, pages),
            index(page),
            html.Div([_rail(page), _main(page)], className="middle"),
            _clock(),
            help_sheet(page),
            chooser(page),
            html.Div(id="toasts", role="alert", **attrs(aria_live="assertive")),
            html.Div(id="announcer", className="unseen", role="status", **attrs(aria_live="polite")),
            *(dcc.Store(id=store) for store in (ids.REQUEST, ids.LAUNCH, ids.FINISHED, ids.REFUSED, ids.SINK)),
        ],
        id="lab",
    )


def _header(page: Page, pages: Sequence[Page]) -> Component:
    preset = [
        html.Span("Preset ", className="soft wide"),
        html.Strong("…", id="preset-name"),
        html.Span(" ▾", className="soft", **attrs(aria_hidden="true")),
    ]
    return html.Header(
        [
            button(
                "☰", "rail-button", "Show or hide the controls", kind="button icon", **attrs(aria_label="Controls")
            ),
            html.H1(["nn", html.Span("probe")], className="brand"),
            html.Nav([_link(one, page) for one in pages], id="pages", **attrs(aria_label="Pages")),
            menu("presets", preset, "Presets", "Ready experiments", "left"),
            html.Div(
                [
                    html.Span(className="dot", **attrs(aria_hidden="true")),
                    html.Strong("starting", id="state-word"),
                    html.Span(id="state-text", className="clauses"),
                    button("Back to the film", "back", "Show the last film again", kind="link", hidden="hidden"),
                ],
                id="state",
                className="pill",
            ),
            *_score(page.score),
            html.Div(className="spring"),
            opener(_PANELS, "panels-button", "V"),
            menu("runs", "Runs", "Recent runs", "Reopen a recent film, of this page or another", "right"),
            button(
                _COPY, "copy-link", "Copy a link to this film, at this moment", "C", **attrs(aria_label="Copy link")
            ),
            button(
                [html.Span("Projector "), html.Kbd("P")],
                "projector",
                "Large type and one panel, for a lecture hall",
                "P",
            ),
            button("◐", "theme", "Light or dark", "D", kind="button icon", **attrs(aria_label="Light or dark")),
            button("?", "help-button", "Keys and hints", "?", kind="button icon", **attrs(aria_label="Help")),
        ],
        className="header",
    )


def _link(one: Page, here: Page) -> Component:
    current = attrs(aria_current="page") if one.name == here.name else {}
    return html.A(one.title, href=one.path, title=one.help, className="page-link", **current)


def _score(label: str) -> list[Component]:
    if not label:
        return []
    first, _, rest = label.partition(" ")
    words: list[Any] = [f"{first} ", html.Span(f"{rest} ", className="wide")]
    return [html.Div([html.Span(words), html.Strong("–", id="accuracy")], className="pill", id="accuracy-pill")]


def _rail(page: Page) -> Component:
    below = [page.extra] if page.extra is not None else []
    close = button("✕", "drawer-close", "Close", kind="button icon", **attrs(aria_label="Close the controls"))
    head = html.Div([html.Span("Controls"), close], className="drawer-head")
    scroll = html.Div([head, *([form(page.form)] if page.form else []), *below], className="rail-scroll")
    return html.Aside([scroll, acts(page)], id="rail", **attrs(aria_label="Controls"))


def _main(page: Page) -> Component:
    """The stage: every panel of the page; those that are shown, and where, is the browser's (assets/stage/stage.js)."""
    return html.Main(
        [
            html.P([html.Strong("Watch "), html.Span(id="watch-text")], id="watch", hidden=True),
            html.Div([_panel(panel, panel.name not in page.opens_with) for panel in page.panels], id=ids.STAGE),
            shelf(page),
        ],
        className="main",
    )


def _panel(panel: Panel, hidden: bool) -> Component:
    title = f"title-{panel.name}"
    words = (
        [html.Span(panel.title, className="panel-long"), html.Span(panel.short, className="panel-short")]
        if panel.short
        else panel.title
    )
    spotlight = attrs(aria_label=f"{panel.title} in the spotlight")
    whole = attrs(aria_label=panel.title) if panel.short else {}  # also where the short one is seen
    head = [
        html.H2(words, id=title, className="panel-title", **whole),
        html.Span(className="panel-note clauses"),
        html.Span(className="panel-verdict"),
        html.Button(type="button", className="panel-key", disable_n_clicks=True, **spotlight),  # its number
    ]
    room = attrs(data_width=f"{panel.width:g}", data_height=f"{panel.height:g}")
    return html.Section(
        [
            html.Div(head, className="panel-head", title=panel.help),
            html.Div(panel.graph(), className="panel-body"),
            html.P(id=f"says-{panel.name}", className="panel-says unseen"),  # assets/stage/says.js
        ],
        id=ids.panel(panel.name),
        className=f"panel panel-{panel.shape}" if panel.shape else "panel",
        hidden=hidden,
        **attrs(data_panel=panel.name, aria_labelledby=title),
        **room,
    )


def _clock() -> Component:
    speeds = [html.Option(f"{speed:g}×", value=f"{speed:g}") for speed in SPEEDS]
    return html.Footer(
        [
            button("", "clock-start", "To the first frame", "Home", kind="round", **attrs(aria_label="To the start")),
            button("", "clock-play", "Play or pause the film", "Space", kind="round big", **attrs(aria_label="Play")),
            button(
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
