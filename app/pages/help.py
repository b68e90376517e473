"""The help sheet: every key, and what the pictures mean in a sentence each."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from app.attributes import attrs
from app.panels import PANELS

KEYS = (
    ("Space", "play or pause the film"),
    ("← →", "one frame back or on; with Shift ten"),
    ("Home", "to the first frame"),
    ("End", "to the last frame"),
    ("L", "to the live edge, and stay there"),
    ("T", "train; while training, pause or resume"),
    ("S", "train by one step"),
    ("R", "reset to the identical start"),
    ("1 – 9", "one panel in the spotlight"),
    ("0 or Esc", "all panels"),
    ("P", "projector mode"),
    ("F", "full screen"),
    ("D", "light or dark"),
    ("C", "copy a link to this film, at this moment"),
    ("?", "this sheet"),
)


def help_sheet() -> Component:
    keys = [html.Div([html.Dt(html.Kbd(key)), html.Dd(act)], className="key") for key, act in KEYS]
    panels = [
        html.Div([html.Dt([html.Kbd(str(panel.number)), f" {panel.title}"]), html.Dd(panel.help)], className="key")
        for panel in PANELS
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
            html.P(
                "A run is a film. Train records it, the clock plays it: go back, go on, or stay at the live edge while "
                "it grows. A tap on a point follows that point through every layer."
            ),
            html.Dl(keys, className="keys"),
            html.Dl(panels, className="keys keys-panels"),
        ],
        id="help",
        className="sheet",
        **attrs(aria_labelledby="help-title"),
    )
