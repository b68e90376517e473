"""``nnprobe figure``: what a panel shows of a film at a step, as SVG, PNG or PDF."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.pages import PAGES
from nnprobe_core.errors import ConfigError

_KINDS = (".svg", ".png", ".pdf")


def add(commands: Any) -> None:
    names = "; ".join(f"{page.title}: {', '.join(panel.name for panel in page.panels)}" for page in PAGES)
    parser = commands.add_parser(
        "figure",
        help="draw a panel of a film as SVG, PNG or PDF",
        description=f"Draw what a panel shows of a film at a step, for a paper or a slide. Panels by page: {names}.",
    )
    parser.add_argument("film", metavar="FILM", help="a .film file, or a run of this machine's lab (preset-default)")
    parser.add_argument("--panel", required=True, metavar="NAME", help="which panel; see above")
    parser.add_argument("--step", type=int, metavar="N", help="the nearest recorded step is drawn; default: the last")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="ends with .svg, .png or .pdf")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a choice of the panel, as view=time; repeatable",
    )
    parser.add_argument("--point", type=int, metavar="N", help="the point that is followed through the panels")
    parser.add_argument(
        "--weights", type=Path, metavar="FILE", help="what nnprobe train --checkpoints wrote beside FILM"
    )
    parser.add_argument("--theme", choices=("light", "dark"), default="light", help="default: light")
    parser.add_argument("--width", type=int, default=960, metavar="PX", help="200 to 8000, default: 960")
    parser.add_argument("--height", type=int, default=720, metavar="PX", help="200 to 8000, default: 720")
    parser.add_argument("--font-size", type=float, default=16, metavar="PX", help="8 to 60, default: 16")
    parser.add_argument(
        "--scale", type=float, default=2, metavar="X", help="pixels of a PNG for each, 0.5 to 8, default: 2"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from app.figures import pictures

    if options.out.suffix.lower() not in _KINDS:
        raise ConfigError("--out", f"a file that ends with {', '.join(_KINDS)}", str(options.out))
    for name, lo, hi in (("font_size", 8, 60), ("scale", 0.5, 8)):
        if not lo <= getattr(options, name) <= hi:
            raise ConfigError(f"--{name.replace('_', '-')}", f"from {lo} to {hi}", getattr(options, name))
    with pictures(options.film, theme=options.theme, weights=options.weights) as of:
        picture = of(
            options.panel,
            options.step,
            options=_choices(options.set),
            point=options.point,
            width=options.width,
            height=options.height,
            font_size=options.font_size,
        )
        picture.save(options.out, scale=options.scale)
    asked = options.step
    near = "" if asked is None or asked == picture.step else f", the recorded step nearest to {asked}"
    print(f"figure       {options.out}: {options.panel} at step {picture.step}{near}")
    return 0


def _choices(said: list[str]) -> dict[str, str]:
    choices = {}
    for one in said:
        key, equals, value = one.partition("=")
        if not (key and equals):
            raise ConfigError("--set", "KEY=VALUE", one)
        choices[key] = value
    return choices
