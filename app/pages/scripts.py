"""Scripts: which a page loads, and in which order.

A script says at its top what must be there before it, ``const { clock, film } = nnprobe;``, and gives what it makes,
``nnprobe.scrub = …``. The order follows from that: what a script needs has been loaded before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

#: Style sheets as they follow one another: a later one may say otherwise.
STYLES = ("app", "chooser", "compare", "controls", "grid", "phone", "projector", "stage")
#: The folders from the ground up: no script needs one of a folder above its own.
FOLDERS = ("base", "player", "paint", "stage", "studies", "panels", "form", "frame", "pages")
#: Those of which a page loads only what is its own, and what that needs.
OWN = ("studies", "panels", "pages")

_NEEDS = re.compile(r"^  const \{([^}]*)\}\s*=\s*nnprobe;$", re.MULTILINE)
_GIVES = re.compile(r"\bnnprobe\.(\w+) = |\bwindow\.(nnprobe) = ")
_SCRIPT = re.compile(r'<script src="[^"]*/assets/([\w/]+)\.js[^"]*"></script>\s*')
_STYLE = re.compile(r'<link rel="stylesheet" href="[^"]*/assets/styles/(\w+)\.css[^"]*">\s*')


@dataclass(frozen=True)
class Scripts:
    """The scripts of a folder, by their paths in it without the ending: ``player/film``."""

    folder: Path

    @cached_property
    def needs(self) -> dict[str, list[str]]:
        """Of each the scripts that have to be there before it.

        ValueError where no script gives what one needs, or one of a folder above its own.
        """
        texts = {_name(file, self.folder): file.read_text("utf-8") for file in sorted(self.folder.rglob("*.js"))}
        makers = {name: script for script, text in texts.items() for name in given(text)}
        needs: dict[str, list[str]] = {}
        for script, text in texts.items():
            unknown = needed(text) - set(makers)
            if unknown:
                raise ValueError(f"{script}.js needs {', '.join(sorted(unknown))}, which no script gives.")
            needs[script] = sorted({makers[name] for name in needed(text)} - {script})
            above = [other for other in needs[script] if floor(other) > floor(script)]
            if above:
                raise ValueError(f"{script}.js needs what is made above its folder, by {', '.join(above)}.")
        return needs

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All of them, each after those that make what it needs; ValueError where there is no such order."""
        try:
            return tuple(sorted(TopologicalSorter(self.needs).static_order(), key=floor))
        except CycleError as circle:
            raise ValueError(f"Scripts that need one another: {', '.join(map(str, circle.args[1]))}.") from None

    def of_page(self, html: str, own: Mapping[str, Iterable[str]]) -> str:
        """The script tags of a document: ours in their order, of ``panels`` and ``pages`` those named in ``own``.

        Of the studies those that one of the others needs.
        """
        wanted = {script for script in self.order if script.split("/")[0] not in OWN}
        wanted |= {f"{folder}/{name}" for folder, names in own.items() for name in names} & set(self.order)
        for script in reversed(self.order):
            if script in wanted:
                wanted.update(self.needs[script])
        return _in_order(html, _SCRIPT, [script for script in self.order if script in wanted])


def floor(script: str) -> int:
    """How far above the ground a script's folder is; ValueError for a folder without a place."""
    return FOLDERS.index(script.split("/")[0])


def needed(text: str) -> set[str]:
    """The names that a script has to have, once it is loaded: at its top it takes them."""
    names = {name.split(":")[0].strip() for found in _NEEDS.findall(text) for name in found.split(",")}
    return (names | {"nnprobe"}) - given(text) - {""}


def given(text: str) -> set[str]:
    """The names that a script makes."""
    return {one or two for one, two in _GIVES.findall(text)}


def styles_in_order(html: str) -> str:
    """The links to style sheets of a document, ours as they follow one another."""
    return _in_order(html, _STYLE, STYLES)


def _in_order(html: str, tag: re.Pattern[str], names: Iterable[str]) -> str:
    """``html`` with the tags of these names, in this order, where the first such tag is; the others are gone."""
    tags = {found[1]: found[0] for found in tag.finditer(html)}
    block = "".join(tags[name] for name in names if name in tags)
    first = iter((block,))
    return tag.sub(lambda _: next(first, ""), html)


def _name(file: Path, folder: Path) -> str:
    return file.relative_to(folder).with_suffix("").as_posix()
