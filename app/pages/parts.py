"""Small parts that the page frame is made of: a button, a button with a list below it."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from app.pages.attributes import attrs


def button(text: str | list[Any], name: str, title: str, key: str = "", kind: str = "button", **rest: Any) -> Component:
    keys = attrs(aria_keyshortcuts=key) if key else {}
    return html.Button(text, id=name, title=title, type="button", className=kind, disable_n_clicks=True, **keys, **rest)


def menu(name: str, opener: str | list[Any], label: str, title: str, side: str) -> Component:
    """A button with a list below it; assets/frame/menus.js fills the list and opens it."""
    return html.Div(
        [
            button(
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
