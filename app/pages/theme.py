"""The page's HTML shell: what must be there before the first stylesheet or script is read."""

from __future__ import annotations

TITLE = "nnprobe: watch a neural network learn"
DESCRIPTION = "Every layer, boundary, spectrum and separation of a neural network, live while it learns."

#: Remembered theme first, then the system's; set before anything is painted, so that nothing flashes.
_THEME = (
    "try{document.documentElement.dataset.theme=localStorage.getItem('nnprobe-theme')"
    "||(matchMedia('(prefers-color-scheme: light)').matches?'light':'dark')}"
    "catch(e){document.documentElement.dataset.theme='dark'}"
)

#: Three points on an arm of a spiral and their mirror images, in the two class colours.
_ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
    "%3Crect width='32' height='32' rx='7' fill='%230e1116'/%3E"
    "%3Cg fill='%2356b4e9'%3E%3Ccircle cx='19' cy='12' r='2.4'/%3E%3Ccircle cx='12' cy='8' r='2.8'/%3E"
    "%3Ccircle cx='6' cy='16' r='3.2'/%3E%3C/g%3E"
    "%3Cg fill='%23f0a830'%3E%3Cpath d='M13 17.6l2.6 4.6h-5.2z'/%3E%3Cpath d='M20 20.8l3 5.4h-6z'/%3E"
    "%3Cpath d='M26 12.4l3.4 6h-6.8z'/%3E%3C/g%3E%3C/svg%3E"
)


#: Dash asks for Plotly's script below the page's own path; there is one for all pages, so that a browser keeps it once.
_PLOTLY = "Object.defineProperty(window,'_dashPlotlyJSURL',{get:()=>'%s',set(){}})"


def head() -> str:
    """What the head of every document has besides its title: how it is laid out, its icon, and light or dark."""
    return f"""<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<link rel="icon" type="image/svg+xml" href="{_ICON}">
<script>{_THEME}</script>"""


def shell(preload: tuple[str, ...] = ()) -> str:
    """Dash's index template; ``preload`` are scripts that Dash would ask for late.

    The first of them is Plotly's. ``{nnprobe}`` is where app/pages/site.py says which page it is.
    """
    links = "".join(f'<link rel="preload" as="script" href="{path}">' for path in preload)
    plotly = f"<script>{_PLOTLY % preload[0]}</script>" if preload else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{%title%}}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{DESCRIPTION}">
<meta name="nnprobe-page" content="{{nnprobe}}">
<meta name="color-scheme" content="dark light">
<link rel="icon" type="image/svg+xml" href="{_ICON}">
<script>{_THEME}</script>
{plotly}
{links}
{{%css%}}
</head>
<body>
{{%app_entry%}}
{{%config%}}
{{%scripts%}}
{{%renderer%}}
</body>
</html>"""
