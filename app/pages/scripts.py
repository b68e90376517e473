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
#: Folders of which a page loads its own scripts and no others.
OWN = ("panels", "pages")

_NEEDS = re.compile(r"^  const \{([^}]*)\} = nnprobe;$", re.MULTILINE)
_GIVES = re.compile(r"\bnnprobe\.(\w+) = |\bwindow\.(nnprobe) = ")
_SCRIPT = re.compile(r'<script src="[^"]*/assets/([\w/]+)\.js[^"]*"></script>\s*')
_STYLE = re.compile(r'<link rel="stylesheet" href="[^"]*/assets/styles/(\w+)\.css[^"]*">\s*')


@dataclass(frozen=True)
class Scripts:
    """The scripts of a folder, by their paths in it without the ending: ``player/film``."""

    folder: Path

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All of them, each after those that make what it needs; ValueError where there is no such order."""
        texts = {_name(file, self.folder): file.read_text("utf-8") for file in sorted(self.folder.rglob("*.js"))}
        makers = {name: script for script, text in texts.items() for name in given(text)}
        needs: dict[str, list[str]] = {}
        for script, text in texts.items():
            unknown = needed(text) - set(makers)
            if unknown:
                raise ValueError(f"{script}.js needs {', '.join(sorted(unknown))}, which no script gives.")
            needs[script] = sorted({makers[name] for name in needed(text)} - {script})
        try:
            return tuple(TopologicalSorter(needs).static_order())
        except CycleError as circle:
            raise ValueError(f"Scripts that need one another: {', '.join(map(str, circle.args[1]))}.") from None

    def of_page(self, html: str, own: Mapping[str, Iterable[str]]) -> str:
        """The script tags of a document: ours in their order, of ``panels`` and ``pages`` those named in ``own``."""
        wanted = {f"{folder}/{name}" for folder, names in own.items() for name in names}
        ours = [script for script in self.order if script.split("/")[0] not in OWN or script in wanted]
        return _in_order(html, _SCRIPT, ours)


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
