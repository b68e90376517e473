"""Site: Dash with several pages, each at a path of its own and loaded as a whole.

Dash's page is a shell that asks for its layout. Here a shell says under which path its routes are, so ``/compare``
gets its layout from ``/compare/_dash-layout``: no routing callback and no round trip more than a single page has. A
page's shell loads the scripts of its own panels and of no others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dash
from flask import has_request_context, redirect, request

from app.pages import PAGES, Page, is_page, page_at
from app.pages.frame import facts, layout
from app.pages.missing import missing
from app.pages.scripts import Scripts, styles_in_order

#: From a run's id to the kind of its film; None where there is no such run.
KindOf = Callable[[str], str | None]
#: From a run's id to its title and a line about it, for the window's title and what a shared link shows; None likewise.
CardOf = Callable[[str], tuple[str, str] | None]

_PREFIX = re.compile(r'("requests_pathname_prefix":)"[^"]*"')


class Site(dash.Dash):
    """Dash over the table of pages; ``kind_of`` tells on which of them a run is at home, ``card_of`` how it is
    introduced, ``absent`` which choices of their forms this server does not have, and ``device`` where it trains."""

    def __init__(
        self,
        *args: Any,
        kind_of: KindOf,
        card_of: CardOf,
        absent: frozenset[str] = frozenset(),
        device: str = "cpu",
        **rest: Any,
    ) -> None:
        super().__init__(*args, **rest)
        self._kind_of, self._card_of = kind_of, card_of
        self._layouts = {page.name: layout(page.here(absent, device), PAGES) for page in PAGES}
        self._device = device
        self._scripts = Scripts(Path(self.config.assets_folder))
        self.layout = self._layout_here
        for page in PAGES[1:]:
            name = page.prefix.lstrip("/")
            self._add_url(f"{name}_dash-layout", self.serve_layout)
            self._add_url(f"{name}_dash-dependencies", self.dependencies)
            self._add_url(f"{name}_dash-update-component", self.backend.serve_callback(self), ["POST"])
            self._add_url(f"{name}_reload-hash", self.serve_reload_hash)

    def index(self, *args: Any, **rest: Any) -> Any:
        """The page of this path, or one that says there is none; a run at home on another page is shown there."""
        if not is_page(request.path):
            return missing(request.path, PAGES, self.get_asset_url("styles/app.css")), 404
        run = request.args.get("run")
        kind = self._kind_of(run) if run else None
        home = next((page for page in PAGES if page.kind == kind), None)
        if home is not None and home is not _here():
            return redirect(f"{home.path}?{quote(request.query_string, safe='=&:,-.%+')}")
        return super().index(*args, **rest)  # type: ignore[no-untyped-call]

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]
        """The shell of the page that is asked for."""
        page = _here()
        if page.path != "/":
            parts["title"] = f"{page.title} · nnprobe"
        own = {"panels": [panel.name for panel in page.panels], "pages": [page.name]}
        parts["scripts"] = self._scripts.of_page(parts["scripts"], own)
        parts["css"] = styles_in_order(parts["css"])
        root = self.config.requests_pathname_prefix.rstrip("/")
        parts["config"] = _PREFIX.sub(rf'\g<1>"{root}{page.prefix}"', parts["config"], count=1)
        run = request.args.get("run") if has_request_context() else None
        card = self._card_of(run) if run else None
        if card:
            parts["title"] = escape(f"{card[0]} · nnprobe")
        index: str = super().interpolate_index(**parts)  # type: ignore[no-untyped-call]
        if card:
            said = zip(("og:title", "og:description"), card, strict=True)
            metas = "".join(f'<meta property="{name}" content="{escape(text)}">' for name, text in said)
            index = index.replace("</head>", f"{metas}</head>", 1)
        return index.replace("{nnprobe}", escape(facts(page, PAGES, self._device)))

    def _layout_here(self) -> Any:
        return self._layouts[_here().name]


def _here() -> Page:
    return page_at(request.path) if has_request_context() else PAGES[0]
