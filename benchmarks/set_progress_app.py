"""The other side of benchmarks/film.py: the same film sent through Dash's ``set_progress`` as Plotly figures.

This is how the tutorials stream from a background callback: the job builds a figure per panel and frame, the page
polls the one progress slot. ``python -m benchmarks.set_progress_app FILM PORT`` serves it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import dash
import diskcache
import numpy as np
import plotly.graph_objects as go
from dash import Input, Output, dcc, html
from plotly.subplots import make_subplots

from nnprobe_core.frame import Frame, decode, unpack

COLOURS = ("#56b4e9", "#f0a830")
PANELS = ("boundary", "layers", "loss", "separation", "spectrum", "gradients")
POLL_MS = 50  #: the best of those tried


def points(frame: Frame, layer: int) -> np.ndarray:
    """The decoded map of one layer, (n, 2)."""
    lo, hi = frame.arrays[f"map.{layer}.range"].T
    return lo + frame.arrays[f"map.{layer}"].astype(np.float32)[:, :2] / 65534 * (hi - lo)[:2]


def figures(frames: list[Frame], seq: int) -> list[go.Figure]:
    """One figure per panel at frame ``seq``."""
    frame, head, past = frames[seq], frames[0], frames[: seq + 1]
    x, y, extent = head.arrays["data.x"], head.arrays["data.y"], head.arrays["data.extent"]
    layers = len(head.arrays["data.widths"])
    steps = [item.step for item in past]

    boundary = go.Figure(
        go.Heatmap(
            z=frame.arrays["boundary.class"] * 1.0,
            x=np.linspace(extent[0], extent[1], 100),
            y=np.linspace(extent[2], extent[3], 100),
            showscale=False,
        )
    )
    maps = make_subplots(rows=1, cols=layers)
    for kind, colour in enumerate(COLOURS):
        own = y == kind
        boundary.add_scatter(x=x[own, 0], y=x[own, 1], mode="markers", marker={"color": colour, "size": 5})
        for layer in range(layers):
            z = x if layer == 0 else points(frame, layer)
            maps.add_scatter(
                x=z[own, 0], y=z[own, 1], mode="markers", marker={"color": colour, "size": 3}, row=1, col=layer + 1
            )
    loss = go.Figure([go.Scatter(x=steps, y=[float(item.arrays["series.loss"][k]) for item in past]) for k in (0, 1)])
    due = next((item for item in reversed(past) if "separation.values" in item.arrays), None)
    separation = go.Figure([go.Histogram(x=row) for row in due.arrays["separation.values"]] if due else [])
    spectrum = go.Figure(
        [
            go.Scatter(x=value[:, 0], y=value[:, 1], mode="markers")
            for name, value in sorted(frame.arrays.items())
            if name.startswith("spectrum.eig.")
        ]
    )
    gradients = go.Figure(
        [
            go.Scatter(x=steps, y=[float(item.arrays["series.gradients"][k, 4]) for item in past])
            for k in range(layers - 1)
        ]
    )
    return [boundary, maps, loss, separation, spectrum, gradients]


def create_app(film: Path) -> dash.Dash:
    """A page with a button that plays ``film`` by set_progress; ``#shown`` counts the frames that arrived."""
    manager = dash.DiskcacheManager(diskcache.Cache(tempfile.mkdtemp()))
    app = dash.Dash(__name__, background_callback_manager=manager, serve_locally=True)
    app.layout = html.Div(
        [html.Button("play", id="play"), html.Div("-1", id="shown"), html.Div(id="end")]
        + [dcc.Graph(id=name, style={"height": "45vh", "width": "32vw", "display": "inline-block"}) for name in PANELS]
    )
    path = str(film)

    @app.callback(
        Output("end", "children"),
        Input("play", "n_clicks"),
        background=True,
        progress=[Output("shown", "children"), *(Output(name, "figure") for name in PANELS)],
        interval=POLL_MS,
        prevent_initial_call=True,
    )
    def play(set_progress, clicks):  # type: ignore[no-untyped-def]
        frames = [decode(data) for data in unpack(Path(path).read_bytes())]
        start = time.perf_counter()
        for seq in range(len(frames)):
            time.sleep(max(0.0, start + seq / 60 - time.perf_counter()))
            set_progress((str(seq), *figures(frames, seq)))
        return f"played {clicks} times"

    return app


if __name__ == "__main__":
    create_app(Path(sys.argv[1])).run(host="127.0.0.1", port=int(sys.argv[2]), debug=False)
