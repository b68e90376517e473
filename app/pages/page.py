"""Page: one way of looking at films of one kind. All pages share the frame of ``app/pages/frame.py``."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    first : tuple of str
        Names of the panels it opens with, for who has not chosen others; left out, all of them.
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
    first: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [panel.name for panel in self.panels]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"the panels of {self.name} must be at least one, each with its own name, got {names}.")
        if not set(self.first) <= set(names):
            raise ValueError(f"{self.name} must open with panels of its own, {names}, got {self.first}.")

    def here(self, absent: frozenset[str], device: str) -> Page:
        """This page on a server that trains on ``device``, without the choices ``absent`` in its form."""
        return self if self.form is None else replace(self, form=replace(self.form, absent=absent, device=device))

    @property
    def opens_with(self) -> tuple[str, ...]:
        """Names of the panels that are shown to who has not chosen others."""
        return self.first or tuple(panel.name for panel in self.panels)

    @property
    def prefix(self) -> str:
        """Where Dash's own routes for this page are."""
        return "/" if self.path == "/" else f"{self.path}/"
