"""Panel: how one probe is shown. The picture itself is drawn by ``assets/panels/<name>.js``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dash import dcc


@dataclass(frozen=True)
class Panel:
    """One panel of the stage.

    ``name``, unique over all pages, is also the name of its script; ``help`` what one sees, for the help sheet;
    ``probe`` the entry of ``nnprobe_core.registry.PROBES`` it shows, where it is one; ``short`` its title where that is
    too long for a strip beside another panel; ``meta`` JSON for the script (found there as ``ctx.meta``), so that
    sentences and numbers live in Python alone; ``shape`` how high it is on a phone: "square", "tall", or as others are;
    ``width`` and ``height`` the room it would have beside panels that ask for 1 by 1 (``assets/stage/grid.js``). Its
    number, which is the key that spotlights it, is its place among those that are shown.
    """

    name: str
    title: str
    help: str
    probe: str = ""
    short: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)
    shape: str = ""
    width: float = 1
    height: float = 1

    @property
    def graph_id(self) -> str:
        return f"graph-{self.name}"

    def graph(self) -> dcc.Graph:
        """The empty graph of the panel: the browser fills it, so it never goes through a callback."""
        figure = {"data": [], "layout": {"autosize": False, "width": 300, "height": 200}}
        return dcc.Graph(
            id=self.graph_id, className="panel-graph", figure=figure, responsive=False, config={"displayModeBar": False}
        )
