"""The help sheet: every key, and what the pictures mean in a sentence each."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from app.attributes import attrs
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
    ("0 or Esc", "all panels"),
    ("P", "projector mode"),
    ("F", "full screen"),
    ("D", "light or dark"),
    ("C", "copy a link to this film, at this moment"),
    ("?", "this sheet"),
)


def help_sheet(page: Page) -> Component:
    words = page.words
    named = {"T": f"{words.act.lower()}; while {words.doing}, pause or resume"}
    left = set() if page.step else {"S"}
    left |= set() if page.kind == "run" else {"B"}
    keys = [
        html.Div([html.Dt(html.Kbd(key)), html.Dd(named.get(key, act))], className="key")
        for key, act in KEYS
        if key not in left
    ]
    panels = [
        html.Div([html.Dt([html.Kbd(str(panel.number)), f" {panel.title}"]), html.Dd(panel.help)], className="key")
        for panel in page.panels
    ]
    return html.Dialog(
        [
            html.Div(
                [
                    html.H2("Keys and panels", id="help-title"),
                    html.Button("Close", type="button", id="help-close", className="button", disable_n_clicks=True),
                ],
                className="help-head",
            ),
            html.P([html.Strong(f"{page.title}. "), page.help]),
            html.P(page.story, className="help-story"),
            html.Dl(keys, className="keys"),
            html.Dl(panels, className="keys keys-panels"),
        ],
        id="help",
        className="sheet",
        **attrs(aria_labelledby="help-title"),
    )
