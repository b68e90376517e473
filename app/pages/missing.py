"""The page at a path where there is none: it says so, and leads to those that there are."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.pages.page import Page
from app.pages.theme import head

MOST = 80  #: letters of the path that are repeated


def missing(path: str, pages: Sequence[Page], stylesheet: str) -> str:
    """The whole document; ``stylesheet`` is the address of the style sheet with the colours."""
    said = path if len(path) <= MOST else path[: MOST - 1] + "…"
    links = "".join(
        f'<li><a href="{page.path}"><strong>{escape(page.title)}</strong></a> <span class="soft">{escape(page.help)}'
        "</span></li>"
        for page in pages
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<title>There is no such page · nnprobe</title>
{head()}
<link rel="stylesheet" href="{stylesheet}">
</head>
<body>
<main class="missing">
<p class="brand">nn<span>probe</span></p>
<h1>There is no such page</h1>
<p>Nothing is at <code>{escape(said)}</code>. These pages are here:</p>
<ul>{links}</ul>
<p><a class="button primary" href="{pages[0].path}">To the {escape(pages[0].title)}</a></p>
</main>
</body>
</html>"""
