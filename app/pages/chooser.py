"""The panel chooser: which of the page's panels are shown, and in what order (assets/frame/chooser.js)."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from app.pages.attributes import attrs
from app.pages.page import Page
from app.pages.parts import button
from app.panels.panel import Panel

TITLE = "Which panels are shown, and in what order"


def opener(text: str | list[Any], name: str, key: str = "", kind: str = "button") -> Component:
    """A button that opens the chooser."""
    said = attrs(aria_haspopup="dialog", **({} if kind == "link" else {"aria_label": "Panels"}))
    return button(text, name, TITLE, key, kind=f"{kind} opens-chooser", **said)


def chooser(page: Page) -> Component:
    """The list of the page's panels, a row each; hidden until its opener is pressed."""
    return html.Div(
        [
            html.Div(
                [html.H2("Panels", id="chooser-title"), html.Span(id="chooser-count", className="soft")],
                className="chooser-head",
            ),
            html.Ul([_row(panel) for panel in page.panels], id="chooser-rows"),
            html.P(id="chooser-note", className="soft"),
            html.Div(
                [
                    button("As at first", "chooser-first", "The panels that this page opens with, in their order"),
                    button("All", "chooser-all", "All panels of this page", **attrs(aria_label="All panels")),
                ],
                className="acts",
            ),
        ],
        id="chooser",
        hidden=True,
        role="dialog",
        **attrs(aria_labelledby="chooser-title"),
    )


def shelf(page: Page) -> Component:
    """The panels that are not shown, by name: a tap shows one."""
    items = [_item(panel, "shelf-item") for panel in page.panels]
    return html.Nav(
        [html.Span("More panels", className="soft"), *items, opener("Arrange …", "shelf-panels", kind="link")],
        id="shelf",
        hidden=True,
        **attrs(aria_label="More panels"),
    )


def index(page: Page) -> Component:
    """The names of the panels, where a screen has room for one of them (assets/frame/phone.js)."""
    items = [
        html.Button(
            panel.title, type="button", className="index-item", disable_n_clicks=True, **attrs(data_of=panel.name)
        )
        for panel in page.panels
    ]
    return html.Nav([*items, opener("⊞", "index-panels", kind="button icon")], id="index", **attrs(aria_label="Panels"))


def _item(panel: Panel, kind: str) -> Component:
    plus = html.Span("+ ", **attrs(aria_hidden="true"))
    show = attrs(data_of=panel.name, aria_label=f"Show {panel.title}")
    return html.Button(
        [plus, panel.title], type="button", className=kind, title=panel.help, disable_n_clicks=True, **show
    )


def _row(panel: Panel) -> Component:
    ticked = attrs(aria_checked="true", data_title=panel.title)
    parts: list[Any] = [html.Span(className="chooser-box", **attrs(aria_hidden="true")), panel.title, html.Kbd()]
    return html.Li(
        [
            html.Span("⠿", className="chooser-grip", title="Drag to another place", **attrs(aria_hidden="true")),
            html.Button(
                parts,
                type="button",
                role="checkbox",
                className="chooser-name",
                title=panel.help,
                disable_n_clicks=True,
                **ticked,
            ),
            _move("↑", -1, f"{panel.title} one place up"),
            _move("↓", 1, f"{panel.title} one place down"),
        ],
        **attrs(data_of=panel.name),
    )


def _move(sign: str, by: int, label: str) -> Component:
    said = attrs(data_by=str(by), aria_label=label)
    return html.Button(sign, type="button", className="chooser-move", title=label, disable_n_clicks=True, **said)
