"""A panel's picture of a film: as a Plotly figure, and as SVG, PNG or PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.figures.studio import FigureError, Studio, open_studio
from app.pages import PAGES
from app.pages.about import caption
from app.store.film_file import read_film
from nnprobe_core.errors import ConfigError
from nnprobe_core.fields import one_of
from nnprobe_core.frame import CHECKPOINTS, FILM, SETTLED, header

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

THEMES = ("light", "dark")
SIDE = (200, 8000)  #: pixels of a figure's side


@dataclass(frozen=True)
class Picture:
    """A panel's picture at one recorded frame.

    Attributes
    ----------
    panel : str
    seq, step : int
        Of the frame that is shown: the one recorded nearest to the step that was asked for.
    plotly : mapping
        ``data`` and ``layout``, as Plotly has them.
    """

    panel: str
    seq: int
    step: int
    plotly: Mapping[str, Any]
    _studio: Studio

    def figure(self) -> Figure:
        """As a Plotly figure."""
        from plotly.graph_objects import Figure

        return Figure(self.plotly)

    def save(self, path: Path, *, scale: float = 2) -> None:
        """Write it as what the file's name ends with: .svg, .png (``scale`` times its pixels) or .pdf."""
        kinds: dict[str, Callable[[], bytes]] = {
            ".svg": lambda: self._studio.svg(self.plotly).encode(),
            ".png": lambda: self._studio.png(self.plotly, scale),
            ".pdf": lambda: self._studio.pdf(self.plotly),
        }
        kind = path.suffix.lower()
        if kind not in kinds:
            raise ConfigError("out", f"a file that ends with {', '.join(kinds)}", str(path))
        path.write_bytes(kinds[kind]())


@contextmanager
def pictures(film: str | Path, *, theme: str = "light", weights: Path | None = None) -> Iterator[Pictures]:
    """The pictures of one film, drawn one after another: ``with pictures("run.film") as of: of("separation")``.

    ``film`` is a file, or the id of a run of this machine's lab or of a shipped film (``preset-default``); ``weights``
    the file of ``nnprobe train --checkpoints`` that goes with a file, for panels that need weights (graph, attack).
    Raises FigureError where there is no Chromium, and what reading a film raises.
    """
    one_of("theme", theme, THEMES)
    tracks = _of_file(Path(film), weights) if Path(film).is_file() else _of_run(str(film))
    if not tracks.get(FILM):
        raise FigureError(f"{film} must hold at least one frame to be drawn.")
    with open_studio(tracks, theme) as studio:
        yield Pictures(studio, header(tracks[FILM][0])["config"])


class Pictures:
    """The panels of one film's page."""

    def __init__(self, studio: Studio, config: Mapping[str, Any]) -> None:
        self._studio, self._config = studio, config
        page = next(page for page in PAGES if page.kind == config.get("kind", "run"))
        self.panels = tuple(panel.name for panel in page.panels)

    def __call__(
        self,
        panel: str,
        step: int | None = None,
        *,
        options: Mapping[str, str] | None = None,
        point: int | None = None,
        width: int = 960,
        height: int = 720,
        font_size: float = 16,
    ) -> Picture:
        """The picture of ``panel`` at the recorded frame nearest to ``step`` (None: the last).

        ``options`` are the panel's own choices, by key; ``point`` is the one that is followed. ConfigError and
        FigureError name what is wrong.
        """
        one_of("panel", panel, self.panels)
        for name, side in (("width", width), ("height", height)):
            if not SIDE[0] <= side <= SIDE[1]:
                raise ConfigError(name, f"from {SIDE[0]} to {SIDE[1]} pixels", side)
        size = {"width": width, "height": height, "fontSize": font_size}
        choices = {key: str(value) for key, value in (options or {}).items()}
        made = self._studio.ask(
            {
                "name": panel,
                "step": step,
                "choices": choices,
                "point": point,
                "size": size,
                "about": caption(self._config),
            }
        )
        return Picture(panel, made["seq"], made["step"], made["figure"], self._studio)


def figure(
    film: str | Path,
    panel: str,
    step: int | None = None,
    *,
    theme: str = "light",
    width: int = 960,
    height: int = 720,
    options: Mapping[str, str] | None = None,
    point: int | None = None,
    weights: Path | None = None,
) -> Figure:
    """What a panel of the page shows of ``film`` at a step, as a Plotly figure; see :func:`pictures`."""
    with pictures(film, theme=theme, weights=weights) as of:
        return of(panel, step, options=options, point=point, width=width, height=height).figure()


def _of_file(path: Path, weights: Path | None) -> dict[str, Sequence[bytes]]:
    tracks: dict[str, Sequence[bytes]] = {FILM: list(read_film(path))}
    if weights is not None:
        tracks[CHECKPOINTS] = list(read_film(weights, CHECKPOINTS))
    return tracks


def _of_run(run: str) -> dict[str, Sequence[bytes]]:
    from app.settings import Settings
    from app.store.logs import open_log

    log = open_log(Settings.from_environment())
    log.status(run)
    return {track: log.range(run, 0, log.last(run, track) + 1, track) for track in (FILM, SETTLED, CHECKPOINTS)}
