"""Page: one way of looking at films of one kind. All pages share the frame of ``app/pages/frame.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from dash.development.base_component import Component

from app.pages.form import Form
from app.pages.presets import Preset
from app.panels.panel import Panel


@dataclass(frozen=True)
class Words:
    """What the page calls what it does: the word on its button, what is going on, and what is counted."""

    act: str = "Train"
    doing: str = "training"
    unit: str = "steps"
    tip: str = "Train this network from its first step"


#: Panels of a row and their relative widths, and the rows' relative heights, by the number of panels.
_GRIDS: Mapping[int, tuple[tuple[float, Sequence[float]], ...]] = {
    1: ((1, (1,)),),
    2: ((1, (1, 1)),),
    3: ((3, (1, 1)), (2, (1,))),
    4: ((1, (1, 1)), (1, (1, 1))),
    5: ((3, (1, 1)), (2, (1, 1, 1))),
    6: ((1, (1, 1, 1)), (1, (1, 1, 1))),
    7: ((3, (1, 1, 1)), (2, (1, 1, 1, 1))),
    8: ((1, (1, 1, 1, 1)), (1, (1, 1, 1, 1))),
    9: ((1, (1, 1, 1)), (1, (1, 1, 1)), (1, (1, 1, 1))),
}


def _usual(count: int) -> Sequence[tuple[float, Sequence[float]]]:
    rows = -(-count // 4)
    return _GRIDS.get(count) or [(1, (1,) * (count * (k + 1) // rows - count * k // rows)) for k in range(rows)]


COLUMNS = 120  #: of the stage's grid; shared among the panels of a row by their widths


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes
    ----------
    name : str
        Also the name of its script, ``assets/pages/<name>.js``, where it has one.
    path : str
        Where it is: ``/`` or ``/<name>``.
    title : str
        The word in the header.
    help : str
        One sentence: what is seen here.
    story : str
        Two or three more, for the help sheet: how one goes about it.
    kind : str
        Of the films it shows (``nnprobe_core.registry.CONFIGS``).
    panels : tuple of Panel
        In their order, which numbers them: 1, 2, ….
    form : Form, optional
        The controls in the rail; a page without one shows films and starts none.
    words : Words
        What it calls what it does.
    score : str
        What the pill beside the state says a number of ("test accuracy"); empty for no pill.
    presets : tuple of Preset
        Ready experiments of its kind.
    eager : bool
        Whether a link that names an experiment but no recorded film starts it at once.
    paces, step : bool
        Whether it offers a pace, and a single step.
    extra : Component, optional
        Below the form in the rail.
    grid : sequence of (height, widths)
        The rows of the overview: relative height, and relative widths of the row's panels. Left out, it follows from
        their number.
    """

    name: str
    path: str
    title: str
    help: str
    kind: str
    panels: tuple[Panel, ...]
    story: str = ""
    form: Form | None = None
    words: Words = Words()
    score: str = ""
    presets: tuple[Preset, ...] = ()
    eager: bool = False
    paces: bool = False
    step: bool = False
    extra: Component | None = None
    grid: Sequence[tuple[float, Sequence[float]]] = ()

    def __post_init__(self) -> None:
        names = [panel.name for panel in self.panels]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"the panels of {self.name} must be at least one, each with its own name, got {names}.")

    def here(self, absent: frozenset[str], device: str) -> Page:
        """This page on a server that trains on ``device``, without the choices ``absent`` in its form."""
        return self if self.form is None else replace(self, form=replace(self.form, absent=absent, device=device))

    @property
    def prefix(self) -> str:
        """Where Dash's own routes for this page are."""
        return "/" if self.path == "/" else f"{self.path}/"

    @cached_property
    def _rows(self) -> Sequence[tuple[float, Sequence[float]]]:
        places = sum(len(widths) for _, widths in self.grid)
        # A grid written for fewer panels is given up for the usual one rather than squeezed.
        return self.grid if places == len(self.panels) else _usual(len(self.panels))

    @property
    def rows(self) -> str:
        """The overview's rows, for CSS."""
        return " ".join(f"minmax(0, {height:g}fr)" for height, _ in self._rows)

    @property
    def spans(self) -> list[int]:
        """How many of the grid's columns each panel takes; those of a row make up all of them."""
        spans: list[int] = []
        for _, widths in self._rows:
            ends = [round(COLUMNS * sum(widths[: k + 1]) / sum(widths)) for k in range(len(widths))]
            spans += [end - start for start, end in zip([0, *ends], ends, strict=False)]
        return spans
